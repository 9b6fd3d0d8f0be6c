namespace BigPanda.Functions.Storage;

/// <summary>
/// Gives memory back that large bodies used. The runtime collects the large object heap when it has grown by a share of its size, so garbage piles up during a
/// burst, and after it nothing is allocated that would start a collection.
/// </summary>
public sealed class MemoryRelief : IDisposable
{
    /// <summary>Garbage of large bodies after which a collection starts, in the background.</summary>
    private const long CollectAfterBytes = 64 * 1024 * 1024;

    /// <summary>Less is left to the runtime.</summary>
    private const long CompactAfterBytes = 16 * 1024 * 1024;

    /// <summary>How long there must have been no large body before the heap is compacted, which stops the process for some tens of milliseconds.</summary>
    internal static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    private readonly Action<bool> _collect;
    private readonly ITimer _timer;
    private long _sinceCollect;
    private long _sinceCompact;

    public MemoryRelief(TimeProvider time)
        : this(time, Collect)
    {
    }

    /// <param name="collect">Called with true to compact.</param>
    internal MemoryRelief(TimeProvider time, Action<bool> collect)
    {
        _collect = collect;
        _timer = time.CreateTimer(static relief => ((MemoryRelief)relief!).Compact(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>A large body is done with.</summary>
    internal void Released(long bytes)
    {
        if (Interlocked.Add(ref _sinceCompact, bytes) >= CompactAfterBytes) _timer.Change(Quiet, Timeout.InfiniteTimeSpan);
        if (Interlocked.Add(ref _sinceCollect, bytes) < CollectAfterBytes) return;
        if (Interlocked.Exchange(ref _sinceCollect, 0) >= CollectAfterBytes) _collect(false);
    }

    private void Compact()
    {
        Interlocked.Exchange(ref _sinceCompact, 0);
        Interlocked.Exchange(ref _sinceCollect, 0);
        _collect(true);
    }

    private static void Collect(bool compact)
    {
        if (compact) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        else GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
    }
}
