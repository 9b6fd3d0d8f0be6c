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
        if (length <= UnitBytes) return ByteShare.Free;
        // A body that is larger than the whole budget is worked on alone.
        var units = Math.Min(Units(length * times), _units);
        if (_limiter.AttemptAcquire(units) is { IsAcquired: true } lease) return new ByteShare(this, lease, units);
        if (patience is null) return new ByteShare(this, await _limiter.AcquireAsync(units, cancellationToken), units);

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var monitor = new WaitMonitor(this, patience, time, waiting);
        try
        {
            return new ByteShare(this, await _limiter.AcquireAsync(units, waiting.Token), units);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _limiter.Dispose();

    private static int Units(long bytes) => (int)((bytes + UnitBytes - 1) / UnitBytes);

    internal void Move() => Volatile.Write(ref _movedAt, time.GetTimestamp());

    internal void Return(RateLimitLease lease, int units)
    {
        Move();
        lease.Dispose();
        relief.Released((long)units * UnitBytes);
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
internal sealed class ByteShare(ByteBudget? budget, RateLimitLease? lease, int units) : IDisposable
{
    public static readonly ByteShare Free = new(null, null, 0);

    private RateLimitLease? _lease = lease;

    /// <summary>The holder gets on: those that wait keep their patience.</summary>
    public void Move() => budget?.Move();

    public void Dispose()
    {
        if (budget is not null && Interlocked.Exchange(ref _lease, null) is { } held) budget.Return(held, units);
    }
}
