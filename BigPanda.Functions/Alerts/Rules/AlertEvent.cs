using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;

namespace BigPanda.Functions.Alerts.Rules;

/// <summary>Something that can change an alert, sent through the queue <c>alert-events</c> in its incident's session.</summary>
/// <param name="MessageId">Deterministic: the same event sent again has the same id.</param>
public abstract record AlertEvent(string IncidentId, string MessageId)
{
    /// <summary>It is news of what was begun for an alert, such as an action's outcome. Once retention has removed that, nothing follows from it.</summary>
    internal bool IsMootWithoutAlert => this is not (IncidentReported or ResolveRequested or CommentRequested);
}

/// <summary>A webhook delivery from BigPanda.</summary>
/// <param name="Fingerprint">A hash of the body; orders deliveries with equal times.</param>
public sealed record IncidentReported(Incident Incident, string SourceId, DateTimeOffset ReceivedAt, ulong Fingerprint, string MessageId)
    : AlertEvent(Incident.Id, MessageId)
{
    /// <summary>The source's title template when the delivery was received; null for the default title.</summary>
    public string? TitleTemplate { get; init; }

    /// <summary>The source uses BigPanda's callback service.</summary>
    public bool WantsCallback { get; init; }

    /// <summary>The delivery's <c>x-bp-*</c> headers, names in lower case: they route pages.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The source has forceOneTime: BigPanda sends only the first share of an incident.</summary>
    public bool IsOneTime { get; init; }
}

/// <summary>A person resolved the alert on our side.</summary>
/// <param name="Seen">The newest fact they can have seen: the resolve is placed right behind it.</param>
public sealed record ResolveRequested(
    string IncidentId, Stamp Seen, string Via, string Actor, string? Comment, DateTimeOffset RequestedAt, string MessageId)
    : AlertEvent(IncidentId, MessageId)
{
    /// <summary>What the previous resolver had seen, when the alert was already resolved here; used in place of <see cref="Seen"/>.</summary>
    public Stamp? SeenBefore { get; init; }

    /// <summary>The severity they saw. Null from an earlier version: the severity when the request is applied counts.</summary>
    public Gravity? SeenGravity { get; init; }
}

/// <summary>A person commented on the alert on our side.</summary>
public sealed record CommentRequested(string IncidentId, string Via, string Actor, string Comment, DateTimeOffset RequestedAt, string MessageId)
    : AlertEvent(IncidentId, MessageId);

/// <summary>The result of an attempt to act in a destination.</summary>
/// <param name="Kind">Of the action.</param>
public sealed record ActionReported(
    string IncidentId, string ActionId, Destination Destination, string Kind, ActionResult Result, int Attempt, string Detail, DateTimeOffset At,
    string MessageId)
    : AlertEvent(IncidentId, MessageId)
{
    /// <summary>
    /// The name of <see cref="Result"/>, which counts where a message has both. The number goes in the next version: the version before reads only that.
    /// </summary>
    [JsonConverter(typeof(JsonStringEnumConverter<ActionResult>))]
    public ActionResult? Outcome { get => Result; init => Result = value ?? Result; }

    /// <summary>The pager's incident, when the attempt has shown it.</summary>
    public PagerIncident? External { get; init; }

    /// <summary>When the next attempt is, for <see cref="ActionResult.Retrying"/>.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The person whose decision it reports; null when the destination's answer is all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Actor { get; init; }

    /// <summary>For <see cref="ActionResult.Failed"/>: a person decided that it is not done.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDropped { get; init; }
}

/// <summary>
/// A close has been pending for as long as a close may be, and the incident had become worse. Scheduled for <paramref name="DueAt"/> as soon as that is
/// known, so that the rule is applied on time even if no other event arrives.
/// </summary>
/// <param name="AskedAt">When the close was decided: identifies it under all its ids.</param>
public sealed record CloseOverdue(string IncidentId, DateTimeOffset AskedAt, DateTimeOffset DueAt, string MessageId) : AlertEvent(IncidentId, MessageId);

/// <summary>The incident and its activities as read from BigPanda's API.</summary>
/// <param name="CloseId">The close being verified; null for the reconciler.</param>
/// <param name="Via">Who read it: <c>verification</c> or <c>reconciler</c>.</param>
/// <param name="ChangedAt">The incident's last change. Comments and late tags change it too.</param>
/// <param name="ReopenedAt">The newest reopen among the activities.</param>
/// <param name="ResolvedAt">The newest resolve among the activities.</param>
/// <param name="ObservedAt">By our clock: shown, never used for order.</param>
public sealed record IncidentObserved(
    string IncidentId, string MessageId, string? CloseId, string Via, bool IsActive, DateTimeOffset? ChangedAt, DateTimeOffset? ReopenedAt, string? ReopenedBy,
    DateTimeOffset? ResolvedAt, DateTimeOffset ObservedAt)
    : AlertEvent(IncidentId, MessageId)
{
    /// <summary>The newest fact of the alert when the incident was read; for the reconciler.</summary>
    public Stamp Seen { get; init; }

    /// <summary>The user, where BigPanda names one.</summary>
    public string? ResolvedBy { get; init; }

    /// <summary>Why BigPanda has no such incident any more; null while it has.</summary>
    public string? Gone { get; init; }
}

/// <summary>What happened to a page in the pager, by whomever.</summary>
/// <param name="Actor">The person; null for an automatic rule.</param>
/// <param name="Text">Of a note; the new assignee or priority; null otherwise.</param>
/// <param name="At">By the pager's clock.</param>
public sealed record PageChanged(
    string IncidentId, string PageId, PageChange Change, string? Actor, string? Text, DateTimeOffset At, string MessageId)
    : AlertEvent(IncidentId, MessageId)
{
    public PagerIncident? External { get; init; }

    /// <summary>Our own event coming back: the pager names our integration as the one who did it.</summary>
    public bool IsOurs { get; init; }

    /// <summary>The policy takes no such change from the pager: it is recorded and has no effect.</summary>
    public bool IsIgnored { get; init; }

    /// <summary>The policy wants an acknowledgement commented in BigPanda.</summary>
    public bool IsCommented { get; init; }

    /// <summary>What the page has shown at least since it was opened, also where no answer to the event that opened it is known. Null when unknown.</summary>
    public ShownFacts? Opening { get; init; }

    /// <summary>Before the pager accepted an event with the newest firing: whoever did it may have seen no more than <see cref="Opening"/>.</summary>
    public bool IsBeforeShown { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<PageChange>))]
public enum PageChange
{
    [JsonStringEnumMemberName("triggered")]
    Triggered = 1,

    [JsonStringEnumMemberName("acknowledged")]
    Acknowledged = 2,

    [JsonStringEnumMemberName("unacknowledged")]
    Unacknowledged = 3,

    [JsonStringEnumMemberName("resolved")]
    Resolved = 4,

    /// <summary>Resolved because its alerts moved into another incident of the pager, which goes on.</summary>
    [JsonStringEnumMemberName("merged")]
    Merged = 5,

    [JsonStringEnumMemberName("reopened")]
    Reopened = 6,

    [JsonStringEnumMemberName("noted")]
    Noted = 7,

    [JsonStringEnumMemberName("assigned")]
    Assigned = 8,

    [JsonStringEnumMemberName("prioritized")]
    Prioritized = 9,
}

/// <summary>A delay or an interval of a destination has ended: its planner looks again.</summary>
public sealed record PlanDue(string IncidentId, DateTimeOffset DueAt, string MessageId) : AlertEvent(IncidentId, MessageId);

public enum ActionResult
{
    /// <summary>BigPanda accepted the request. A comment is done; a close completes later.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted = 0,

    /// <summary>The incident is closed: BigPanda returned 409, or a check showed it.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed = 1,

    /// <summary>The attempt failed; another is scheduled.</summary>
    [JsonStringEnumMemberName("retrying")]
    Retrying = 2,

    /// <summary>The key or a setting is invalid: waits until it is changed.</summary>
    [JsonStringEnumMemberName("parked")]
    Parked = 3,

    /// <summary>A parked action is sent again, or a failed one.</summary>
    [JsonStringEnumMemberName("released")]
    Released = 4,

    /// <summary>No further attempts; the action is a dead letter.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed = 5,
}
