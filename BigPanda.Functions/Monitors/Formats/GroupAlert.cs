using System.Text.Json;
using BigPanda.Functions.Json;
using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Formats;

/// <summary>One alert of an <see cref="AlertGroup"/>. Alertmanager sends the first seven fields, Grafana all.</summary>
internal sealed class GroupAlert
{
    private const int MaxFingerprint = 64;

    private static readonly string[] HostLabels = ["host", "instance", "node", "pod"];
    private static readonly string[] ServiceLabels = ["service", "job", "app", "namespace"];
    private static readonly string[] Descriptions = ["description", "message", "summary"];

    private readonly OrderedDictionary<string, string> _labels = [];
    private readonly OrderedDictionary<string, string> _annotations = [];
    private readonly OrderedDictionary<string, string> _values = [];
    private readonly List<KeyValuePair<string, string?>> _links = [];
    private string? _status;
    private SentTime _startsAt;
    private SentTime _endsAt;
    private string? _fingerprint;
    private string? _valueString;
    private string? _ruleUid;
    private string? _orgId;

    /// <summary>Reads the value; one that is not an object has no labels, and is refused for that.</summary>
    public static GroupAlert Read(ref Utf8JsonReader reader)
    {
        var alert = new GroupAlert();
        var members = new JsonObjectCursor(ref reader);
        while (members.Next(ref reader, out var name)) alert.Member(ref reader, name);
        return alert;
    }

    public ReadAlert ToAlert(int index, AlertGroup group, DateTimeOffset now)
    {
        if (_labels.Count == 0) return ReadAlert.Refused(index, new("labels", "is missing: an alert is known by its labels."));
        var draft = new AlertDraft(now);
        var status = Status(draft);
        var primary = TagSubject(draft);
        draft.Tag("fingerprint", _fingerprint);
        draft.Tag("receiver", group.Receiver);
        draft.Tag("rule_uid", _ruleUid);
        draft.Tag("org_id", _orgId);
        foreach (var (name, link) in _links) draft.TagLink(name, link);
        draft.TagLink("external_url", group.ExternalUrl);
        draft.TagPrefixed("value", _values);
        if (_values.Count == 0) draft.Tag("value_string", _valueString);
        draft.TagSent("label", _labels);
        draft.TagSent("annotation", _annotations.Where(annotation => annotation.Key != "description"));
        draft.Description = First(_annotations, Descriptions)?.Value;
        return draft.Accept(index, status, Identity(group.Kind), primary);
    }

    private void Member(ref Utf8JsonReader reader, string name)
    {
        switch (name)
        {
            case "status": _status = JsonValues.Name(ref reader); break;
            case "labels": JsonMap.Read(ref reader, _labels); break;
            case "annotations": JsonMap.Read(ref reader, _annotations); break;
            case "startsAt": _startsAt = SentTime.Read(ref reader); break;
            case "endsAt": _endsAt = SentTime.Read(ref reader); break;
            case "generatorURL": _links.Add(new("generator_url", JsonValues.Text(ref reader))); break;
            case "fingerprint": _fingerprint = JsonValues.Name(ref reader); break;
            case "values": JsonMap.Read(ref reader, _values); break;
            case "valueString": _valueString = JsonValues.Text(ref reader); break;
            case "ruleUID": _ruleUid = JsonValues.Name(ref reader); break;
            case "orgId": _orgId = JsonValues.Name(ref reader); break;
            case "silenceURL": _links.Add(new("silence_url", JsonValues.Text(ref reader))); break;
            case "dashboardURL": _links.Add(new("dashboard_url", JsonValues.Text(ref reader))); break;
            case "panelURL": _links.Add(new("panel_url", JsonValues.Text(ref reader))); break;
            case "imageURL": _links.Add(new("image_url", JsonValues.Text(ref reader))); break;
            default: reader.Skip(); break;
        }
    }

    /// <summary>
    /// The group's status says only that one of its alerts fires. An alert of unknown status fires: a missed resolve is better than a missed alert.
    /// </summary>
    private MonitorStatus Status(AlertDraft draft)
    {
        if (string.Equals(_status, "resolved", StringComparison.OrdinalIgnoreCase))
        {
            draft.TakeTime("endsAt", _endsAt);
            return MonitorStatus.Ok;
        }

        if (!string.Equals(_status, "firing", StringComparison.OrdinalIgnoreCase)) draft.Warn("status", "is neither firing nor resolved: read as firing.");
        // Grafana overwrites startsAt in what it resolves; it is a time only, never part of an identity.
        draft.TakeTime("startsAt", _startsAt);
        if (!_labels.TryGetValue("severity", out var severity) || string.IsNullOrWhiteSpace(severity)) return MonitorStatus.Critical;
        if (SeverityWords.Find(severity) is { } status) return status;
        draft.Warn("labels.severity", $"is \"{AlertLimits.Cut(severity, 40)}\", which is not known: read as critical.");
        return MonitorStatus.Critical;
    }

    /// <returns>The primary property.</returns>
    private string TagSubject(AlertDraft draft)
    {
        var name = _labels.GetValueOrDefault("alertname");
        var (primary, value) = First(_labels, HostLabels) is { } host ? ("host", host.Value)
            : First(_labels, ServiceLabels) is { } service ? ("service", service.Value)
            : ("service", string.IsNullOrWhiteSpace(name) ? "alerts without a name" : name);
        draft.Tag(primary, value);
        draft.Tag("check", name);
        return primary;
    }

    /// <summary>The fingerprint is Alertmanager's hash of the labels: the same from firing to resolved, and in the next episode.</summary>
    private string Identity(string kind) =>
        _fingerprint is { Length: > 0 and <= MaxFingerprint } fingerprint && fingerprint.All(char.IsAsciiLetterOrDigit)
            ? $"{kind}:{fingerprint}"
            : AlertIdentity.Of(kind, _labels.OrderBy(label => label.Key, StringComparer.Ordinal).SelectMany(label => (string[])[label.Key, label.Value]));

    private static KeyValuePair<string, string>? First(OrderedDictionary<string, string> map, string[] names)
    {
        foreach (var name in names)
        {
            if (map.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value)) return new(name, value);
        }

        return null;
    }
}
