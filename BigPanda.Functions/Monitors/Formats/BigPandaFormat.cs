using System.Text.Json;
using BigPanda.Functions.Json;
using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Formats;

/// <summary>The body of BigPanda's Alerts API: one flat alert, or <c>{"alerts": […]}</c>. docs.bigpanda.io/reference/alerts</summary>
internal static class BigPandaFormat
{
    private const string Shape = "one alert, or {\"alerts\": [\u2026]}";

    public static MonitorBody Read(ReadOnlySpan<byte> body, bool flatten, DateTimeOffset now)
    {
        var reader = ReceivedJson.Open(body);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return MonitorBody.Invalid("$", $"must be an object: {Shape}.");
        return FindList(reader, out var list) switch
        {
            0 => MonitorBody.Of([BigPandaAlert.Read(ref reader, 0, flatten, now)]),
            1 when list.TokenType == JsonTokenType.StartArray => ReadList(ref list, flatten, now),
            1 => MonitorBody.Invalid("alerts", "must be a list of alerts."),
            _ => MonitorBody.Invalid("alerts", "appears twice: send one list."),
        };
    }

    /// <summary>Finds the batch, wherever it stands among the members.</summary>
    /// <returns>How many there are.</returns>
    private static int FindList(Utf8JsonReader reader, out Utf8JsonReader list)
    {
        list = default;
        var count = 0;
        var members = new JsonObjectCursor(ref reader);
        while (members.Next(ref reader, out var name))
        {
            if (name == "alerts" && count++ == 0) list = reader;
            reader.Skip();
        }

        return count;
    }

    private static MonitorBody ReadList(ref Utf8JsonReader reader, bool flatten, DateTimeOffset now)
    {
        var alerts = new List<ReadAlert>();
        while (alerts.Count <= MonitorBody.MaxAlerts && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                alerts.Add(BigPandaAlert.Read(ref reader, alerts.Count, flatten, now));
                continue;
            }

            reader.Skip();
            alerts.Add(ReadAlert.Refused(alerts.Count, FieldNote.Of("$", "must be an object.")));
        }

        return MonitorBody.OfList(InOrder(alerts));
    }

    /// <summary>
    /// BigPanda shows the status of the newest time; of a batch it wants times, or the order of the events. So an alert without a time is never older
    /// than an earlier one about the same thing, and one whose time says otherwise gets a warning.
    /// </summary>
    private static List<ReadAlert> InOrder(List<ReadAlert> alerts)
    {
        var newest = new Dictionary<string, long>();
        for (var i = 0; i < alerts.Count; i++)
        {
            if (alerts[i] is not { Alert: { } alert } one) continue;
            var identity = alert.Identity;
            if (newest.TryGetValue(identity, out var time) && alert.Timestamp < time)
            {
                alerts[i] = alert.IsTimestampAdded
                    ? one with { Alert = alert with { Timestamp = time } }
                    : one with { Warnings = [.. one.Warnings, Older(time)] };
                continue;
            }

            newest[identity] = alert.Timestamp;
        }

        return alerts;
    }

    private static FieldNote Older(long newest) =>
        new("timestamp", $"is older than that of an earlier alert about the same thing ({newest}): BigPanda shows the newer status.");
}
