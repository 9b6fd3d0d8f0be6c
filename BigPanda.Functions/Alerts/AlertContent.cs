using BigPanda.Functions.Incidents;

namespace BigPanda.Functions.Alerts;

/// <summary>What the newest delivery says about the incident, as the alert shows it.</summary>
public sealed record AlertContent
{
    public static AlertContent Unknown { get; } = new();

    public string Title { get; init; } = "";
    public string? Severity { get; init; }
    public string? IncidentStatus { get; init; }
    public IncidentEnvironment? Environment { get; init; }
    public string? Url { get; init; }
    public bool Flapping { get; init; }
    public bool Snoozed { get; init; }
    public IReadOnlyDictionary<string, TagValue> Tags { get; init; } = new Dictionary<string, TagValue>();
    public IReadOnlyList<AlertDetail> Alerts { get; init; } = [];
    public IReadOnlyList<RelatedChange> RelatedChanges { get; init; } = [];

    /// <summary>What was left out to stay under the table's limits, in words; null when nothing was.</summary>
    public string? Omitted { get; init; }

    public static AlertContent From(Incident incident) => new()
    {
        Title = AlertTitle.Of(incident),
        Severity = Word(incident.Severity),
        IncidentStatus = Word(incident.Status),
        Environment = incident.Environment is { } place ? new IncidentEnvironment(Bounded(place.Id, 256), Bounded(place.Name, 256)) : null,
        Url = Bounded(incident.Url, 2048),
        Flapping = incident.Flapping,
        Snoozed = incident.Snoozed,
        Tags = incident.Tags,
        Alerts = [.. incident.Alerts.Select(AlertDetail.From)],
        RelatedChanges = incident.RelatedChanges,
    };

    /// <summary>BigPanda writes its vocabulary capitalised in samples and in lower case in tables; unknown words are kept.</summary>
    internal static string? Word(string? value) => Bounded(value, 64)?.ToLowerInvariant();

    private static string? Bounded(string? value, int limit) => value is null || value.Length <= limit ? value : value[..limit];
}

public sealed record AlertDetail
{
    public string? Id { get; init; }
    public string? Status { get; init; }
    public string? Source { get; init; }
    public string? Description { get; init; }
    public IReadOnlyDictionary<string, TagValue> Tags { get; init; } = new Dictionary<string, TagValue>();

    public static AlertDetail From(IncidentAlert alert) => new()
    {
        Id = alert.Id,
        Status = AlertContent.Word(alert.Status),
        Source = alert.Source,
        Description = alert.Description,
        Tags = alert.Tags,
    };
}
