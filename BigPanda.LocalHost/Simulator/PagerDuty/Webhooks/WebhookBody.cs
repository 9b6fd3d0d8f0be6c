using System.Text.Json;
using System.Text.Json.Nodes;
using BigPanda.LocalHost.Simulator.PagerDuty.Account;
using BigPanda.LocalHost.Simulator.PagerDuty.Api;

namespace BigPanda.LocalHost.Simulator.PagerDuty.Webhooks;

/// <summary>The body of a webhook v3, members in the order of captured ones. Source: developer.pagerduty.com/docs/webhooks/webhook-overview.</summary>
internal static class WebhookBody
{
    private const string Milliseconds = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static byte[] Of(AccountEvent happened, string eventId, int trimNotesAt) => Envelope(
        eventId, happened.Type, "incident", happened.At, RestJson.Of(happened.Agent), Client(happened.Event),
        happened.Note is { } note ? Note(happened.Incident, note, trimNotesAt) : Incident(happened.Incident));

    public static byte[] Ping(string eventId, DateTimeOffset at) => Envelope(
        eventId, "pagey.ping", "pagey", at, null, null, new JsonObject { ["message"] = "Hello from your friend Pagey!", ["type"] = "ping" });

    private static byte[] Envelope(
        string eventId, string type, string resource, DateTimeOffset at, JsonObject? agent, JsonObject? client, JsonObject data) =>
        JsonSerializer.SerializeToUtf8Bytes<JsonNode>(
            new JsonObject
            {
                ["event"] = new JsonObject
                {
                    ["id"] = eventId,
                    ["event_type"] = type,
                    ["resource_type"] = resource,
                    ["occurred_at"] = RestJson.Time(at, Milliseconds),
                    ["agent"] = agent,
                    ["client"] = client,
                    ["data"] = data,
                },
            });

    /// <summary>It has no key of its alerts, and no details of them.</summary>
    private static JsonObject Incident(AccountIncident incident) => new()
    {
        ["id"] = incident.Id,
        ["type"] = "incident",
        ["self"] = $"https://api.pagerduty.com/incidents/{incident.Id}",
        ["html_url"] = $"https://simulated.pagerduty.com/incidents/{incident.Id}",
        ["number"] = incident.Number,
        ["status"] = incident.Status,
        ["incident_key"] = incident.Key,
        ["created_at"] = RestJson.Time(incident.CreatedAt, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        ["title"] = incident.Title,
        ["service"] = RestJson.Reference("service_reference", incident.Service.Id, incident.Service.Name, $"services/{incident.Service.Id}"),
        ["assignees"] = new JsonArray([.. incident.Assignees.Select(user => RestJson.Of(Agent.Of(user)))]),
        ["escalation_policy"] = RestJson.Reference("escalation_policy_reference", "PDEFAULT", "Default", "escalation_policies/PDEFAULT"),
        ["teams"] = new JsonArray(),
        ["priority"] = RestJson.Priority(incident),
        ["urgency"] = "high",
        ["conference_bridge"] = null,
        ["resolve_reason"] = RestJson.ResolveReason(incident),
        ["incident_type"] = new JsonObject { ["name"] = "incident_default" },
    };

    private static JsonObject Note(AccountIncident incident, AccountNote note, int trimAt) => new()
    {
        ["incident"] = RestJson.Reference("incident_reference", incident.Id, incident.Title, $"incidents/{incident.Id}"),
        ["id"] = note.Id,
        ["content"] = note.Content.Length <= trimAt ? note.Content : note.Content[..trimAt],
        ["trimmed"] = note.Content.Length > trimAt,
        ["type"] = "incident_note",
    };

    private static JsonObject? Client(JsonObject? sent) => sent?["client"] is null && sent?["client_url"] is null ? null : new()
    {
        ["name"] = sent["client"]?.DeepClone(),
        ["url"] = sent["client_url"]?.DeepClone(),
    };
}
