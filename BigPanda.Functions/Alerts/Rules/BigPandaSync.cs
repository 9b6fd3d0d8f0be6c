using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules;

/// <summary>State of the close in BigPanda. <c>closing</c> lasts until BigPanda shows the incident as closed: its 202 is only an acceptance.</summary>
public enum SyncState
{
    InSync = 0,
    Closing = 1,

    /// <summary>Waiting for a valid key or setting; not retried until then.</summary>
    Parked = 2,

    /// <summary>No further attempts; the close is a dead letter.</summary>
    Failed = 3,
}

public sealed record BigPandaSync
{
    /// <summary>A close pending for longer counts as failed when the incident gets worse.</summary>
    private static readonly TimeSpan MaxDuration = TimeSpan.FromMinutes(15);

    public static BigPandaSync InSync { get; } = new();

    public SyncState State { get; init; }

    /// <summary>Id of the pending close, to tell its outcomes from those of earlier closes.</summary>
    public string? CloseId { get; init; }

    /// <summary>Id of the previous close: an id is used once.</summary>
    public string? LastCloseId { get; init; }

    /// <summary>The close's comment, reused if the close is sent again.</summary>
    public string? Comment { get; init; }

    /// <summary>BigPanda accepted the close: a closing webhook without a comment is then our echo.</summary>
    public bool IsAccepted { get; init; }

    public int Attempts { get; init; }

    /// <summary>Attempt and time of the newest report: an older one is superseded.</summary>
    public int ReportedAttempt { get; init; }
    public DateTimeOffset? ReportedAt { get; init; }

    public string? LastError { get; init; }

    /// <summary>When the next attempt is, after one that failed.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>When the close was decided.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>What the latest resolver had seen, and its severity.</summary>
    public Stamp Seen { get; init; }
    public Gravity? SeenGravity { get; init; }

    /// <summary>The first delivery after that with a worse incident.</summary>
    public Stamp? WorseSince { get; init; }

    public bool IsOpen => State is SyncState.Closing or SyncState.Parked;

    /// <summary>From when on the pending close counts as not getting through.</summary>
    public DateTimeOffset? OverdueAt => State == SyncState.Closing ? AskedAt + MaxDuration : null;

    /// <summary>Back to in sync; the number of attempts stays visible.</summary>
    public BigPandaSync Settle(DateTimeOffset now) => new() { Attempts = Attempts, LastCloseId = CloseId ?? LastCloseId, UpdatedAt = now };

    /// <summary>The same close again under a new id, so that late outcomes of the earlier one are ignored.</summary>
    public BigPandaSync Repeat(string closeId, DateTimeOffset now) =>
        this with { CloseId = closeId, IsAccepted = false, ReportedAttempt = 0, ReportedAt = null, State = SyncState.Closing, UpdatedAt = now };

    /// <summary>Records the severity that a resolver has seen and accepted; the latest one counts.</summary>
    public BigPandaSync Accept(ResolveRequested request, Gravity current, Stamp contentStamp)
    {
        if (SeenGravity is not null && request.Seen < Seen) return this;
        return (this with { Seen = request.Seen, SeenGravity = request.SeenGravity ?? current, WorseSince = null }).Notice(contentStamp, current);
    }

    /// <summary>Records the first delivery that is worse than what was resolved.</summary>
    public BigPandaSync Notice(Stamp stamp, Gravity gravity) =>
        SeenGravity is { } seen && stamp > Seen && !(WorseSince <= stamp) && gravity.DescribeWorsening(seen) is not null
            ? this with { WorseSince = stamp }
            : this;

    public bool IsNewerThan(ActionReported report) =>
        report.Attempt < ReportedAttempt || (report.Attempt == ReportedAttempt && report.At <= ReportedAt);

    /// <summary>Why the close is not getting through; null while it may.</summary>
    public string? FindObstacle(DateTimeOffset now) => State switch
    {
        SyncState.Failed => $"the close failed ({LastError})",
        SyncState.Parked => $"the close is parked ({LastError})",
        SyncState.Closing when now >= OverdueAt => $"the close has been pending for {(now - AskedAt)?.TotalMinutes:0} minutes",
        SyncState.Closing when NextAttemptAt - AskedAt >= MaxDuration =>
            $"the next attempt to close is at least {MaxDuration.TotalMinutes:0} minutes after the resolve",
        _ => null,
    };

    /// <summary>State of the close, for the timeline of an alert that stays resolved.</summary>
    public string Outlook => State switch
    {
        SyncState.Failed => "the close failed: resolve the alert again to retry",
        SyncState.Parked => "the close is parked until the key or setting is fixed",
        _ => "the incident is being closed",
    };
}
