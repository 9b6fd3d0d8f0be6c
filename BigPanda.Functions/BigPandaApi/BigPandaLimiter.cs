using Microsoft.Extensions.Options;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>
/// Gives the calls their turns. The rate is cut into slots, each good for one call an interval, and this instance may use those that it
/// holds a lease for (<see cref="CallSlotLeases"/>): so the limit holds for all instances together. An interval is counted from when a
/// call really left. See docs/decisions/0004-closing-in-bigpanda.md.
/// </summary>
public sealed class BigPandaLimiter : IDisposable
{
    private static readonly TimeSpan ReconcilerInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DirectInterval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource<CallTurn>, (CallPriority Priority, long Arrival)> _queue = new();
    private readonly CallSlot[] _slots;
    private readonly TimeSpan _spacing;
    private readonly ITimer _wake;
    private readonly SemaphoreSlim _direct = new(1);
    private Action? _wanted;
    private bool _isClosed;
    private long _arrivals;
    private int _waiting;
    private TimeSpan _nextTurn;
    private TimeSpan _nextReconciler;
    private TimeSpan _nextDirect;
    private TimeSpan _lastUsed;

    public BigPandaLimiter(IOptions<BigPandaOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var rate = options.Value.CallsPerSecond;
        _time = time;
        _start = time.GetTimestamp();
        _slots = [.. Enumerable.Range(0, (int)Math.Ceiling(rate)).Select(_ => new CallSlot())];
        // Never less than a second: then no second holds more calls than there are slots, however their turns fall.
        Interval = TimeSpan.FromSeconds(_slots.Length / rate);
        _spacing = Interval / _slots.Length;
        _wake = time.CreateTimer(_ => Dispatch(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal int SlotCount => _slots.Length;

    /// <summary>Between two calls of one slot.</summary>
    internal TimeSpan Interval { get; }

    /// <summary>The clock of this class: how long it has existed.</summary>
    internal TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Waits for the caller's turn: without a limit of its own, and never an attempt.</summary>
    /// <exception cref="TurnTimeoutException">The caller's patience has ended.</exception>
    internal async Task<CallTurn> TakeAsync(CallClaim claim, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource<CallTurn>(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(turn, claim.Priority);
        try
        {
            await using (claim.Patience.Register(() => turn.TrySetException(new TurnTimeoutException())))
            await using (cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken)))
            {
                return await turn.Task;
            }
        }
        finally
        {
            lock (_gate) _waiting--;
        }
    }

    /// <summary>
    /// For the few calls that must not queue behind the others, nor depend on the tables: readiness, and people who connect a key. At most
    /// one a second, which is what the usual rate leaves below BigPanda's limit.
    /// </summary>
    internal async Task WaitDirectAsync(CancellationToken cancellationToken)
    {
        await _direct.WaitAsync(cancellationToken);
        try
        {
            for (var rest = _nextDirect - Now; rest > TimeSpan.Zero; rest = _nextDirect - Now) await Task.Delay(RoundUp(rest), _time, cancellationToken);
            _nextDirect = Now + DirectInterval;
        }
        finally
        {
            _direct.Release();
        }
    }

    /// <summary>Calls back, once or more, when more slots could be used than are held: at once, or as calls come. Replaces an earlier callback.</summary>
    internal void OnShortage(Action? wanted)
    {
        lock (_gate)
        {
            _wanted = wanted;
            if (IsShort()) wanted?.Invoke();
        }
    }

    /// <summary>How many slots the calls here could use now, and whether there has been any call for them lately.</summary>
    internal SlotDemand Demand()
    {
        lock (_gate)
        {
            var needed = Needed();
            return new SlotDemand(needed, needed == 0 && Now - _lastUsed >= CallSlotLeases.Renewal);
        }
    }

    /// <param name="readyIn">
    /// How long the calls of the slot's holder before may still be counted in BigPanda; null when that is this instance itself.
    /// </param>
    internal void Hold(int number, TimeSpan usableUntil, TimeSpan? readyIn)
    {
        lock (_gate)
        {
            var (slot, now) = (_slots[number], Now);
            // Ours in the table and not here: taken by a write whose answer was lost, perhaps from another instance.
            slot.ReadyAt = Later(slot.ReadyAt, now + (readyIn ?? (slot.UsableUntil > now ? TimeSpan.Zero : Interval)));
            slot.UsableUntil = usableUntil;
        }

        Dispatch();
    }

    /// <summary>False when a call has the slot's turn: then it cannot be released yet.</summary>
    internal bool TryRelease(int number)
    {
        lock (_gate)
        {
            if (_slots[number].IsTaken) return false;
            _slots[number].UsableUntil = TimeSpan.Zero;
            return true;
        }
    }

    /// <summary>No more turns: the process is about to stop. Who waits goes on waiting until it is cancelled: a message given back now would come here again at once.</summary>
    internal void Close()
    {
        lock (_gate) _isClosed = true;
    }

    internal bool TryUse(CallSlot slot)
    {
        bool isUsable;
        lock (_gate)
        {
            var now = Now;
            slot.IsTaken = false;
            isUsable = slot.UsableUntil > now;
            if (isUsable)
            {
                slot.ReadyAt = now + Interval;
                _lastUsed = now;
            }
        }

        Dispatch();
        return isUsable;
    }

    internal void GiveBack(CallSlot slot)
    {
        lock (_gate)
        {
            slot.IsTaken = false;
            // The turn was not used: the next call need not keep a distance to it.
            _nextTurn = Now;
        }

        Dispatch();
    }

    public void Dispose()
    {
        _wake.Dispose();
        _direct.Dispose();
    }

    private void Enqueue(TaskCompletionSource<CallTurn> turn, CallPriority priority)
    {
        lock (_gate)
        {
            _waiting++;
            _queue.Enqueue(turn, (priority, _arrivals++));
        }

        Dispatch();
    }

    private void Dispatch()
    {
        lock (_gate)
        {
            while (!_isClosed && NextPriority() is { } priority)
            {
                var now = Now;
                if (IsShort()) _wanted?.Invoke();
                if (_slots.Where(held => !held.IsTaken && held.UsableUntil > now).MinBy(held => held.ReadyAt) is not { } slot) return;

                var due = Later(slot.ReadyAt, Later(_nextTurn, priority == CallPriority.Reconciler ? _nextReconciler : TimeSpan.Zero));
                if (due > now)
                {
                    _wake.Change(RoundUp(due - now), Timeout.InfiniteTimeSpan);
                    return;
                }

                slot.IsTaken = true;
                if (!_queue.Dequeue().TrySetResult(new CallTurn(this, slot)))
                {
                    slot.IsTaken = false;
                    continue;
                }

                _nextTurn = now + _spacing;
                if (priority == CallPriority.Reconciler) _nextReconciler = now + ReconcilerInterval;
            }
        }
    }

    /// <summary>As many slots as could be used at once.</summary>
    private int Needed() => Math.Min(_slots.Length, _waiting + _slots.Count(slot => slot.IsTaken));

    private bool IsShort() => Needed() > _slots.Count(slot => slot.UsableUntil > Now);

    /// <summary>Of those who still wait.</summary>
    private CallPriority? NextPriority()
    {
        while (_queue.TryPeek(out var turn, out var place))
        {
            if (!turn.Task.IsCompleted) return place.Priority;
            _queue.Dequeue();
        }

        return null;
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>Timers count whole milliseconds.</summary>
    private static TimeSpan RoundUp(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));
}
