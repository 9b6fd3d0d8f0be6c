using System.Globalization;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules.Paging;

public enum PageStatus
{
    /// <summary>The page is to be opened; the pager has not accepted it yet.</summary>
    Opening = 0,

    /// <summary>The pager accepted it.</summary>
    Open = 1,

    /// <summary>The page is to be resolved; the pager has not accepted that yet.</summary>
    Resolving = 2,

    /// <summary>Resolved: by us and accepted, or in the pager.</summary>
    Resolved = 3,
}

/// <summary>One page: an incident of the pager that stands for the firing alert, from its opening until it is resolved.</summary>
public sealed record Page
{
    private const int IdTimeLength = 14;

    /// <summary>Fixed when the page is opened. Not the episode's number: late history renumbers episodes.</summary>
    public required string Id { get; init; }

    /// <summary>What routes it. Fixed: a resolve through another key is dropped by the pager.</summary>
    public required PageKey Key { get; init; }

    /// <summary>By our clock.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>The newest fact that the page is known to show: what a person who resolves it in the pager has seen.</summary>
    public Stamp Shows { get; init; }

    /// <summary>How severe that shows the incident; null while unknown.</summary>
    public Gravity? ShowsGravity { get; init; }

    /// <summary>The same of what was last planned to be shown.</summary>
    public Stamp Planned { get; init; }
    public Gravity? PlannedGravity { get; init; }

    /// <summary>
    /// Fingerprints of what was last planned to be shown, and when that was; 0 when it is not known what the latest action shows. The statuses are apart:
    /// an acknowledgement changes only them.
    /// </summary>
    public ulong Shown { get; init; }
    public ulong ShownStatuses { get; init; }
    public DateTimeOffset? ShownAt { get; init; }

    /// <summary>The pager's severity that was last planned to be shown.</summary>
    public string? Severity { get; init; }

    public PageStatus Status { get; init; }

    /// <summary>Planned in shadow mode: never sent, also not after the mode is changed.</summary>
    public bool IsShadow { get; init; }

    /// <summary>That the incident is acknowledged in BigPanda was passed on, or the pager showed it before.</summary>
    public bool IsAcknowledged { get; init; }

    /// <summary>Of the pager's incident that is open now; null when it is not acknowledged.</summary>
    public Acknowledgement? Acknowledgement { get; init; }

    /// <summary>Of the latest action, and the outcome that was last reported.</summary>
    public string? ActionId { get; init; }
    public int Attempts { get; init; }
    public int ReportedAttempt { get; init; }
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>The latest action is neither accepted nor has it failed.</summary>
    public bool IsPending { get; init; }

    public string? LastError { get; init; }

    /// <summary>Waits for a valid key or setting.</summary>
    public bool IsParked { get; init; }

    /// <summary>No further attempts; the action is a dead letter.</summary>
    public bool HasFailed { get; init; }
    public DateTimeOffset? NextAttemptAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The pager's incident, once known.</summary>
    public PagerIncident? Incident { get; init; }

    /// <summary>The pager's incident of the page before this one, if it was known when this one was opened.</summary>
    public PagerIncident? Previous { get; init; }

    /// <summary>
    /// When it was last opened, when resolved or reopened, and when a person acknowledged it or no longer did, in the pager and by its clock: an older
    /// change comes late.
    /// </summary>
    public DateTimeOffset? TriggeredAt { get; init; }
    public DateTimeOffset? ChangedAt { get; init; }
    public DateTimeOffset? AcknowledgementChangedAt { get; init; }

    public bool IsOver => Status is PageStatus.Resolving or PageStatus.Resolved;

    /// <param name="number">How many pages of the alert were opened, this one included.</param>
    public static string NewId(DateTimeOffset now, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMddHHmmss}-{number}");

    /// <summary>Whether the text has the form of a page's id.</summary>
    public static bool IsId(ReadOnlySpan<char> text) =>
        text.Length > IdTimeLength + 1 && text[IdTimeLength] == '-'
        && text[..IdTimeLength].IndexOfAnyExceptInRange('0', '9') < 0 && text[(IdTimeLength + 1)..].IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>Whether the action with this id is one for this page, other than a note.</summary>
    public bool HasAction(string actionId)
    {
        var first = FirstActionId;
        return actionId.StartsWith(first, StringComparison.Ordinal) && (actionId.Length == first.Length || actionId[first.Length] == '-');
    }

    /// <summary>Of the action that opens it; those of later ones go on with a dash and a number.</summary>
    internal string FirstActionId => $"page-{Id}";

    /// <summary>A new action is its latest; outcomes of earlier ones no longer say how far the page has got.</summary>
    internal Page Begin(string actionId, DateTimeOffset now) => this with
    {
        ActionId = actionId,
        Attempts = 0,
        ReportedAttempt = 0,
        ReportedAt = null,
        IsPending = !IsShadow,
        LastError = null,
        IsParked = false,
        HasFailed = false,
        NextAttemptAt = null,
        UpdatedAt = now,
    };

    /// <summary>It shows at least the facts up to this one.</summary>
    internal Page Showing(Stamp? newest) => newest is { } shown && shown > Shows ? this with { Shows = shown } : this;

    /// <summary>The pager shows it, or has accepted what opens it.</summary>
    internal Page AsOpen() => Status == PageStatus.Opening ? this with { Status = PageStatus.Open } : this;

    /// <summary>A person has reopened it in the pager, or an event of ours that came after its end has opened another incident.</summary>
    internal Page AsReopened() => this with { Status = PageStatus.Open, Acknowledgement = null };

    /// <summary>Nothing more is to be done about it.</summary>
    internal Page AsResolved() => this with
    {
        Status = PageStatus.Resolved,
        IsPending = false,
        IsParked = false,
        HasFailed = false,
        LastError = null,
        NextAttemptAt = null,
    };
}

/// <summary>The integration key of a page, by reference: a key from the connection is a secret and is looked up by its id.</summary>
/// <param name="Id">A fingerprint of the key.</param>
/// <param name="Value">Only a key that came in a tag, which is stored with the alert anyway; never shown.</param>
public sealed record PageKey(string Id, string? Value = null)
{
    // A record prints its members; a key must not reach a log.
    public override string ToString() => Id;
}

/// <param name="Id">The pager's id of its incident.</param>
public sealed record PagerIncident(string Id, string? Url);
