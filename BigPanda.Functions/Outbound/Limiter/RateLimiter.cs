using BigPanda.Functions.Outbound.Credentials;

namespace BigPanda.Functions.Outbound.Limiter;

/// <summary>
/// Limits the rate of calls. The rate is divided into slots of one call an interval, and an instance uses only the slots it holds a lease for
/// (<see cref="CallSlotLeases"/>), so that the limit holds for all instances together. An interval begins when a call is sent. A pause after a 429
/// stops all calls of the key (<see cref="CallPauses"/>). See docs/decisions/0004-closing-in-bigpanda.md.
/// </summary>
public sealed class RateLimiter : IDisposable
{
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DirectInterval = TimeSpan.FromSeconds(1);

    /// <summary>Every renewal writes a row for each slot, in one transaction.</summary>
    private const int MaxSlots = 20;

    /// <summary>Calls further behind are asked to come again by then, and find out when their turn is.</summary>
    private static readonly TimeSpan LongestPlan = TimeSpan.FromMinutes(10);

    private readonly string _api;
    private readonly int _mostWaiting;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Lock _gate = new();
    private readonly TurnQueue _queue = new();
    private readonly int[] _waiting = new int[Enum.GetValues<CallPriority>().Length];
    private readonly TimeSpan[] _planned = new TimeSpan[Enum.GetValues<CallPriority>().Length];
    private readonly CallSlot[] _slots;
    private readonly TimeSpan _spacing;
    private readonly ITimer _wake;
    private readonly SemaphoreSlim _direct = new(1);
    private Action? _onShortage;
    private bool _isClosed;
    private TimeSpan _nextTurn;
    private TimeSpan _nextIdle;
    private TimeSpan _nextDirect;
    private TimeSpan _lastUsed;
    private ApiCredential? _served;
    private TimeSpan _pausedUntil;
    private bool _isPauseShared = true;

    /// <param name="api">The name of what is called, for people.</param>
    /// <param name="callsPerSecond">For all instances together.</param>
    /// <param name="mostWaiting">
    /// How many calls of messages may wait at once: each keeps a session from other work. Those of a higher priority do not count those below.
    /// </param>
    public RateLimiter(string api, double callsPerSecond, TimeProvider time, int mostWaiting = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(time);
        _api = api;
        _mostWaiting = mostWaiting;
        _time = time;
        _start = time.GetTimestamp();
        _slots = [.. Enumerable.Range(0, Math.Min((int)Math.Ceiling(callsPerSecond), MaxSlots)).Select(_ => new CallSlot())];
        // At least a second for rates up to the number of slots, so that no second has more calls than there are slots.
        Interval = TimeSpan.FromSeconds(_slots.Length / callsPerSecond);
        _spacing = Interval / _slots.Length;
        _wake = time.CreateTimer(_ => Dispatch(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal int SlotCount => _slots.Length;

    /// <summary>The least time between two calls of one slot.</summary>
    internal TimeSpan Interval { get; }

    /// <summary>A monotonic clock that starts with the instance.</summary>
    internal TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Waits for the caller's turn, as long as the claim allows. Waiting is not an attempt.</summary>
    /// <exception cref="TurnTimeoutException">The claim's wait limit was reached, or too many calls wait.</exception>
    internal async Task<CallTurn> TakeAsync(CallClaim claim, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource<CallTurn>(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(turn, claim);
        try
        {
            await using (claim.WaitLimit.Register(() => turn.TrySetException(new TurnTimeoutException(_api))))
            await using (cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken)))
            {
                return await turn.Task;
            }
        }
        finally
        {
            lock (_gate) _waiting[(int)claim.Priority]--;
        }
    }

    /// <summary>
    /// For the few calls that must neither queue nor depend on the tables: readiness checks and PUT /connection. At most one a second, which
    /// the rate has to leave below the limit.
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

    /// <summary>Sets the key that calls are made with. A pause of another key does not apply to it.</summary>
    internal void Serve(ApiCredential credential)
    {
        lock (_gate)
        {
            var isOther = _served is not null && _served.ApiKey != credential.ApiKey;
            _served = credential;
            if (!isOther) return;
            (_pausedUntil, _isPauseShared) = (TimeSpan.Zero, true);
        }

        Dispatch();
    }

    /// <summary>
    /// Pauses the calls of the served key, including those that already have their turn. A longer pause is never shortened, and another key is not paused.
    /// </summary>
    /// <param name="isShared">Whether the other instances can read it.</param>
    /// <returns>Whether the pause ends later than before.</returns>
    internal bool TryPause(ApiCredential credential, TimeSpan time, bool isShared)
    {
        lock (_gate)
        {
            var until = Now + time;
            if (_served?.ApiKey != credential.ApiKey || until <= Later(_pausedUntil, Now)) return false;
            (_pausedUntil, _isPauseShared) = (until, isShared);
            return true;
        }
    }

    /// <summary>The remaining pause of the key's calls.</summary>
    internal TimeSpan GetPauseLeft(ApiCredential credential)
    {
        lock (_gate) return _served?.ApiKey == credential.ApiKey ? Later(_pausedUntil - Now, TimeSpan.Zero) : TimeSpan.Zero;
    }

    /// <summary>The pause that the other instances cannot read yet.</summary>
    internal CallPause? FindUnsharedPause()
    {
        lock (_gate) return !_isPauseShared && _pausedUntil > Now && _served is { } served ? new CallPause(served.ConnectionId, _pausedUntil) : null;
    }

    internal void MarkShared(CallPause pause)
    {
        lock (_gate) _isPauseShared |= _pausedUntil == pause.Until;
    }

    /// <summary>Sets the callback for when more slots could be used than are held; it may run several times, and at once. Null removes it.</summary>
    internal void OnShortage(Action? callback)
    {
        lock (_gate)
        {
            _onShortage = callback;
            if (IsShort()) callback?.Invoke();
        }
    }

    /// <summary>How many slots the waiting calls could use now, and whether none was used lately.</summary>
    internal SlotDemand Demand()
    {
        lock (_gate)
        {
            var needed = Needed();
            return new SlotDemand(needed, needed == 0 && Now - _lastUsed >= CallSlotLeases.Renewal);
        }
    }

    /// <param name="readyIn">
    /// How long the API may still count the previous holder's calls; null when this instance was the holder.
    /// </param>
    internal void Hold(int number, TimeSpan usableUntil, TimeSpan? readyIn)
    {
        lock (_gate)
        {
            var (slot, now) = (_slots[number], Now);
            // Held in the table but unknown here: taken by a write without a response, perhaps from another instance.
            slot.ReadyAt = Later(slot.ReadyAt, now + (readyIn ?? (slot.UsableUntil > now ? TimeSpan.Zero : Interval)));
            slot.UsableUntil = usableUntil;
        }

        Dispatch();
    }

    /// <summary>False while a call has the slot's turn.</summary>
    internal bool TryRelease(int number)
    {
        lock (_gate)
        {
            if (_slots[number].IsTaken) return false;
            _slots[number].UsableUntil = TimeSpan.Zero;
            return true;
        }
    }

    /// <summary>
    /// Gives no more turns: the process is about to stop. Waiting calls wait until they are cancelled: a message released now would be received here again.
    /// </summary>
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
            isUsable = slot.UsableUntil > now && _pausedUntil <= now;
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
            // The turn was not used, so the next call need not be spaced from it.
            _nextTurn = Now;
        }

        Dispatch();
    }

    public void Dispose()
    {
        _wake.Dispose();
        _direct.Dispose();
    }

    private void Enqueue(TaskCompletionSource<CallTurn> turn, CallClaim claim)
    {
        lock (_gate)
        {
            var ahead = _waiting.Take((int)claim.Priority + 1).Sum();
            if (ahead >= _mostWaiting && claim.WaitLimit.CanBeCanceled) throw new TurnTimeoutException(_api, Plan(claim.Priority, ahead));
            _waiting[(int)claim.Priority]++;
            _queue.Enqueue(turn, claim.Priority, claim.Share);
        }

        Dispatch();
    }

    /// <summary>Plans a turn behind those that wait or are planned, as if this instance had the whole rate.</summary>
    /// <returns>How long it is until then.</returns>
    private TimeSpan Plan(CallPriority priority, int ahead)
    {
        var now = Now;
        var free = Later(Later(now, _pausedUntil) + _spacing * ahead, _planned.Take((int)priority + 1).Max());
        _planned[(int)priority] = free + _spacing;
        return free - now < LongestPlan ? free - now : LongestPlan;
    }

    private void Dispatch()
    {
        lock (_gate)
        {
            while (!_isClosed && _queue.FindNext() is { } priority)
            {
                var now = Now;
                if (IsShort()) _onShortage?.Invoke();
                if (_slots.Where(held => !held.IsTaken && held.UsableUntil > now).MinBy(held => held.ReadyAt) is not { } slot) return;

                var due = Later(Later(slot.ReadyAt, _pausedUntil), Later(_nextTurn, priority == CallPriority.Idle ? _nextIdle : TimeSpan.Zero));
                if (due > now)
                {
                    _wake.Change(RoundUp(due - now), Timeout.InfiniteTimeSpan);
                    return;
                }

                slot.IsTaken = true;
                if (_queue.Dequeue(priority)?.TrySetResult(new CallTurn(this, slot)) != true)
                {
                    slot.IsTaken = false;
                    continue;
                }

                _nextTurn = now + _spacing;
                if (priority == CallPriority.Idle) _nextIdle = now + IdleInterval;
            }
        }
    }

    private int Needed() => Math.Min(_slots.Length, _waiting.Sum() + _slots.Count(slot => slot.IsTaken));

    private bool IsShort() => Needed() > _slots.Count(slot => slot.UsableUntil > Now);

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>Timers have a resolution of a millisecond and must not fire early.</summary>
    private static TimeSpan RoundUp(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));
}
