using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BigPanda.Benchmarks.Load;

namespace BigPanda.Benchmarks.Servers;

/// <summary>A server in a separate process, so that its CPU and memory are measured apart from the load generator's.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private ServerProcess(Process process, Target target)
    {
        _process = process;
        Target = target;
    }

    public Target Target { get; }

    /// <summary>The process's CPU time, without its children's (such as Azurite).</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public int Handles
    {
        get
        {
            _process.Refresh();
            return _process.HandleCount;
        }
    }

    public int Threads
    {
        get
        {
            _process.Refresh();
            return _process.Threads.Count;
        }
    }

    /// <summary>How many messages of the server wait or are in work.</summary>
    public async Task<int> CountWaitingAsync(CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(ServeCommand.Count);
        await _process.StandardInput.FlushAsync(cancellationToken);
        return int.Parse(await _process.StandardOutput.ReadLineAsync(cancellationToken) ?? "", CultureInfo.InvariantCulture);
    }

    public static async Task<ServerProcess> StartAsync(string target, string folder, CancellationToken cancellationToken)
    {
        var process = Process.Start(StartInfo(target, folder)) ?? throw new InvalidOperationException("The server could not be started.");
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(StartsWithin, cancellationToken);
            var where = JsonSerializer.Deserialize<Target>(line ?? throw new InvalidOperationException($"The server {target} has ended."));
            return new ServerProcess(process, where ?? throw new InvalidOperationException($"The server {target} did not print its address."));
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(EndsWithin);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string target, string folder)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is unknown.");
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // With `dotnet program.dll` the process path is dotnet's.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(typeof(ServerProcess).Assembly.Location);
        foreach (var argument in new[] { "serve", target, folder }) start.ArgumentList.Add(argument);
        return start;
    }
}
