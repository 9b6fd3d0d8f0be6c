using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules;

/// <summary>A resolve made here that BigPanda does not show yet, whatever the destinations have done about it.</summary>
public sealed record PendingResolve
{
    /// <summary>A close pending for longer counts as failed when the incident gets worse.</summary>
    private static readonly TimeSpan MaxDuration = TimeSpan.FromMinutes(15);

    /// <summary>The close's comment, reused if the close is sent again.</summary>
    public string? Comment { get; init; }

    /// <summary>When the close was decided.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>What the latest resolver had seen, and its severity.</summary>
    public Stamp Seen { get; init; }
    public Gravity? SeenGravity { get; init; }

    /// <summary>The first delivery after that with a worse incident.</summary>
    public Stamp? WorseSince { get; init; }

    /// <summary>From when on the pending close counts as not getting through.</summary>
    public DateTimeOffset? OverdueAt(DestinationSync sync) => sync.State == SyncState.Closing ? AskedAt + MaxDuration : null;

    /// <summary>Records the severity that a resolver has seen and accepted; the latest one counts.</summary>
    public PendingResolve Accept(ResolveRequested request, Gravity current, Stamp contentStamp)
    {
        if (SeenGravity is not null && request.Seen < Seen) return this;
        return (this with { Seen = request.Seen, SeenGravity = request.SeenGravity ?? current, WorseSince = null }).Notice(contentStamp, current);
    }

    /// <summary>Records the first delivery that is worse than what was resolved.</summary>
    public PendingResolve Notice(Stamp stamp, Gravity gravity) =>
        SeenGravity is { } seen && stamp > Seen && !(WorseSince <= stamp) && gravity.DescribeWorsening(seen) is not null
            ? this with { WorseSince = stamp }
            : this;

    /// <summary>Whether a text is the close's comment, however late the close is carried out.</summary>
    public bool Says(string? comment) => Comment is { } ours && Expectation.Of(ours, default).IsMetBy(comment, default);

    /// <summary>Why the close is not getting through; null while it may.</summary>
    public string? FindObstacle(DestinationSync sync, DateTimeOffset now) => sync.State switch
    {
        SyncState.Failed => $"the close failed ({sync.LastError})",
        SyncState.Parked => $"the close is parked ({sync.LastError})",
        SyncState.Closing when now >= OverdueAt(sync) => $"the close has been pending for {(now - AskedAt)?.TotalMinutes:0} minutes",
        SyncState.Closing when sync.NextAttemptAt - AskedAt >= MaxDuration =>
            $"the next attempt to close is at least {MaxDuration.TotalMinutes:0} minutes after the resolve",
        _ => null,
    };
}
