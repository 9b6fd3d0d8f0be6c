using System.Globalization;
using System.Text.Json;
using BigPanda.Functions.Json;
using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Formats;

/// <summary>
/// Reads one alert as BigPanda documents it. What BigPanda would drop is refused with its reason; what it would cut is cut here, with a warning, so
/// that an alert is never lost for its length.
/// </summary>
internal sealed class BigPandaAlert
{
    private readonly bool _flatten;
    private readonly DateTimeOffset _now;
    private readonly HashSet<string> _names = [];
    private readonly List<KeyValuePair<string, TagValue>> _tags = [];
    private readonly List<FieldNote> _warnings = [];
    private FieldNote? _refusal;
    private MonitorStatus? _status;
    private long? _timestamp;
    private string? _identifier;
    private string? _primary;
    private string? _secondary;
    private string? _description;

    private BigPandaAlert(bool flatten, DateTimeOffset now) => (_flatten, _now) = (flatten, now);

    public static ReadAlert Read(ref Utf8JsonReader reader, int index, bool flatten, DateTimeOffset now)
    {
        var alert = new BigPandaAlert(flatten, now);
        var members = new JsonObjectCursor(ref reader);
        while (members.Next(ref reader, out var name)) alert.Member(ref reader, name);
        return alert.Finish(index);
    }

    private void Member(ref Utf8JsonReader reader, string name)
    {
        if (_refusal is not null || !Claim(name))
        {
            reader.Skip();
            return;
        }

        switch (name)
        {
            // The source's is sent instead.
            case "app_key": reader.Skip(); break;
            case "status": Status(Text(ref reader, name)); break;
            case "timestamp": Timestamp(ref reader); break;
            case "description": _description = Text(ref reader, name) is { } text ? Cut(name, text, AlertLimits.DescriptionLength) : null; break;
            case "incident_identifier": Identifier(Text(ref reader, name)); break;
            case "primary_property": _primary = Text(ref reader, name); break;
            case "secondary_property": _secondary = Text(ref reader, name); break;
            default: Tag(ref reader, name); break;
        }
    }

    private ReadAlert Finish(int index)
    {
        if (_status is null) Refuse("status", $"is missing: it must be {MonitorStatuses.Names}.");
        var alert = new MonitorAlert
        {
            Status = _status ?? default,
            Timestamp = _timestamp ?? _now.ToUnixTimeSeconds(),
            IsTimestampAdded = _timestamp is null,
            IncidentIdentifier = _identifier,
            PrimaryProperty = _primary,
            SecondaryProperty = _secondary,
            Description = _description,
            Tags = _tags,
        };
        if (alert.Primary is null) Refuse("host", "is missing: send host, service, application or device, or name another in primary_property.");
        if (_refusal is not null) return ReadAlert.Refused(index, _refusal);
        return ReadAlert.Accepted(
            index,
            alert with
            {
                PrimaryProperty = Named(alert, "primary_property", _primary),
                SecondaryProperty = Named(alert, "secondary_property", _secondary),
            },
            _warnings);
    }

    /// <summary>The tag that a property names; null, which leaves the choice to BigPanda, when the alert does not have it.</summary>
    private string? Named(MonitorAlert alert, string property, string? name)
    {
        if (name is null || alert.TextOf(name) is not null) return name;
        Warn(property, $"names \"{AlertLimits.Cut(name, 40)}\", which is missing: left out.");
        return null;
    }

    private void Status(string? word)
    {
        _status = word is null ? null : MonitorStatuses.Find(word);
        if (word is not null && _status is null) Refuse("status", $"is \"{AlertLimits.Cut(word, 40)}\": it must be {MonitorStatuses.Names}.");
    }

    /// <summary>Whole seconds. Other units and texts are read when they can mean only one time; 0 is none.</summary>
    private void Timestamp(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String or JsonTokenType.Null))
        {
            Refuse("timestamp", "must be a number: seconds since 1970.");
            reader.Skip();
            return;
        }

        long? seconds = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : null;
        var sent = SentTime.Read(ref reader);
        if (sent.Unreadable is { } text) Refuse("timestamp", $"is \"{text}\", which is not a time: send seconds since 1970, as a number.");
        if (sent.At is not { } at) return;
        if (!AlertLimits.IsUsable(at, _now))
        {
            Refuse("timestamp", $"means {at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}, before 2000 or more than 48 hours ahead: send seconds since 1970.");
            return;
        }

        _timestamp = at.ToUnixTimeSeconds();
        if (_timestamp != seconds) Warn("timestamp", $"was read as {_timestamp}: BigPanda takes whole seconds since 1970.");
    }

    private void Identifier(string? text)
    {
        _identifier = text;
        if (text is { Length: > AlertLimits.TextLength }) Refuse("incident_identifier", $"has more than {AlertLimits.TextLength} characters.");
    }

    private void Tag(ref Utf8JsonReader reader, string name)
    {
        if (name.Length > AlertLimits.NameLength)
        {
            Refuse(name, $"is a name of more than {AlertLimits.NameLength} characters.");
            reader.Skip();
            return;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.Null: break;
            case var _ when string.IsNullOrWhiteSpace(name):
                Warn(name, "is a tag without a name: left out.");
                reader.Skip();
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray when _flatten && IsNested(reader): Flatten(ref reader, name); break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray when IsNested(reader):
                Refuse(name, "is nested: BigPanda takes texts, whole numbers and lists of them. Send it flat, or set flatten on the source.");
                reader.Skip();
                break;
            case JsonTokenType.StartArray:
                if (List(ref reader, name) is { Count: > 0 } values) _tags.Add(new(name, TagValue.OfList(values)));
                break;
            default: _tags.Add(new(name, Scalar(ref reader, name))); break;
        }
    }

    /// <summary>An object, or a list that holds one or another list.</summary>
    private static bool IsNested(Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject) return true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) return true;
        }

        return false;
    }

    /// <summary>a.b for members, a.0 for the items of a list with objects in it.</summary>
    private void Flatten(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            var members = new JsonObjectCursor(ref reader);
            while (members.Next(ref reader, out var member)) Leaf(ref reader, $"{name}.{member}");
            return;
        }

        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
            Leaf(ref reader, string.Create(CultureInfo.InvariantCulture, $"{name}.{i}"));
    }

    private void Leaf(ref Utf8JsonReader reader, string name)
    {
        if (_refusal is null && Claim(name)) Tag(ref reader, name);
        else reader.Skip();
    }

    private List<TagValue> List(ref Utf8JsonReader reader, string name)
    {
        var values = new List<TagValue>();
        var leftOut = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Null) continue;
            if (values.Count < AlertLimits.ListLength) values.Add(Scalar(ref reader, name));
            else leftOut++;
        }

        if (leftOut > 0) Warn(name, $"has {values.Count + leftOut} values: BigPanda keeps the first {AlertLimits.ListLength}.");
        return values;
    }

    /// <summary>A whole number as it is. Other numbers and flags, which BigPanda's documentation does not name, become text.</summary>
    private TagValue Scalar(ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt64(out var number) => new TagValue(number.ToString(CultureInfo.InvariantCulture)),
        JsonTokenType.True => TagValue.Of("true"),
        JsonTokenType.False => TagValue.Of("false"),
        _ => TagValue.Of(Cut(name, JsonValues.Name(ref reader) ?? "", AlertLimits.TextLength)),
    };

    /// <summary>Text, or a number as written; null for none.</summary>
    private string? Text(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null)
            return JsonValues.Name(ref reader) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
        Refuse(name, "must be text.");
        reader.Skip();
        return null;
    }

    private string Cut(string name, string text, int length)
    {
        if (text.Length > length) Warn(name, $"is cut to {length} characters, BigPanda's limit.");
        return AlertLimits.Cut(text, length);
    }

    /// <summary>False for a name that was there before: which value is meant, BigPanda does not say.</summary>
    private bool Claim(string name)
    {
        if (_names.Count >= AlertLimits.Properties) Refuse("$", $"has more than {AlertLimits.Properties} properties.");
        else if (!_names.Add(name)) Refuse(name, "appears twice: send it once.");
        return _refusal is null;
    }

    private void Refuse(string field, string reason) => _refusal ??= FieldNote.Of(field, reason);

    private void Warn(string field, string reason)
    {
        if (_warnings.Count < AlertLimits.MaxWarnings) _warnings.Add(FieldNote.Of(field, reason));
    }
}
