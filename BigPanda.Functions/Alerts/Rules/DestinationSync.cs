namespace BigPanda.Functions.Alerts.Rules;

/// <summary>State of the close in a destination. <c>closing</c> lasts until the destination shows it as closed: accepting the request is not enough.</summary>
public enum SyncState
{
    InSync = 0,
    Closing = 1,

    /// <summary>Waiting for a valid key or setting; not retried until then.</summary>
    Parked = 2,

    /// <summary>No further attempts; the close is a dead letter.</summary>
    Failed = 3,
}

/// <summary>How far a destination has got with our close.</summary>
public sealed record DestinationSync
{
    /// <summary>Why a dropped action is not sent.</summary>
    internal const string Dropped = "it was dropped while the brake held it";

    public static DestinationSync InSync { get; } = new();

    public SyncState State { get; init; }

    /// <summary>Id of the pending close, to tell its outcomes from those of earlier closes.</summary>
    public string? ActionId { get; init; }

    /// <summary>Id of the previous close: an id is used once.</summary>
    public string? LastActionId { get; init; }

    /// <summary>The destination accepted the close: a closing webhook without a comment is then our echo.</summary>
    public bool IsAccepted { get; init; }

    public int Attempts { get; init; }

    /// <summary>Attempt and time of the newest report: an older one is superseded.</summary>
    public int ReportedAttempt { get; init; }
    public DateTimeOffset? ReportedAt { get; init; }

    public string? LastError { get; init; }

    /// <summary>A person decided that the failed close is not sent.</summary>
    public bool IsDropped { get; init; }

    /// <summary>When the next attempt is, after one that failed.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    public bool IsOpen => State is SyncState.Closing or SyncState.Parked;

    /// <summary>Back to in sync; the number of attempts stays visible.</summary>
    public DestinationSync Settle(DateTimeOffset now) => new() { Attempts = Attempts, LastActionId = ActionId ?? LastActionId, UpdatedAt = now };

    /// <summary>The same close again under a new id, so that late outcomes of the earlier one are ignored.</summary>
    public DestinationSync Repeat(string actionId, DateTimeOffset now) =>
        this with
        {
            ActionId = actionId,
            IsAccepted = false,
            IsDropped = false,
            ReportedAttempt = 0,
            ReportedAt = null,
            State = SyncState.Closing,
            UpdatedAt = now,
        };

    public bool IsNewerThan(ActionReported report) =>
        report.Attempt < ReportedAttempt || (report.Attempt == ReportedAttempt && report.At <= ReportedAt);

    /// <summary>State of the close, for the timeline of an alert that stays resolved.</summary>
    public string Outlook => State switch
    {
        SyncState.Failed => "the close failed: try it again, or resolve the alert again",
        SyncState.Parked => "the close is parked until the key or setting is fixed, or the brake released",
        SyncState.Closing => "the incident is being closed",
        _ => "nothing is sent to BigPanda",
    };
}
