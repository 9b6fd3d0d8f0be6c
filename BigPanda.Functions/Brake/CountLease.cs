namespace BigPanda.Functions.Brake;

/// <summary>
/// Counts ahead, so that a burst costs few writes: each write counts what waits now and an eighth of what this run has used before. Only the last write of a
/// run can have counted what is never used, so at most an eighth too much is counted, and never too little.
/// </summary>
/// <param name="write">Stores a count.</param>
internal sealed class CountLease(Func<int, CancellationToken, Task> write, TimeProvider time) : IDisposable
{
    private const int Share = 8;

    private readonly SemaphoreSlim _gate = new(1);
    private int _waiting;
    private int _left;
    private int _used;
    private long _writtenAt;

    /// <summary>Returns once one more is counted.</summary>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _gate.WaitAsync(cancellationToken);
            try
            {
                if (_left == 0 || time.GetElapsedTime(_writtenAt) >= BrakeStore.CountValid) await WriteAsync(cancellationToken);
                _left--;
                _used++;
            }
            finally
            {
                _gate.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        // What is left has expired: the run is over.
        if (_left > 0) (_left, _used) = (0, 0);
        // Before the write: the row is at least as new.
        var startedAt = time.GetTimestamp();
        var count = Volatile.Read(ref _waiting) + _used / Share;
        await write(count, cancellationToken);
        (_left, _writtenAt) = (count, startedAt);
    }
}
