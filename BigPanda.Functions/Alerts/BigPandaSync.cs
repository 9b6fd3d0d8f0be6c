namespace BigPanda.Functions.Alerts;

/// <summary>How far BigPanda's side is from ours. <c>closing</c> lasts until BigPanda shows the incident as closed: its 202 is not that.</summary>
public enum SyncState
{
    InSync = 0,
    Closing = 1,

    /// <summary>Waiting for a BigPanda key or setting that works; nothing is retried until then.</summary>
    Parked = 2,

    /// <summary>Given up; the close is in the dead-letter queue.</summary>
    Failed = 3,
}

public sealed record BigPandaSync
{
    /// <summary>A close that takes longer is looked at like one that failed.</summary>
    private static readonly TimeSpan MaxDuration = TimeSpan.FromMinutes(15);

    public static BigPandaSync InSync { get; } = new();

    public SyncState State { get; init; }

    /// <summary>Names the close that is under way, so that the outcome of an earlier one is not taken for this one's.</summary>
    public string? CloseId { get; init; }

    /// <summary>The latest close that was under way before: an id is not used twice.</summary>
    public string? LastCloseId { get; init; }

    /// <summary>The comment of the close, for the next one should it have to be repeated.</summary>
    public string? Comment { get; init; }

    /// <summary>BigPanda has taken the close: a closing webhook without a comment is its echo.</summary>
    public bool IsAccepted { get; init; }

    public int Attempts { get; init; }

    /// <summary>The attempt that the newest report of this close was of, and when it was made: what comes later and is older is overtaken.</summary>
    public int ReportedAttempt { get; init; }
    public DateTimeOffset? ReportedAt { get; init; }

    public string? LastError { get; init; }

    /// <summary>When the close is tried again, after an attempt that failed.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>When the close was decided.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>What the latest resolver had seen, and how bad it was.</summary>
    public Stamp Seen { get; init; }
    public Gravity? SeenGravity { get; init; }

    /// <summary>The first delivery since then that shows the incident as worse.</summary>
    public Stamp? WorseSince { get; init; }

    public bool IsOpen => State is SyncState.Closing or SyncState.Parked;

    /// <summary>Both sides agree; how many attempts it took stays to be seen.</summary>
    public BigPandaSync Settle(DateTimeOffset now) => new() { Attempts = Attempts, LastCloseId = CloseId ?? LastCloseId, UpdatedAt = now };

    /// <summary>The same close once more, under an id that no outcome of the earlier one has.</summary>
    public BigPandaSync Repeat(string closeId, DateTimeOffset now) =>
        this with { CloseId = closeId, IsAccepted = false, ReportedAttempt = 0, ReportedAt = null, State = SyncState.Closing, UpdatedAt = now };

    /// <summary>What a resolver has seen is known and was not enough to fire again. The latest sight counts.</summary>
    public BigPandaSync Accept(ResolveRequested request, Gravity current, Stamp contentStamp)
    {
        if (SeenGravity is not null && request.Seen < Seen) return this;
        return (this with { Seen = request.Seen, SeenGravity = request.SeenGravity ?? current, WorseSince = null }).Notice(contentStamp, current);
    }

    /// <summary>Remembers the first delivery that is worse than what was resolved.</summary>
    public BigPandaSync Notice(Stamp stamp, Gravity gravity) =>
        SeenGravity is { } seen && stamp > Seen && !(WorseSince <= stamp) && gravity.DescribeWorsening(seen) is not null ? this with { WorseSince = stamp } : this;

    /// <summary>A later attempt, or a later report of this one, is known.</summary>
    public bool IsNewerThan(ActionReported report) =>
        report.Attempt < ReportedAttempt || (report.Attempt == ReportedAttempt && report.At <= ReportedAt);

    /// <summary>Why the close cannot be counted on, in words; null while it can.</summary>
    public string? FindObstacle(DateTimeOffset now) => State switch
    {
        SyncState.Failed => $"the close has failed ({LastError})",
        SyncState.Parked => $"the close is parked ({LastError})",
        SyncState.Closing when now - AskedAt >= MaxDuration => $"the close has been under way for {(now - AskedAt)?.TotalMinutes:0} minutes",
        SyncState.Closing when NextAttemptAt - AskedAt >= MaxDuration => "the next attempt to close it is a long way off",
        _ => null,
    };

    /// <summary>What comes of the close, for the timeline of an alert that stays resolved.</summary>
    public string Outlook => State switch
    {
        SyncState.Failed => "the close has failed: resolve the alert again to try it again",
        SyncState.Parked => "the close is parked until the key or setting works",
        _ => "the incident is being closed",
    };
}
