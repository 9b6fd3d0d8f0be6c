using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Api;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;

namespace BigPanda.Functions.Alerts.Rules;

/// <summary>
/// One alert: everything known about one BigPanda incident. Stored as versioned JSON and changed only by
/// <see cref="AlertLifecycle"/>; the API returns it as <see cref="AlertView"/>.
/// </summary>
public sealed record Alert
{
    public required string IncidentId { get; init; }
    public AlertHistory History { get; init => field = value ?? AlertHistory.Empty; } = AlertHistory.Empty;

    /// <summary>The state that <see cref="History"/> folds to, stored so that readers need not fold.</summary>
    public LifeState Life { get; init; }

    public AlertContent Content { get; init => field = value ?? AlertContent.Unknown; } = AlertContent.Unknown;

    /// <summary>The newest delivery applied to <see cref="Content"/>.</summary>
    public Stamp ContentStamp { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWriting)]
    public DestinationSync BigPanda { get; init => field = value ?? DestinationSync.InSync; } = DestinationSync.InSync;

    /// <summary>The latest resolve made here, until BigPanda shows the incident as closed; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWriting)]
    public PendingResolve? Resolve { get; init; }

    /// <summary>Both, in rows.</summary>
    [JsonInclude]
    internal StoredSync? Sync
    {
        get => StoredSync.Of(BigPanda, Resolve);
        init => (BigPanda, Resolve) = value is null ? (BigPanda, Resolve) : (value.ToSync(), value.ToResolve());
    }

    /// <summary>Null until PagerDuty has to do with the alert.</summary>
    public PagerState? PagerDuty { get; init; }

    /// <summary>Comments in BigPanda that were noticed, to recognise one that comes again; null before the first.</summary>
    public IReadOnlyList<HeardComment>? HeardComments { get; init; }

    /// <summary>Our notes of the last day: the pager sends them back.</summary>
    public IReadOnlyList<Expectation>? ExpectedNotes { get; init; }

    /// <summary>Our comments that BigPanda may still send back by webhook.</summary>
    public IReadOnlyList<Expectation> Expected { get; init => field = value ?? []; } = [];

    /// <summary>What people said here and was sent on, to recognise a request that is made again; null before the first.</summary>
    public IReadOnlyList<SentText>? SentTexts { get; init; }

    /// <summary>Fingerprint of the newest delivery with news; a returned comment of ours is none.</summary>
    public ulong LatestNews { get; init; }

    /// <summary>Number of failed comments: the same text after a failure is a new comment.</summary>
    public int FailedComments { get; init; }

    /// <summary>Ids of the sources that delivered this incident.</summary>
    public IReadOnlyList<string> Sources { get; init => field = value ?? []; } = [];

    /// <summary>Ids of the last messages applied, newest last, to recognise a redelivery.</summary>
    public IReadOnlyList<string> RecentMessages { get; init => field = value ?? []; } = [];

    /// <summary>Number of timeline rows written.</summary>
    public int TimelineLength { get; init; }

    /// <summary>When the status or episode last changed, by our clock.</summary>
    public DateTimeOffset StatusChangedAt { get; init; }

    /// <summary>When the alert last changed, by our clock.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The newest fact that a reader of the alert sees now.</summary>
    public Stamp Seen => ContentStamp > History.Newest ? ContentStamp : History.Newest;

    /// <summary>What a page shows that is made of it now.</summary>
    public ShownFacts Shown => new(Seen) { FiredAt = Life.LastFiredAt };

    /// <summary>What the latest resolver had seen, while BigPanda's close is pending; null otherwise.</summary>
    public Stamp? SeenByResolver => Life.AwaitsClose ? new Stamp(History.SeenByResolver) : null;

    /// <summary>The time of that; null if it has none.</summary>
    internal DateTimeOffset? SeenByResolverAt => History.SeenByResolver.Time;

    public bool IsFiring => Life.Status == AlertStatus.Firing;

    /// <summary>Who has taken the alert on in the pager: of the page that stands for it, and so until that is over.</summary>
    public Acknowledgement? Acknowledgement => PagerDuty?.Latest is { IsOver: false, Acknowledgement: { } taken } ? taken : null;

    /// <summary>A person has taken the firing alert on: in the pager, or in BigPanda, which says neither who nor when.</summary>
    public bool IsAcknowledged => IsFiring && (Acknowledgement is not null || Content.IsAcknowledged);

    /// <summary>When the close counts as not getting through; null unless the incident is worse than what was resolved.</summary>
    public DateTimeOffset? CloseOverdueAt => Life.AwaitsClose && Worsening is not null ? Resolve?.OverdueAt(BigPanda) : null;

    /// <summary>The events that it needs at their times.</summary>
    internal IEnumerable<Reminder> Reminders
    {
        get
        {
            if (CloseOverdueAt is { } overdueAt && Resolve?.AskedAt is { } askedAt) yield return new Reminder(overdueAt, askedAt);
            if (PagerDuty?.DueAt is { } dueAt) yield return new Reminder(dueAt);
        }
    }

    /// <summary>The first delivery that made the incident worse than what was resolved, and how; null if it is not worse.</summary>
    internal (Stamp Since, string How)? Worsening =>
        Resolve is { WorseSince: { } since, SeenGravity: { } seen } && Gravity.Of(Content).DescribeWorsening(seen) is { } how ? (since, how) : null;

    /// <summary>
    /// Why the close with this id must not be sent; null while it is wanted. Check directly before the call: BigPanda has no un-resolve.
    /// </summary>
    public string? FindCloseObjection(string closeId) => this switch
    {
        { IsFiring: true } => $"the alert has fired again, episode {Life.Episode}",
        { BigPanda.State: SyncState.InSync } or { Life.AwaitsClose: false } => "the incident is already closed in BigPanda",
        _ when BigPanda.ActionId != closeId => "a newer close has replaced this one",
        { BigPanda.IsDropped: true } => DestinationSync.Dropped,
        _ => null,
    };
}
