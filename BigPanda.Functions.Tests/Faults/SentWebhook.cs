using System.Text.Json;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>The fields of a BigPanda webhook that the expected alert is computed from; texts in lower case, as the bridge stores them.</summary>
internal sealed record SentWebhook(string IncidentId, byte[] Body)
{
    public required long ChangedOn { get; init; }
    public required bool Active { get; init; }
    public required string Status { get; init; }
    public required string Severity { get; init; }
    public required bool Snoozed { get; init; }
    public required string? Owner { get; init; }
    public required IReadOnlyList<string> Events { get; init; }

    public bool Fires => Events.Contains("incident#new") || Events.Contains("incident#reopen");

    public static SentWebhook Read(byte[] body)
    {
        var json = JsonElement.Parse(body);
        var incident = json.GetProperty("incident");
        return new SentWebhook(Text(incident, "id"), body)
        {
            ChangedOn = Math.Max(incident.GetProperty("changedOn").GetInt64(), incident.GetProperty("updatedOn").GetInt64()),
            Active = incident.GetProperty("active").GetBoolean(),
            Status = Text(incident, "status").ToLowerInvariant(),
            Severity = Text(incident, "severity").ToLowerInvariant(),
            Snoozed = incident.GetProperty("snooze").GetProperty("snoozed").GetBoolean(),
            Owner = json.GetProperty("incidentTags").EnumerateArray()
                .Where(tag => Text(tag, "id") == "itd_owner_1").Select(tag => Text(tag, "value")).FirstOrDefault(),
            Events = [.. json.GetProperty("event_types").EnumerateArray().Select(evt => Text(evt, "event"))],
        };
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";
}
