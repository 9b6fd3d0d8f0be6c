namespace BigPanda.Functions.Outbound.Limiter;

/// <summary>The order in which waiting calls get their turn.</summary>
internal enum CallPriority
{
    Urgent = 0,
    High = 1,
    Normal = 2,
    Low = 3,

    /// <summary>Only when nothing else waits, and at most once a second.</summary>
    Idle = 4,
}

/// <summary>A call's priority, and how long its caller can wait for a turn.</summary>
/// <param name="WaitLimit">Ends the wait with a <see cref="TurnTimeoutException"/>.</param>
internal readonly record struct CallClaim(CallPriority Priority, CancellationToken WaitLimit = default)
{
    /// <summary>On whose behalf it is made: those with waiting calls of a priority have the same part of the turns. Usually all are one.</summary>
    public string Share { get => field ?? ""; init; }
}

/// <summary>The right to make one call. Disposed unused, it passes to the next call at once.</summary>
internal sealed class CallTurn(RateLimiter limiter, CallSlot slot) : IDisposable
{
    private bool _isOver;

    /// <summary>Called directly before the call. False when the slot's lease has expired or a pause has begun: the call needs another turn.</summary>
    public bool TryUse()
    {
        _isOver = true;
        return limiter.TryUse(slot);
    }

    public void Dispose()
    {
        if (!_isOver) limiter.GiveBack(slot);
        _isOver = true;
    }
}

/// <summary>No turn came while the message's lock could be renewed, or too many calls wait. Not an attempt: the message returns to the queue.</summary>
/// <param name="after">When to come again; null for at once.</param>
public sealed class TurnTimeoutException(string api, TimeSpan? after = null) : Exception(after is null
    ? $"waited for {api}'s rate limit as long as the message's lock can be renewed"
    : $"too many calls wait for {api}'s rate limit")
{
    public TimeSpan? After { get; } = after;
}
