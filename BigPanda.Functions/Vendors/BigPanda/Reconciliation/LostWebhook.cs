using System.Buffers;
using System.Text.Json;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Vendors.BigPanda.Reconciliation;

/// <summary>
/// Writes what BigPanda's API shows of an incident as the <c>incident#new</c> that was lost, so that it is applied like any webhook, by BigPanda's times. The
/// API has other names and fewer members than a webhook; what it lacks, a later webhook fills in.
/// </summary>
internal static class LostWebhook
{
    private static readonly (string Api, string Webhook)[] Incident =
    [
        ("status", "status"), ("severity", "severity"), ("active", "active"), ("flapping", "flapping"), ("start", "startedOn"), ("changed_at", "changedOn"),
        ("updated_at", "updatedOn"),
    ];

    private static readonly (string Api, string Webhook)[] Alert =
    [
        ("id", "id"), ("alert_id", "id"), ("status", "status"), ("description", "description"), ("source_system", "sourceSystem"),
        ("primary_property", "primaryProperty"), ("secondary_property", "secondaryProperty"), ("tags", "tags"), ("changed_at", "changedOn"),
        ("updated_at", "updatedOn"),
    ];

    private static readonly (string Api, string Webhook)[] Tag = [("tag_id", "id"), ("tag_value", "value"), ("tag_name", "name")];

    /// <returns>Null when the response is no object.</returns>
    public static byte[]? Write(string? response, string incidentId, string environmentId) => JsonReading.Read(response, root =>
    {
        if (root.ValueKind != JsonValueKind.Object) return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Readable))
        {
            json.WriteStartObject();
            json.WriteStartObject("incident");
            json.WriteString("id", incidentId);
            Copy(json, root, Incident);
            WriteAlerts(json, root);
            WriteList(json, "incidentTags", JsonReading.Items(root, "incident_tags"), Tag);
            json.WriteEndObject();
            json.WriteStartObject("metadata");
            json.WriteString("environment_id", environmentId);
            json.WriteString("sender", ResolvedVia.Reconciler);
            json.WriteEndObject();
            WriteEvent(json, root);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    });

    /// <summary>Without expansion the API lists only ids.</summary>
    private static void WriteAlerts(Utf8JsonWriter json, JsonElement root)
    {
        var alerts = JsonReading.Items(root, "alerts").Where(alert => JsonReading.Member(alert, "status") is not null).ToList();
        if (alerts.Count > 0) WriteList(json, "alerts", alerts, Alert);
    }

    private static void WriteEvent(Utf8JsonWriter json, JsonElement root)
    {
        json.WriteStartArray("event_types");
        json.WriteStartObject();
        json.WriteString("event", "incident#new");
        Copy(json, root, [("start", "time")]);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<JsonElement> items, (string Api, string Webhook)[] members)
    {
        json.WriteStartArray(name);
        foreach (var item in items.Where(item => item.ValueKind == JsonValueKind.Object))
        {
            json.WriteStartObject();
            Copy(json, item, members);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The first of two names for one member counts.</summary>
    private static void Copy(Utf8JsonWriter json, JsonElement from, (string Api, string Webhook)[] members)
    {
        foreach (var (webhook, value) in members
            .Select(member => (member.Webhook, Value: JsonReading.Member(from, member.Api)))
            .Where(member => member.Value is { ValueKind: not JsonValueKind.Null })
            .DistinctBy(member => member.Webhook))
        {
            json.WritePropertyName(webhook);
            value?.WriteTo(json);
        }
    }
}
