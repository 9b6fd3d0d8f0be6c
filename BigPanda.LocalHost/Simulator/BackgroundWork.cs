using System.Collections.Concurrent;

namespace BigPanda.LocalHost.Simulator;

/// <summary>Work that continues after its request, until the simulator stops.</summary>
internal sealed partial class BackgroundWork(ILogger<BackgroundWork> logger, CancellationToken stopping)
{
    private readonly ConcurrentDictionary<Task, byte> _running = new();

    public void Start(Func<CancellationToken, Task> work)
    {
        var task = RunAsync(work);
        _running.TryAdd(task, 0);
        _ = task.ContinueWith(ended => _running.TryRemove(ended, out _), TaskScheduler.Default);
    }

    public Task WhenStoppedAsync() => Task.WhenAll(_running.Keys);

    private async Task RunAsync(Func<CancellationToken, Task> work)
    {
        try
        {
            await Task.Yield();
            await work(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The simulator is stopping.
        }
        catch (Exception e)
        {
            Log.Failed(logger, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Background work of the simulator failed. Its close or webhook is lost")]
        public static partial void Failed(ILogger logger, Exception e);
    }
}
