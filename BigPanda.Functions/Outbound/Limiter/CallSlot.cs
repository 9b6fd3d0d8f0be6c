namespace BigPanda.Functions.Outbound.Limiter;

/// <summary>One slot of the rate as this instance sees it. Times are of the limiter's monotonic clock.</summary>
internal sealed class CallSlot
{
    /// <summary>The end of the lease unless it is renewed; zero when it is not held.</summary>
    public TimeSpan UsableUntil { get; set; }

    /// <summary>The earliest time of the next call: an interval after the last one of any instance.</summary>
    public TimeSpan ReadyAt { get; set; }

    /// <summary>A call has the slot's turn and is not sent yet.</summary>
    public bool IsTaken { get; set; }
}
