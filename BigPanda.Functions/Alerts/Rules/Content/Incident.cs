using System.Collections.ObjectModel;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Alerts.Rules.Content;

/// <summary>
/// A BigPanda incident as sent in one webhook delivery. Only <see cref="Id"/> is guaranteed; times are UTC.
/// Source: docs.bigpanda.io/en/notifications-webhook and docs.bigpanda.io/reference/webhook-incident-object.
/// </summary>
public sealed record Incident
{
    public required string Id { get; init; }
    public string? Status { get; init; }
    public string? Severity { get; init; }
    public bool? Active { get; init; }
    public bool? Resolved { get; init; }
    public bool Flapping { get; init; }
    public bool Snoozed { get; init; }
    public DateTimeOffset? SnoozedUntil { get; init; }
    public DateTimeOffset? ChangedOn { get; init; }
    public DateTimeOffset? UpdatedOn { get; init; }

    /// <summary>The latest change or update of its alerts.</summary>
    public DateTimeOffset? AlertsChangedOn { get; init; }

    /// <summary>The times that were rejected; their members are null.</summary>
    public IReadOnlyList<TimeError> TimeErrors { get; init; } = [];

    public string? Url { get; init; }
    public IncidentEnvironment? Environment { get; init; }
    public string? Sender { get; init; }
    public string? Comment { get; init; }
    public string? Assignee { get; init; }

    /// <summary>Who assigned it. Sent, like the assignee, with BigPanda's option addAssignments.</summary>
    public string? Assigner { get; init; }

    /// <summary>Sent with BigPanda's option quota; its content is undocumented.</summary>
    public string? Quota { get; init; }

    public IReadOnlyDictionary<string, TagValue> Tags { get; init; } = ReadOnlyDictionary<string, TagValue>.Empty;
    public IReadOnlyList<IncidentAlert> Alerts { get; init; } = [];

    /// <summary>Number of alerts beyond <see cref="Alerts"/>. BigPanda's limit is 300 per incident.</summary>
    public int AlertsLeftOut { get; init; }

    public IReadOnlyList<RelatedChange> RelatedChanges { get; init; } = [];
    public IReadOnlyList<IncidentEvent> Events { get; init; } = [];

    /// <summary>Fields that the delivery sent as empty, false or unassigned.</summary>
    public IncidentFields StatedEmpty { get; init; }

    /// <summary>Fields that the delivery has, with a value or empty. The others are unknown, not empty.</summary>
    internal IncidentFields Stated => StatedEmpty
        | If(!string.IsNullOrWhiteSpace(Status), IncidentFields.Status)
        | If(!string.IsNullOrWhiteSpace(Severity), IncidentFields.Severity)
        | If(!string.IsNullOrWhiteSpace(Url), IncidentFields.Url)
        | If(Flapping, IncidentFields.Flapping)
        | If(Snoozed, IncidentFields.Snooze)
        | If(!string.IsNullOrWhiteSpace(Assignee), IncidentFields.Assignee)
        | If(Tags.Count > 0, IncidentFields.Tags)
        | If(Alerts.Count > 0, IncidentFields.Alerts)
        | If(RelatedChanges.Count > 0, IncidentFields.RelatedChanges);

    private static IncidentFields If(bool isStated, IncidentFields field) => isStated ? field : IncidentFields.None;

    /// <summary>By <c>active</c>, else <c>resolved</c>; null where neither is unambiguous.</summary>
    internal bool? Flag => Active ?? !Resolved;

    /// <summary>By the flags, else by <c>status</c>, which is then the incident's.</summary>
    public bool IsActive => Flag ?? Status?.Trim().ToLowerInvariant() is not ("ok" or "resolved" or "closed");
}

public sealed record IncidentEnvironment(string? Id, string? Name);

/// <summary>One alert of the incident. PrimaryProperty and SecondaryProperty are names of tags.</summary>
public sealed record IncidentAlert
{
    public string? Id { get; init; }
    public string? Status { get; init; }
    public string? Source { get; init; }
    public string? Description { get; init; }
    public string? PrimaryProperty { get; init; }
    public string? SecondaryProperty { get; init; }

    /// <summary>The later of its change and its update.</summary>
    public DateTimeOffset? ChangedOn { get; init; }

    public IReadOnlyDictionary<string, TagValue> Tags { get; init; } = ReadOnlyDictionary<string, TagValue>.Empty;
}

/// <summary>A change that BigPanda suspects as the cause.</summary>
public sealed record RelatedChange
{
    public string? Id { get; init; }
    public string? Summary { get; init; }
    public string? Status { get; init; }
    public string? Identifier { get; init; }
    public string? Source { get; init; }
    public string? TicketUrl { get; init; }
    public string? Certainty { get; init; }
    public string? Comment { get; init; }
}

/// <summary>An entry of <c>event_types</c>: why and when BigPanda sent the delivery.</summary>
public sealed record IncidentEvent(string Name, DateTimeOffset? Time);
