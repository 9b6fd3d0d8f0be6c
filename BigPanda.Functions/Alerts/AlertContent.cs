using System.Collections.ObjectModel;
using BigPanda.Functions.Incidents;

namespace BigPanda.Functions.Alerts;

/// <summary>What the newest delivery says about the incident, as the alert shows it.</summary>
public sealed record AlertContent
{
    private const string PriorityTag = "itd_priority_";

    public static AlertContent Unknown { get; } = new();

    public string Title { get; init => field = value ?? ""; } = "";
    public string? Severity { get; init; }
    public string? IncidentStatus { get; init; }
    public IncidentEnvironment? Environment { get; init; }
    public string? Url { get; init; }
    public bool Flapping { get; init; }
    public bool Snoozed { get; init; }

    public DateTimeOffset? SnoozedUntil { get; init; }

    /// <summary>The level of BigPanda's priority tag: "1" of <c>itd_priority_1</c>.</summary>
    public string? Priority { get; init; }

    public string? Assignee { get; init; }
    public IReadOnlyDictionary<string, TagValue> Tags { get; init => field = value ?? ReadOnlyDictionary<string, TagValue>.Empty; } = ReadOnlyDictionary<string, TagValue>.Empty;
    public IReadOnlyList<AlertDetail> Alerts { get; init => field = value ?? []; } = [];
    public IReadOnlyList<RelatedChange> RelatedChanges { get; init => field = value ?? []; } = [];

    /// <summary>What was left out to stay under the table's limits, in words; null when nothing was.</summary>
    public string? Omitted { get; init; }

    public static AlertContent From(Incident incident, string? titleTemplate = null) => new()
    {
        Title = AlertTitle.Of(incident, titleTemplate),
        Severity = Word(incident.Severity),
        IncidentStatus = Word(incident.Status),
        Environment = incident.Environment is { } place ? new IncidentEnvironment(Wording.Bounded(place.Id, 256), Wording.Bounded(place.Name, 256)) : null,
        Url = Wording.Bounded(incident.Url, 2048),
        Flapping = incident.Flapping,
        Snoozed = incident.Snoozed,
        SnoozedUntil = incident.Snoozed ? incident.SnoozedUntil : null,
        Priority = PriorityOf(incident.Tags),
        Assignee = Wording.Bounded(incident.Assignee, 200),
        Tags = incident.Tags,
        Alerts = [.. incident.Alerts.Select(AlertDetail.From)],
        RelatedChanges = incident.RelatedChanges,
        Omitted = incident.AlertsLeftOut == 0 ? null : $"{incident.AlertsLeftOut} more alerts are not shown.",
    };

    /// <summary>BigPanda writes its vocabulary capitalised in samples and in lower case in tables; unknown words are kept.</summary>
    internal static string? Word(string? value) => Wording.Bounded(value, 64)?.ToLowerInvariant();

    private static string? PriorityOf(IReadOnlyDictionary<string, TagValue> tags)
    {
        var tag = tags.Keys.Where(name => name.StartsWith(PriorityTag, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.OrdinalIgnoreCase).FirstOrDefault();
        return Wording.Bounded(tag?[PriorityTag.Length..], 64);
    }
}

public sealed record AlertDetail
{
    public string? Id { get; init; }
    public string? Status { get; init; }
    public string? Source { get; init; }
    public string? Description { get; init; }
    public IReadOnlyDictionary<string, TagValue> Tags { get; init => field = value ?? ReadOnlyDictionary<string, TagValue>.Empty; } = ReadOnlyDictionary<string, TagValue>.Empty;

    public static AlertDetail From(IncidentAlert alert) => new()
    {
        Id = alert.Id,
        Status = AlertContent.Word(alert.Status),
        Source = alert.Source,
        Description = alert.Description,
        Tags = alert.Tags,
    };
}
