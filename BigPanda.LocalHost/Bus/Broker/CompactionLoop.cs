namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>Compacts when a journal file is full and every half minute, for a backlog that was drained without new messages.</summary>
internal sealed partial class CompactionLoop : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly Compactor compactor;
    private readonly ILogger logger;
    private readonly SemaphoreSlim wanted = new(0);
    private readonly CancellationTokenSource stop = new();
    private readonly ITimer timer;
    private readonly Task loop;

    public CompactionLoop(Compactor compactor, TimeProvider time, ILogger logger)
    {
        (this.compactor, this.logger) = (compactor, logger);
        timer = time.CreateTimer(_ => Want(), null, Interval, Interval);
        loop = Task.Run(RunAsync);
    }

    public void Want()
    {
        if (!stop.IsCancellationRequested && wanted.CurrentCount == 0)
            wanted.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        await stop.CancelAsync();
        await loop;
        // The semaphore stays: the journal may be just about to ask once more.
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await wanted.WaitAsync(stop.Token);
                await CompactAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The bus closes.
        }
    }

    private async Task CompactAsync()
    {
        try
        {
            await compactor.RunAsync(stop.Token);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            // Nothing is lost by not compacting; it is tried again.
            Log.Failed(logger, failure);
        }
        catch (ObjectDisposedException)
        {
            // The journal closed first.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The message journal could not be compacted; it will be tried again")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
