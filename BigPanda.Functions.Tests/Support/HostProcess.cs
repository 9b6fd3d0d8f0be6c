using System.Diagnostics;
using System.Text.Json;
using BigPanda.LocalHost.Azurite;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Support;

/// <summary>The local host as its users start it: a process of its own, which can be killed.</summary>
/// <param name="bigPanda">A BigPanda to call instead of the host's own simulator.</param>
/// <param name="settings">App settings, which the process gets in its environment.</param>
internal sealed class HostProcess(string folder, Uri? bigPanda = null, IReadOnlyDictionary<string, string?>? settings = null) : IAsyncDisposable
{
    private readonly List<string> _printed = [];
    private Process? _process;

    /// <summary>What the host printed, all its runs together.</summary>
    public string Printed
    {
        get
        {
            lock (_printed) return string.Join(Environment.NewLine, _printed);
        }
    }

    private string SetupFile => Path.Combine(folder, Setup.FileName);

    /// <returns>A client of the host, which takes requests.</returns>
    public async Task<BridgeClient> StartAsync()
    {
        File.Delete(SetupFile);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] simulated = bigPanda is null ? ["--simulator-port", "0"] : ["--bigpanda-url", bigPanda.AbsoluteUri];
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "BigPanda.LocalHost.dll"), "--data", folder, "--port", "0", .. simulated];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        _process = Process.Start(start) ?? throw new InvalidOperationException("The host was not started.");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        // It is the last thing a start writes.
        var setup = await Eventually.Async(ReadSetupAsync, setup => setup is not null, $"the host starts{Environment.NewLine}{Printed}");
        return new BridgeClient(setup ?? throw new InvalidOperationException("No setup."));
    }

    /// <summary>Ends that process and nothing else, at once.</summary>
    public async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _process, null) is not { } process) return;
        process.Kill(entireProcessTree: false);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>Kills the host and waits for its Azurite, which saves and ends when its host is gone.</summary>
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
        // To its end: what it printed last says why.
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
