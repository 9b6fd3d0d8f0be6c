namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>Compacts when a journal file is full and every half minute, for a backlog that was drained without new messages.</summary>
internal sealed partial class CompactionLoop : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly Compactor _compactor;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _wanted = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _timer;
    private readonly Task _loop;

    public CompactionLoop(Compactor compactor, TimeProvider time, ILogger logger)
    {
        (_compactor, _logger) = (compactor, logger);
        _timer = time.CreateTimer(_ => Want(), null, Interval, Interval);
        _loop = Task.Run(RunAsync);
    }

    public void Want()
    {
        if (!_stop.IsCancellationRequested && _wanted.CurrentCount == 0)
            _wanted.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _stop.CancelAsync();
        await _loop;
        // The semaphore stays: the journal may be just about to ask once more.
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _wanted.WaitAsync(_stop.Token);
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
            await _compactor.RunAsync(_stop.Token);
        }
        catch (Exception failure) when (!_stop.IsCancellationRequested)
        {
            // Nothing is lost by not compacting; it is tried again.
            Log.Failed(_logger, failure);
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
