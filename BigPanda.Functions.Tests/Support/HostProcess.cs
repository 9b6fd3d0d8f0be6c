using System.Diagnostics;
using System.Text.Json;
using BigPanda.LocalHost.Azurite;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Support;

/// <summary>The local host in a separate process, as users start it; it can be killed.</summary>
/// <param name="bigPanda">A BigPanda to call instead of the host's simulator.</param>
/// <param name="settings">App settings, passed in the environment of the process.</param>
internal sealed class HostProcess(string folder, Uri? bigPanda = null, IReadOnlyDictionary<string, string?>? settings = null) : IAsyncDisposable
{
    /// <summary>Processes start slowly on a busy machine.</summary>
    private static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(2);

    private readonly List<string> _printed = [];
    private Process? _process;

    /// <summary>Has the route that makes it fail.</summary>
    public bool TakesFaults { get; init; }

    /// <summary>The output of the host, all its runs together.</summary>
    public string Printed
    {
        get
        {
            lock (_printed) return string.Join(Environment.NewLine, _printed);
        }
    }

    /// <summary>Bytes that the host itself has in memory, without its Azurite: now, and the most since its start.</summary>
    public (long Now, long Most) Memory
    {
        get
        {
            var process = _process ?? throw new InvalidOperationException("The host does not run.");
            process.Refresh();
            return (process.WorkingSet64, process.PeakWorkingSet64);
        }
    }

    private string SetupFile => Path.Combine(folder, Setup.FileName);

    /// <returns>A client of the host, which accepts requests.</returns>
    public async Task<BridgeClient> StartAsync()
    {
        File.Delete(SetupFile);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] simulated = bigPanda is null ? ["--simulator-port", "0"] : ["--bigpanda-url", bigPanda.AbsoluteUri];
        string[] faults = TakesFaults ? ["--faults"] : [];
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "BigPanda.LocalHost.dll"), "--data", folder, "--port", "0", .. simulated, .. faults];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        // It lives too short for profiles of its code to pay.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        _process = Process.Start(start) ?? throw new InvalidOperationException("The host was not started.");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        // A start writes it last.
        var setup = await Eventually.Async(ReadSetupAsync, setup => setup is not null, "the host starts", StartsWithin);
        return new BridgeClient(setup ?? throw new InvalidOperationException("No setup."));
    }

    /// <summary>Kills that process only, at once.</summary>
    public async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _process, null) is not { } process) return;
        process.Kill(entireProcessTree: false);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>Waits for the process to die by itself.</summary>
    /// <returns>False if it still runs after the time.</returns>
    public async Task<bool> TryWaitForEndAsync(TimeSpan time)
    {
        try
        {
            await (_process?.WaitForExitAsync() ?? Task.CompletedTask).WaitAsync(time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Kills the host and waits for its Azurite, which saves its tables and stops when the host is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        using var azurite = AzuriteRecord.Read(Path.Combine(folder, "azurite"))?.FindRunning();
        if (azurite is null) return;
        try
        {
            await azurite.WaitForExitAsync().WaitAsync(Eventually.Deadline);
        }
        catch (TimeoutException)
        {
            azurite.Kill(entireProcessTree: true);
        }
    }

    private async Task<Setup?> ReadSetupAsync()
    {
        // Reads the output to its end: the last lines show the cause.
        if (_process is { HasExited: true } ended) await ended.WaitForExitAsync();
        Assert.False(_process?.HasExited, $"The host ended: {Printed}");
        try
        {
            await using var file = File.OpenRead(SetupFile);
            return await JsonSerializer.DeserializeAsync(file, HostingJson.Default.Setup);
        }
        catch (Exception notYet) when (notYet is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_printed) _printed.Add(line);
    }
}
