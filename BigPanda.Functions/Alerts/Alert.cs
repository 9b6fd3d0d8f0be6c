namespace BigPanda.Functions.Alerts;

public enum AlertStatus
{
    Firing = 1,
    Resolved = 2,
}

/// <summary>
/// One alert: everything known of one BigPanda incident. It is what is stored (as versioned JSON) and what
/// <see cref="AlertLifecycle"/> decides about; what the API shows is <see cref="AlertView"/>.
/// </summary>
public sealed record Alert
{
    public required string IncidentId { get; init; }
    public AlertHistory History { get; init => field = value ?? AlertHistory.Empty; } = AlertHistory.Empty;

    /// <summary>The status that follows from <see cref="History"/>; kept beside it so that readers need not fold.</summary>
    public LifeState Life { get; init; }

    public AlertContent Content { get; init => field = value ?? AlertContent.Unknown; } = AlertContent.Unknown;

    /// <summary>The delivery <see cref="Content"/> was taken from: only a newer one replaces it.</summary>
    public Stamp ContentStamp { get; init; }

    public BigPandaSync Sync { get; init => field = value ?? BigPandaSync.InSync; } = BigPandaSync.InSync;

    /// <summary>Comments of ours that may still come back by webhook.</summary>
    public IReadOnlyList<Expectation> Expected { get; init => field = value ?? []; } = [];

    /// <summary>The alert sources whose deliveries named the incident.</summary>
    public IReadOnlyList<string> Sources { get; init => field = value ?? []; } = [];

    /// <summary>The latest messages applied, newest last: a redelivered one is recognised by them.</summary>
    public IReadOnlyList<string> RecentMessages { get; init => field = value ?? []; } = [];

    /// <summary>Timeline rows written so far; the next one's number.</summary>
    public int TimelineLength { get; init; }

    /// <summary>When the status or episode last changed here, by our clock.</summary>
    public DateTimeOffset StatusChangedAt { get; init; }

    /// <summary>When the alert last changed here.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The newest fact that whoever reads the alert now has seen.</summary>
    public Stamp Seen => ContentStamp > History.Newest ? ContentStamp : History.Newest;

    /// <summary>What was seen for the resolve that this alert shows, while BigPanda's close is awaited; null otherwise.</summary>
    public Stamp? SeenByResolver => Life.AwaitsClose ? new Stamp(History.SeenByResolver) : null;

    public bool IsFiring => Life.Status == AlertStatus.Firing;

    /// <summary>
    /// Why the close of this id must not be sent any more; null while it is wanted. To be asked directly before the call: BigPanda has no
    /// way to take a resolve back.
    /// </summary>
    public string? FindCloseObjection(string closeId) => this switch
    {
        { IsFiring: true } => $"the alert has fired again, episode {Life.Episode}",
        { Sync.State: SyncState.InSync } or { Life.AwaitsClose: false } => "the incident is closed in BigPanda already",
        _ when Sync.CloseId != closeId => "another close has taken its place",
        _ => null,
    };
}
