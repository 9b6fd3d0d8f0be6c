using System.Text.Json;
using BigPanda.Functions.Json;
using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Formats.Azure;

/// <summary>
/// The common alert schema, which action groups send: learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema. One body is one alert.
/// </summary>
internal static class AzureMonitorFormat
{
    private const string CommonSchema = "azureMonitorCommonAlertSchema";
    private const string TurnOn = "Enable the common alert schema on this action of the action group (useCommonAlertSchema).";

    public static MonitorBody Read(ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var reader = ReceivedJson.Open(body);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return MonitorBody.Invalid("$", "must be an object.");
        string? schema = null;
        AzureAlert? alert = null;
        var members = new JsonObjectCursor(ref reader);
        while (members.Next(ref reader, out var name))
        {
            if (name == "schemaId") schema = JsonValues.Name(ref reader);
            else if (name == "data") alert = AzureAlert.Read(ref reader);
            else reader.Skip();
        }

        var isCommon = CommonSchema.Equals(schema, StringComparison.OrdinalIgnoreCase);
        if (alert is null && isCommon) return MonitorBody.Invalid("data.essentials", "is missing.");
        if (alert is null) return MonitorBody.Invalid("schemaId", $"is {Shown(schema)}. {TurnOn}");
        FieldNote[] warnings = isCommon ? [] : [new("schemaId", $"is {Shown(schema)}, not {CommonSchema}: read as that.")];
        return MonitorBody.Of([alert.ToAlert(now)], warnings);
    }

    private static string Shown(string? schema) => schema is null ? "missing" : $"\"{AlertLimits.Cut(schema, 40)}\"";
}
