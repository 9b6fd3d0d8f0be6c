using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Vendors.BigPanda.Incidents;

/// <summary>An incident while its body is being read.</summary>
internal sealed class IncidentDraft
{
    public string? Id { get; set; }
    public string? Status { get; set; }
    public string? Severity { get; set; }
    public bool? Active { get; set; }
    public bool? Resolved { get; set; }
    public bool Flapping { get; set; }
    public bool Snoozed { get; set; }
    public DateTimeOffset? SnoozedUntil { get; set; }
    public DateTimeOffset? ChangedOn { get; set; }
    public DateTimeOffset? UpdatedOn { get; set; }
    public string? Url { get; set; }
    public string? EnvironmentId { get; set; }
    public string? EnvironmentName { get; set; }
    public string? Sender { get; set; }
    public string? Comment { get; set; }
    public string? Assignee { get; set; }
    public string? Assigner { get; set; }
    public string? Quota { get; set; }
    public IncidentFields StatedEmpty { get; set; }
    public int AlertsLeftOut { get; set; }
    public Dictionary<string, TagValue> Tags { get; set; } = [];
    public List<IncidentAlert> Alerts { get; set; } = [];
    public List<RelatedChange> RelatedChanges { get; set; } = [];
    public List<IncidentEvent> Events { get; set; } = [];
    public List<IncidentEvent> InnerEvents { get; set; } = [];
    public List<TimeError> TimeErrors { get; } = [];

    /// <summary>An empty tag list counts only with this event: otherwise the webhook's template may omit tags.</summary>
    private bool IsTagRemoved => (Events.Count > 0 ? Events : InnerEvents).Exists(evt => evt.Name == IncidentEvents.TagRemoved);

    public Incident ToIncident() => new()
    {
        Id = Id ?? throw new FormatException("The body has no incident.id. Scan it before reading."),
        Status = Status,
        Severity = Severity,
        Active = Active,
        Resolved = Resolved,
        Flapping = Flapping,
        Snoozed = Snoozed,
        SnoozedUntil = SnoozedUntil,
        ChangedOn = ChangedOn,
        UpdatedOn = UpdatedOn,
        AlertsChangedOn = Alerts.Count == 0 ? null : Alerts.Max(alert => alert.ChangedOn),
        TimeErrors = TimeErrors,
        Url = Url,
        Environment = EnvironmentId is null && EnvironmentName is null ? null : new IncidentEnvironment(EnvironmentId, EnvironmentName),
        Sender = Sender,
        Comment = Comment,
        Assignee = Assignee,
        Assigner = Assigner,
        Quota = Quota,
        StatedEmpty = StatedEmpty & ~(IsTagRemoved ? IncidentFields.None : IncidentFields.Tags),
        AlertsLeftOut = AlertsLeftOut,
        Tags = Tags,
        Alerts = Alerts,
        RelatedChanges = RelatedChanges,
        // BigPanda's sample has them at the top level, its table in the incident, the option that adds them "in the metadata object".
        Events = Events.Count > 0 ? Events : InnerEvents,
    };
}
