using System.Diagnostics;
using System.Globalization;

namespace BigPanda.Functions.Tests.Worker;

/// <summary>The worker's process, started as the Functions host starts it.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    /// <summary>Only ends a test that has failed: on a busy machine a start has taken half a minute.</summary>
    public static TimeSpan Deadline { get; } = TimeSpan.FromMinutes(2);

    private readonly List<string> _printed = [];
    private readonly Process _process;
    private readonly long _started = TimeProvider.System.GetTimestamp();

    private WorkerProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start) ?? throw new InvalidOperationException("The worker was not started.");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public TimeSpan Age => TimeProvider.System.GetElapsedTime(_started);

    /// <summary>What the worker printed.</summary>
    public string Printed
    {
        get
        {
            lock (_printed) return string.Join(Environment.NewLine, _printed);
        }
    }

    public static WorkerProcess Start(Uri host, IReadOnlyDictionary<string, string> settings)
    {
        var folder = WorkerFiles.Folder;
        var id = Guid.NewGuid().ToString();
        var port = host.Port.ToString(CultureInfo.InvariantCulture);
        const string MaxMessage = "2147483647";
        // The Functions host passes every argument twice, for workers of different versions.
        string[] arguments =
        [
            "BigPanda.Functions.dll",
            "--host", host.Host, "--port", port, "--workerId", id, "--requestId", id, "--grpcMaxMessageLength", MaxMessage,
            "--functions-uri", host.AbsoluteUri, "--functions-worker-id", id, "--functions-request-id", id, "--functions-grpc-max-message-length", MaxMessage,
        ];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var environment = new Dictionary<string, string>(settings)
        {
            ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
            ["FUNCTIONS_APPLICATION_DIRECTORY"] = folder,
            ["FUNCTIONS_WORKER_DIRECTORY"] = folder,
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production",
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new WorkerProcess(start);
    }

    /// <summary>The memory that the process holds now, in MB.</summary>
    public long WorkingSet()
    {
        _process.Refresh();
        return _process.WorkingSet64 / (1024 * 1024);
    }

    /// <summary>Waits for the process to exit and for its output.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Kills the process if it is still running.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_printed) _printed.Add(line);
    }
}
