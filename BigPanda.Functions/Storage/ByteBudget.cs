using System.Threading.RateLimiting;

namespace BigPanda.Functions.Storage;

/// <summary>Bounds the bytes of large bodies in memory: beyond the bound a caller waits for a share, in order of arrival. Small bodies need none.</summary>
/// <param name="bytes">All shares together.</param>
public sealed class ByteBudget(long bytes, MemoryRelief relief, TimeProvider time) : IDisposable
{
    /// <summary>The unit of a share; a body of one unit or less needs no share.</summary>
    private const int UnitBytes = 64 * 1024;

    private readonly int _units = Units(bytes);
    private long _movedAt = time.GetTimestamp();

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Units(bytes),
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <param name="length">The length of the body.</param>
    /// <param name="times">How often its bytes are in memory while it is worked on.</param>
    /// <param name="patience">Null to wait until there is a share.</param>
    /// <returns>The share, to dispose; null when the caller lost patience.</returns>
    internal async ValueTask<ByteShare?> TakeAsync(long length, int times, Patience? patience, CancellationToken cancellationToken)
    {
        // A body that is larger than the whole budget is worked on alone.
        var units = Math.Min(UnitsOf(length, times), _units);
        if (units == 0) return ByteShare.Free;
        if (_limiter.AttemptAcquire(units) is { IsAcquired: true } lease) return new ByteShare(this, lease, units, times);
        if (patience is null) return new ByteShare(this, await _limiter.AcquireAsync(units, cancellationToken), units, times);

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var monitor = new WaitMonitor(this, patience, time, waiting);
        try
        {
            return new ByteShare(this, await _limiter.AcquireAsync(units, waiting.Token), units, times);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _limiter.Dispose();

    /// <summary>What a body of this length needs; zero if it needs no share.</summary>
    internal static int UnitsOf(long length, int times) => length <= UnitBytes ? 0 : Units(length * times);

    private static int Units(long bytes) => (int)((bytes + UnitBytes - 1) / UnitBytes);

    internal void Move() => Volatile.Write(ref _movedAt, time.GetTimestamp());

    /// <param name="used">Units of it that were filled: garbage now.</param>
    internal void Return(RateLimitLease lease, int used)
    {
        Move();
        lease.Dispose();
        if (used > 0) relief.Released((long)used * UnitBytes);
    }

    /// <summary>How long a caller waits for its share.</summary>
    /// <param name="Still">While no holder of a share gets on: then the budget is stuck.</param>
    /// <param name="AtMost">While it moves.</param>
    internal sealed record Patience(TimeSpan Still, TimeSpan AtMost);

    /// <summary>Ends the wait of one caller: re-armed while the budget moves, so that the caller keeps its place.</summary>
    private sealed class WaitMonitor : IAsyncDisposable
    {
        private readonly ByteBudget _budget;
        private readonly Patience _patience;
        private readonly TimeProvider _time;
        private readonly CancellationTokenSource _waiting;
        private readonly long _began;
        private readonly ITimer _timer;

        public WaitMonitor(ByteBudget budget, Patience patience, TimeProvider time, CancellationTokenSource waiting)
        {
            (_budget, _patience, _time, _waiting, _began) = (budget, patience, time, waiting, time.GetTimestamp());
            _timer = time.CreateTimer(static monitor => ((WaitMonitor)monitor!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(patience.Still, Timeout.InfiniteTimeSpan);
        }

        public ValueTask DisposeAsync() => _timer.DisposeAsync();

        private void Check()
        {
            var waited = _time.GetElapsedTime(_began);
            var still = _time.GetElapsedTime(Math.Max(_began, Volatile.Read(ref _budget._movedAt)));
            if (still >= _patience.Still || waited >= _patience.AtMost) _waiting.Cancel();
            else _timer.Change(Shorter(_patience.Still - still, _patience.AtMost - waited), Timeout.InfiniteTimeSpan);
        }

        private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
    }
}

/// <summary>A share of a budget, to dispose when the body is done with.</summary>
internal sealed class ByteShare(ByteBudget? budget, RateLimitLease? lease, int units, int times) : IDisposable
{
    public static readonly ByteShare Free = new(null, null, 0, 0);

    private RateLimitLease? _lease = lease;
    private int _used = units;

    /// <summary>The holder gets on: those that wait keep their patience.</summary>
    public void Move() => budget?.Move();

    /// <summary>The body has been read: the share that one of unknown length took is returned if this one needs none.</summary>
    public void Fit(long length)
    {
        Move();
        _used = Math.Min(ByteBudget.UnitsOf(length, times), _used);
        if (_used == 0) Dispose();
    }

    public void Dispose()
    {
        if (budget is not null && Interlocked.Exchange(ref _lease, null) is { } held) budget.Return(held, _used);
    }
}
