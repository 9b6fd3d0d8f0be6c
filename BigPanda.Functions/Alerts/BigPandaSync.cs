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
    public static BigPandaSync InSync { get; } = new();

    public SyncState State { get; init; }

    /// <summary>Names the close that is under way, so that the outcome of an earlier one is not taken for this one's.</summary>
    public string? CloseId { get; init; }

    /// <summary>The comment of that close, for the next one should it have to be repeated.</summary>
    public string? Comment { get; init; }

    /// <summary>BigPanda has taken the close: a closing webhook without a comment is its echo.</summary>
    public bool IsAccepted { get; init; }

    public int Attempts { get; init; }
    public string? LastError { get; init; }

    /// <summary>When the close is tried again, after an attempt that failed.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Both sides agree; how many attempts it took stays to be seen.</summary>
    public BigPandaSync Settled(DateTimeOffset now) => new() { Attempts = Attempts, UpdatedAt = now };

    public bool IsOpen => State is SyncState.Closing or SyncState.Parked;
}
