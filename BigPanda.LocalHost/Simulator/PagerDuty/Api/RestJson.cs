using System.Globalization;
using System.Text.Json.Nodes;
using BigPanda.LocalHost.Simulator.PagerDuty.Account;

namespace BigPanda.LocalHost.Simulator.PagerDuty.Api;

/// <summary>What the REST API and the webhooks show. They share most of it.</summary>
internal static class RestJson
{
    private const string Api = "https://api.pagerduty.com";
    private const string Site = "https://simulated.pagerduty.com";

    public static JsonObject Of(AccountIncident incident) => new()
    {
        ["id"] = incident.Id,
        ["type"] = "incident",
        ["self"] = $"{Api}/incidents/{incident.Id}",
        ["html_url"] = $"{Site}/incidents/{incident.Id}",
        ["summary"] = $"[#{incident.Number}] {incident.Title}",
        ["incident_number"] = incident.Number,
        ["title"] = incident.Title,
        ["status"] = incident.Status,
        ["incident_key"] = incident.Key,
        ["created_at"] = Time(incident.CreatedAt, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        ["service"] = Reference("service_reference", incident.Service.Id, incident.Service.Name, $"services/{incident.Service.Id}"),
        ["assignments"] = new JsonArray([.. incident.Assignees.Select(user => new JsonObject { ["assignee"] = Of(Agent.Of(user)) })]),
        ["last_status_change_at"] = Time(incident.ChangedAt, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        ["last_status_change_by"] = Of(incident.ChangedBy),
        ["urgency"] = "high",
        ["priority"] = Priority(incident),
        ["resolve_reason"] = ResolveReason(incident),
    };

    public static JsonObject Of(AccountAlert alert) => new()
    {
        ["id"] = alert.Id,
        ["type"] = "alert",
        ["summary"] = alert.Summary,
        ["self"] = $"{Api}/alerts/{alert.Id}",
        ["html_url"] = $"{Site}/alerts/{alert.Id}",
        ["status"] = alert.IsOpen ? "triggered" : "resolved",
        ["alert_key"] = alert.Key,
        ["severity"] = alert.Severity,
        ["created_at"] = Time(alert.CreatedAt, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        ["body"] = new JsonObject
        {
            ["type"] = "alert_body",
            ["details"] = alert.Event["payload"]?["custom_details"]?.DeepClone(),
            ["cef_details"] = new JsonObject
            {
                ["dedup_key"] = alert.Key,
                ["client"] = alert.Event["client"]?.DeepClone(),
                ["client_url"] = alert.Event["client_url"]?.DeepClone(),
            },
            ["contexts"] = alert.Event["links"]?.DeepClone() ?? new JsonArray(),
        },
        ["incident"] = Reference("incident_reference", alert.IncidentId, "", $"incidents/{alert.IncidentId}"),
        ["service"] = Reference("service_reference", alert.Service.Id, alert.Service.Name, $"services/{alert.Service.Id}"),
    };

    public static JsonObject Of(AccountNote note) => new()
    {
        ["id"] = note.Id,
        ["user"] = Of(Agent.Of(note.By)),
        ["channel"] = new JsonObject { ["summary"] = "The PagerDuty website or APIs" },
        ["content"] = note.Content,
        ["created_at"] = Time(note.CreatedAt, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
    };

    public static JsonObject Of(AccountUser user) => new()
    {
        ["id"] = user.Id,
        ["type"] = "user",
        ["name"] = user.Name,
        ["email"] = user.Email,
        ["role"] = "user",
        ["summary"] = user.Name,
        ["self"] = $"{Api}/users/{user.Id}",
        ["html_url"] = $"{Site}/users/{user.Id}",
    };

    public static JsonObject? Of(Agent? agent) => agent is null ? null : Reference(agent.Type, agent.Id, agent.Summary, agent.Path);

    public static JsonObject Reference(string type, string id, string summary, string path) => new()
    {
        ["html_url"] = $"{Site}/{path}",
        ["id"] = id,
        ["self"] = $"{Api}/{path}",
        ["summary"] = summary,
        ["type"] = type,
    };

    public static JsonObject? Priority(AccountIncident incident) =>
        incident.Priority is null ? null : Reference("priority_reference", $"P{incident.Priority.ToUpperInvariant()}", incident.Priority, "priorities");

    public static JsonObject? ResolveReason(AccountIncident incident) => incident is not { IsResolved: true, MergedInto: { } into } ? null : new()
    {
        ["type"] = "merge_resolve_reason",
        ["incident"] = Reference("incident_reference", into, "", $"incidents/{into}"),
    };

    public static string Time(DateTimeOffset at, string format) => at.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
}
