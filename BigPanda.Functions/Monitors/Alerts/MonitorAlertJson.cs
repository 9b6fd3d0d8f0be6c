using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace BigPanda.Functions.Monitors.Alerts;

/// <summary>Writes the body of <c>POST /data/v2/alerts</c>.</summary>
internal static class MonitorAlertJson
{
    // Text in any script stays readable: the JSON is for APIs, never part of a page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="appKey">The source's, when the alert is sent. It is not stored or shown.</param>
    public static byte[] Write(MonitorAlert alert, string? appKey = null)
    {
        var json = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(json, Options)) Write(writer, alert, appKey);
        return json.WrittenSpan.ToArray();
    }

    public static void Write(Utf8JsonWriter writer, MonitorAlert alert, string? appKey = null)
    {
        writer.WriteStartObject();
        WriteText(writer, "app_key"u8, appKey);
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
