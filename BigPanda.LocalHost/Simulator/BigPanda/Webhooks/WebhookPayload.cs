using System.Buffers;
using System.Globalization;
using System.Text.Json;
using BigPanda.LocalHost.Simulator.BigPanda.Incidents;

namespace BigPanda.LocalHost.Simulator.BigPanda.Webhooks;

/// <summary>Writes an incident in the form of BigPanda's published Notifications Webhook sample, fields in the sample's order.</summary>
internal static class WebhookPayload
{
    public static byte[] Write(SimulatedIncident incident, IReadOnlyList<string> events, long eventTime, string? comment, Uri simulator)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteIncident(json, incident);
            json.WriteStartObject("links");
            json.WriteString("landingPage", new Uri(simulator, $"/_simulator/incidents/{Uri.EscapeDataString(incident.Id)}").AbsoluteUri);
            json.WriteEndObject();
            WriteTags(json, incident);
            WriteRelatedChanges(json, incident);
            WriteMetadata(json, incident, comment);
            WriteEvents(json, events, eventTime);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteIncident(Utf8JsonWriter json, SimulatedIncident incident)
    {
        json.WriteStartObject("incident");
        json.WriteString("id", incident.Id);
        json.WriteString("status", ApiIncident.Capitalised(incident.Status));
        json.WriteBoolean("active", incident.Active);
        json.WriteString("severity", ApiIncident.Capitalised(incident.Severity));
        json.WriteBoolean("flapping", false);
        json.WriteBoolean("resolved", !incident.Active);
        json.WriteStartObject("snooze");
        json.WriteBoolean("snoozed", incident.Snoozed);
        WriteTime(json, "wake", incident.WakeOn);
        json.WriteBoolean("autoCancel", false);
        json.WriteEndObject();
        json.WriteNumber("startedOn", incident.StartedOn);
        json.WriteNumber("changedOn", incident.ChangedOn);
        json.WriteNumber("updatedOn", incident.UpdatedOn);
        WriteTime(json, "endedOn", incident.EndedOn);
        json.WriteStartArray("alerts");
        for (var i = 0; i < incident.Alerts.Count; i++)
            WriteAlert(json, incident.Alerts[i], host: $"web{i + 1}", check: incident.Title);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteAlert(Utf8JsonWriter json, SimulatedAlert alert, string host, string check)
    {
        json.WriteStartObject();
        json.WriteString("id", alert.Id);
        json.WriteString("status", ApiIncident.Capitalised(alert.Status));
        json.WriteNumber("startedOn", alert.StartedOn);
        WriteTime(json, "endedOn", alert.EndedOn);
        json.WriteNumber("changedOn", alert.ChangedOn);
        json.WriteNumber("updatedOn", alert.UpdatedOn);
        json.WriteBoolean("active", alert.Active);
        json.WriteString("primaryProperty", "host");
        json.WriteString("secondaryProperty", "check");
        json.WriteString("sourceSystem", "nagios.simulator");
        json.WriteString("description", alert.Description);
        json.WriteStartArray("tags");
        WriteNamed(json, "check", check);
        WriteNamed(json, "_cluster", "simulated-prod");
        WriteNamed(json, "run-book", $"https://runbooks.example.com/{host}");
        WriteNamed(json, "host", host);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTags(Utf8JsonWriter json, SimulatedIncident incident)
    {
        json.WriteStartArray("incidentTags");
        foreach (var tag in incident.Tags)
        {
            json.WriteStartObject();
            json.WriteString("id", tag.Id);
            if (tag.Number is { } number)
                json.WriteNumber("value", number);
            else
                json.WriteString("value", tag.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteRelatedChanges(Utf8JsonWriter json, SimulatedIncident incident)
    {
        const string comment = "The host has similar occurrences in both incident tag host and change tag summary";
        const double score = 3.194454072790294;
        json.WriteStartArray("relatedChanges");
        json.WriteStartObject();
        json.WriteBoolean("suggested_by_bigpanda", true);
        json.WriteStartArray("history");
        json.WriteStartObject();
        json.WriteString("updated_at", DateTimeOffset.FromUnixTimeSeconds(incident.StartedOn)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("comment", comment);
        WriteMatch(json);
        json.WriteBoolean("suggested_by_bigpanda", true);
        json.WriteNumber("score", score);
        json.WriteEndObject();
        json.WriteEndArray();
        WriteChange(json, incident);
        json.WriteString("incident_id", incident.Id);
        json.WriteString("comment", comment);
        WriteMatch(json);
        json.WriteNumber("score", score);
        json.WriteNumber("created_at", incident.StartedOn);
        json.WriteNumber("updated_at", incident.StartedOn);
        json.WriteString("id", IncidentLifecycle.DeriveId(incident.Id, "related-change"));
        json.WriteNumber("match_weight_value", 10);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteMatch(Utf8JsonWriter json)
    {
        json.WriteString("match_certainty", "SUSPECT");
        json.WriteString("match_type", "ALGO_RCC");
    }

    private static void WriteChange(Utf8JsonWriter json, SimulatedIncident incident)
    {
        json.WriteStartObject("change");
        json.WriteNull("maintenance_condition");
        json.WriteString("id", IncidentLifecycle.DeriveId(incident.Id, "change"));
        json.WriteString("identifier", "Simulated-001");
        json.WriteString("source_system", "changes.simulator");
        json.WriteStartObject("tags");
        foreach (var (name, value) in ChangeTags)
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteString("ticket_url", "https://tickets.example.com/Simulated-001");
        json.WriteString("summary", "Simulated change");
        json.WriteNumber("end", incident.StartedOn - 60);
        json.WriteNumber("start", incident.StartedOn - 3600);
        json.WriteString("status", "Done");
        json.WriteEndObject();
    }

    private static readonly (string Name, string Value)[] ChangeTags =
    [
        ("team", "Network"), ("assignee", "Engineer"), ("ci", "web1"),
        ("change location", "Simulator"), ("risk impact", "Medium"), ("approval", "Approved"),
    ];

    private static void WriteMetadata(Utf8JsonWriter json, SimulatedIncident incident, string? comment)
    {
        var environment = SimulatedEnvironment.NameOf(incident.EnvironmentId);
        json.WriteStartObject("metadata");
        json.WriteStartObject("sender");
        json.WriteString("name", "Simulator");
        json.WriteString("email", "simulator@example.com");
        json.WriteEndObject();
        json.WriteString("environment", environment);
        json.WriteString("environment_id", incident.EnvironmentId);
        if (comment is not null)
        {
            json.WriteStartObject("comment");
            json.WriteString("comment", comment);
            json.WriteString("environment", environment);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteEvents(Utf8JsonWriter json, IReadOnlyList<string> events, long time)
    {
        json.WriteStartArray("event_types");
        foreach (var name in events)
        {
            json.WriteStartObject();
            json.WriteString("event", name);
            json.WriteNumber("time", time);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteNamed(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("value", value);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, long? time)
    {
        if (time is { } seconds)
            json.WriteNumber(name, seconds);
        else
            json.WriteNull(name);
    }
}
