using System.Buffers;
using System.Text.Json;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Monitors.Alerts;

/// <summary>Writes the body of <c>POST /data/v2/alerts</c>.</summary>
internal static class MonitorAlertJson
{
    /// <returns>The alert without <c>app_key</c>, which is added when it is sent.</returns>
    public static byte[] Write(MonitorAlert alert)
    {
        var json = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(json, JsonWriting.Readable)) Write(writer, alert);
        return json.WrittenSpan.ToArray();
    }

    public static void Write(Utf8JsonWriter writer, MonitorAlert alert)
    {
        writer.WriteStartObject();
        writer.WriteString("status"u8, alert.Status.Name());
        writer.WriteNumber("timestamp"u8, alert.Timestamp);
        WriteText(writer, "incident_identifier"u8, alert.IncidentIdentifier);
        WriteText(writer, "primary_property"u8, alert.PrimaryProperty);
        WriteText(writer, "secondary_property"u8, alert.SecondaryProperty);
        foreach (var (name, value) in alert.Tags)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value.Json, skipInputValidation: true);
        }

        WriteText(writer, "description"u8, alert.Description);
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null) writer.WriteString(name, text);
    }
}
