using System.Globalization;
using System.Text.Json;
using BigPanda.Functions.Json;
using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Formats;

/// <summary>The webhook body that Alertmanager defined and Grafana extended: a group of alerts, each with its own status.</summary>
internal sealed class AlertGroup
{
    private const string LegacyGrafana = "is missing: Grafana's legacy alerting is not read. Use Grafana's unified alerting.";
    private const string OtherTemplate = "is missing. A body of another template is not read: remove the payload template from the receiver.";

    private string? _version;
    private string? _truncated;
    private bool _isLegacyGrafana;

    /// <summary>Begins the identity of its alerts.</summary>
    public required string Kind { get; init; }

    public string? Receiver { get; private set; }

    public string? ExternalUrl { get; private set; }

    public static MonitorBody Read(string kind, string[] versions, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var reader = ReceivedJson.Open(body);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return MonitorBody.Invalid("$", "must be an object with a list of alerts.");
        var group = new AlertGroup { Kind = kind };
        var count = group.Members(ref reader, out var list);
        if (count == 0) return MonitorBody.Invalid("alerts", group._isLegacyGrafana ? LegacyGrafana : OtherTemplate);
        if (count > 1) return MonitorBody.Invalid("alerts", "appears twice: send one list.");
        if (list.TokenType != JsonTokenType.StartArray) return MonitorBody.Invalid("alerts", "must be a list of alerts.");
        return MonitorBody.OfList(group.Alerts(ref list, now), [.. group.Warnings(versions)]);
    }

    /// <returns>How many lists of alerts there are.</returns>
    private int Members(ref Utf8JsonReader reader, out Utf8JsonReader list)
    {
        list = default;
        var count = 0;
        var members = new JsonObjectCursor(ref reader);
        while (members.Next(ref reader, out var name))
        {
            switch (name)
            {
                case "alerts":
                    if (count++ == 0) list = reader;
                    reader.Skip();
                    break;
                case "version": _version = JsonValues.Name(ref reader); break;
                case "receiver": Receiver = JsonValues.Name(ref reader); break;
                case "externalURL": ExternalUrl = JsonValues.Name(ref reader); break;
                case "truncatedAlerts": _truncated = JsonValues.Name(ref reader); break;
                case "evalMatches" or "ruleUrl":
                    _isLegacyGrafana = true;
                    reader.Skip();
                    break;
                default: reader.Skip(); break;
            }
        }

        return count;
    }

    private List<ReadAlert> Alerts(ref Utf8JsonReader reader, DateTimeOffset now)
    {
        var alerts = new List<ReadAlert>();
        while (alerts.Count <= MonitorBody.MaxAlerts && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            alerts.Add(GroupAlert.Read(ref reader).ToAlert(alerts.Count, this, now));
        return alerts;
    }

    /// <summary>An unknown version is read as the known one: a field that means something else is unlikelier than a lost alert.</summary>
    private IEnumerable<FieldNote> Warnings(string[] versions)
    {
        if (_version is not null && !versions.Contains(_version))
            yield return new("version", $"is \"{AlertLimits.Cut(_version, 40)}\", which is not known: read as {versions[0]}.");
        if (int.TryParse(_truncated, NumberStyles.None, CultureInfo.InvariantCulture, out var truncated) && truncated > 0)
        {
            yield return new(
                "truncatedAlerts",
                $"is {truncated}: so many alerts of the group were left out, and may not be sent again. Raise the receiver's limit (max_alerts, Max Alerts).");
        }
    }
}
