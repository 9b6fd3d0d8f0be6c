using System.Collections.ObjectModel;

namespace BigPanda.Functions.Incidents;

/// <summary>
/// A BigPanda incident as one webhook delivery shows it. Only <see cref="Id"/> is certain; times are UTC.
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

    /// <summary>The newest change or update of its alerts.</summary>
    public DateTimeOffset? AlertsChangedOn { get; init; }

    /// <summary>The times that do not count, and are null here.</summary>
    public IReadOnlyList<TimeError> TimeErrors { get; init; } = [];

    public string? Url { get; init; }
    public IncidentEnvironment? Environment { get; init; }
    public string? Sender { get; init; }
    public string? Comment { get; init; }
    public string? Assignee { get; init; }

    /// <summary>Who assigned it: with BigPanda's option addAssignments, as the assignee.</summary>
    public string? Assigner { get; init; }

    /// <summary>BigPanda's option of that name, as it came: what is in it is not documented.</summary>
    public string? Quota { get; init; }

    public IReadOnlyDictionary<string, TagValue> Tags { get; init; } = ReadOnlyDictionary<string, TagValue>.Empty;
    public IReadOnlyList<IncidentAlert> Alerts { get; init; } = [];

    /// <summary>How many alerts there were beyond <see cref="Alerts"/>: BigPanda puts 300 in an incident at most.</summary>
    public int AlertsLeftOut { get; init; }

    public IReadOnlyList<RelatedChange> RelatedChanges { get; init; } = [];
    public IReadOnlyList<IncidentEvent> Events { get; init; } = [];

    /// <summary>What the delivery says is empty, false or unassigned. Whatever has a value here is said by that.</summary>
    public IncidentFields StatedEmpty { get; init; }

    /// <summary>What the delivery says something of. The rest is unknown to it, and not empty.</summary>
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

    private static IncidentFields If(bool isSaid, IncidentFields field) => isSaid ? field : IncidentFields.None;

    /// <summary>By <c>active</c>, else <c>resolved</c>, else <c>status</c>, which is then the incident's.</summary>
    public bool IsActive => Active ?? (Resolved is { } resolved ? !resolved : Status?.Trim().ToLowerInvariant() is not ("ok" or "resolved" or "closed"));
}

public sealed record IncidentEnvironment(string? Id, string? Name);

/// <summary>One monitoring event group inside the incident. The properties name the tags that hold their values.</summary>
public sealed record IncidentAlert
{
    public string? Id { get; init; }
    public string? Status { get; init; }
    public string? Source { get; init; }
    public string? Description { get; init; }
    public string? PrimaryProperty { get; init; }
    public string? SecondaryProperty { get; init; }

    /// <summary>Its change or its update, whichever is later.</summary>
    public DateTimeOffset? ChangedOn { get; init; }

    public IReadOnlyDictionary<string, TagValue> Tags { get; init; } = ReadOnlyDictionary<string, TagValue>.Empty;
}

/// <summary>A change BigPanda suspects to be the cause.</summary>
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

/// <summary>An entry of <c>event_types</c>: what made BigPanda send the delivery, and when.</summary>
public sealed record IncidentEvent(string Name, DateTimeOffset? Time);
