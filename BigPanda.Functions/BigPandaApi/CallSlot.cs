namespace BigPanda.Functions.BigPandaApi;

/// <summary>This instance's view of one share of the rate. Times are by the limiter's own monotonic clock.</summary>
internal sealed class CallSlot
{
    /// <summary>When the lease may no longer be used, unless it is renewed; zero when it is not held.</summary>
    public TimeSpan UsableUntil { get; set; }

    /// <summary>The next call's time: an interval after the one before it, whoever made that.</summary>
    public TimeSpan ReadyAt { get; set; }

    /// <summary>A call has the slot's turn and has not left yet.</summary>
    public bool IsTaken { get; set; }
}
