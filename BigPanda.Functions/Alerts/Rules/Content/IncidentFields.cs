namespace BigPanda.Functions.Alerts.Rules.Content;

/// <summary>The fields of an incident that are merged one by one. The numbers are stored.</summary>
[Flags]
public enum IncidentFields
{
    None = 0,
    Status = 1,
    Severity = 1 << 1,
    Url = 1 << 2,
    Flapping = 1 << 3,
    Snooze = 1 << 4,
    Assignee = 1 << 5,
    Tags = 1 << 6,
    Alerts = 1 << 7,
    RelatedChanges = 1 << 8,
    All = (1 << 9) - 1,
}
