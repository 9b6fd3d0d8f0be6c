namespace BigPanda.Functions.BigPandaApi;

/// <summary>The order in which waiting calls get their turn.</summary>
internal enum CallPriority
{
    Close = 0,
    Callback = 1,
    Comment = 2,
    Verification = 3,

    /// <summary>Only when nothing else waits, and at most once a second.</summary>
    Reconciler = 4,
}

/// <summary>What a call is for, and how long its caller can wait for a turn.</summary>
/// <param name="Patience">Ends the wait with a <see cref="TurnTimeoutException"/>.</param>
internal readonly record struct CallClaim(CallPriority Priority, CancellationToken Patience = default);

/// <summary>The right to make one call. Disposed without having been used it goes back, and the next call has it at once.</summary>
internal sealed class CallTurn(BigPandaLimiter limiter, CallSlot slot) : IDisposable
{
    private bool _isOver;

    /// <summary>Directly before the call. False when the lease behind the turn has run out meanwhile: then the call needs another turn.</summary>
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

/// <summary>No turn within the time that a message may be kept. It is no attempt: the message goes back to the queue.</summary>
public sealed class TurnTimeoutException() : Exception("more calls wait for BigPanda's rate limit than can be made within the time that a message may be kept");
