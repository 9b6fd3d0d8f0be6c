using BigPanda.Functions.Incidents;

namespace BigPanda.Functions.Alerts;

/// <summary>Something that can change an alert. Every one travels through the queue <c>alert-events</c>, in its incident's session.</summary>
/// <param name="MessageId">The identity of the event: the same event sent again has the same one.</param>
public abstract record AlertEvent(string IncidentId, string MessageId);

/// <summary>A webhook delivery of BigPanda.</summary>
/// <param name="Fingerprint">A hash of the body; orders deliveries that BigPanda's clock cannot tell apart.</param>
public sealed record IncidentReported(Incident Incident, string SourceId, DateTimeOffset ReceivedAt, ulong Fingerprint, string MessageId)
    : AlertEvent(Incident.Id, MessageId)
{
    /// <summary>How the source made titles when the delivery came in; null: as usual.</summary>
    public string? TitleTemplate { get; init; }

    /// <summary>The source uses BigPanda's callback service.</summary>
    public bool WantsCallback { get; init; }

    /// <summary>The source gets the first share of an incident and nothing more.</summary>
    public bool IsOneTime { get; init; }
}

/// <summary>A person resolved the alert on our side.</summary>
/// <param name="Seen">The newest fact about the alert they can have seen: what they resolved is the alert as it was then.</param>
public sealed record ResolveRequested(
    string IncidentId, Stamp Seen, string Via, string Actor, string? Comment, DateTimeOffset RequestedAt, string MessageId)
    : AlertEvent(IncidentId, MessageId)
{
    /// <summary>What was seen for the resolve before, when the alert showed as resolved here: of what BigPanda did since they have seen nothing.</summary>
    public Stamp? SeenBefore { get; init; }

    /// <summary>How bad it was as they saw it. Null from an earlier version: as bad as it is when the request is applied.</summary>
    public Gravity? SeenGravity { get; init; }
}

/// <summary>A person commented on the alert on our side.</summary>
public sealed record CommentRequested(string IncidentId, string Via, string Actor, string Comment, DateTimeOffset RequestedAt, string MessageId)
    : AlertEvent(IncidentId, MessageId);

/// <summary>What came of an attempt to act in BigPanda.</summary>
public sealed record ActionReported(
    string IncidentId, string ActionId, ActionResult Result, int Attempt, string Detail, DateTimeOffset At, string MessageId)
    : AlertEvent(IncidentId, MessageId)
{
    /// <summary>When the action is tried again, if it is <see cref="ActionResult.Retrying"/>.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
}

/// <summary>The incident as BigPanda showed it when asked, with its activities read.</summary>
/// <param name="CloseId">The close it was asked for; null when no close was under way.</param>
/// <param name="Via">Who asked: <c>verification</c>.</param>
/// <param name="ChangedAt">The incident's last change. Comments and late tags move it, too.</param>
/// <param name="ReopenedAt">The newest reopen among the activities.</param>
/// <param name="ResolvedAt">The newest resolve among the activities.</param>
/// <param name="ObservedAt">By our clock: for people to read, not for the order of things.</param>
public sealed record IncidentObserved(
    string IncidentId, string MessageId, string? CloseId, string Via, bool IsActive, DateTimeOffset? ChangedAt, DateTimeOffset? ReopenedAt, string? ReopenedBy,
    DateTimeOffset? ResolvedAt, DateTimeOffset ObservedAt)
    : AlertEvent(IncidentId, MessageId);

public enum ActionResult
{
    /// <summary>BigPanda took the request. A comment is there; a close comes later.</summary>
    Accepted = 0,

    /// <summary>The incident is closed: BigPanda says so with 409, or when asked.</summary>
    Closed = 1,

    /// <summary>Not now: another attempt is scheduled.</summary>
    Retrying = 2,

    /// <summary>The key or a setting is at fault: waits until that is changed.</summary>
    Parked = 3,

    /// <summary>A parked action has been sent again.</summary>
    Released = 4,

    /// <summary>Given up.</summary>
    Failed = 5,
}
