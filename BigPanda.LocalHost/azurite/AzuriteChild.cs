using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace BigPanda.LocalHost.Azurite;

/// <summary>One run of serve.mjs. Closing the pipe on its stdin makes Azurite save and end.</summary>
internal sealed class AzuriteChild : IDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SavesWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ObeysWithin = TimeSpan.FromSeconds(3);

    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly LastLines _printed = new(20);
    private Task<string>? _ended;
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AzuriteChild(AzuriteOptions options, int port, TimeProvider time)
    {
        _time = time;
        Port = port;
        _process = new Process { StartInfo = StartInfo(options, port) };
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.ErrorDataReceived += (_, line) => OnLine(line.Data);
    }

    public int Port { get; }

    public AzuriteRecord Record => AzuriteRecord.Of(_process, Port);

    public static async Task<AzuriteChild> StartAsync(AzuriteOptions options, int port, TimeProvider time, CancellationToken ct)
    {
        var child = new AzuriteChild(options, port, time);
        try
        {
            child.Start();
            await child.WaitUntilListeningAsync(ct);
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>Completes when the process has ended, with a sentence that says how.</summary>
    public Task<string> Ended => _ended ?? throw new InvalidOperationException("Azurite was not started.");

    public async Task StopAsync(CancellationToken ct)
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The process has already ended, and its end of the pipe with it.
        }

        if (await EndsWithinAsync(SavesWithin, ct))
            return;
        if (UnixSignal.TrySend(_process.Id, UnixSignal.Interrupt) && await EndsWithinAsync(ObeysWithin, ct))
            return;
        _process.Kill(entireProcessTree: true);
        await Ended.WaitAsync(ct);
    }

    public void Dispose()
    {
        if (_ended is { IsCompleted: false })
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(AzuriteOptions options, int port)
    {
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        string[] where = options.InMemory ? ["--inMemoryPersistence"] : ["--location", options.Directory];
        string[] arguments =
        [
            AzuriteFolder.FindScript(), .. where, "--silent", "--disableTelemetry", "--skipApiVersionCheck",
            "--tableHost", "127.0.0.1", "--tablePort", port.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }

    private void Start()
    {
        try
        {
            _process.Start();
        }
        catch (Win32Exception)
        {
            throw new LocalHostException("Node.js was not found. Install Node.js 20 or newer: Azurite, the local table storage, needs it.");
        }

        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _ended = ReadEndAsync();
    }

    private async Task<string> ReadEndAsync()
    {
        await _process.WaitForExitAsync();
        return $"Azurite, the local table storage, ended with exit code {_process.ExitCode}. {_printed}";
    }

    private async Task WaitUntilListeningAsync(CancellationToken ct)
    {
        try
        {
            await Task.WhenAny(_listening.Task, Ended).WaitAsync(StartsWithin, _time, ct);
        }
        catch (TimeoutException)
        {
            throw new LocalHostException(
                $"Azurite, the local table storage, did not answer on port {Port} within {StartsWithin.TotalSeconds:0} seconds. {_printed}");
        }

        if (_listening.Task.IsCompleted)
            return;
        var reason = await Ended;
        throw new LocalHostException(reason.Contains("EADDRINUSE", StringComparison.Ordinal)
            ? $"Port {Port} on 127.0.0.1 is taken: Azurite, the local table storage, cannot listen there."
            : reason);
    }

    // Azurite prints this once its socket listens; nothing else distinguishes it from another program on the same port.
    private void OnLine(string? line)
    {
        if (line is null)
            return;
        _printed.Add(line);
        if (line.Contains("successfully started", StringComparison.Ordinal))
            _listening.TrySetResult();
    }

    private async Task<bool> EndsWithinAsync(TimeSpan limit, CancellationToken ct)
    {
        try
        {
            await Ended.WaitAsync(limit, _time, ct);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
