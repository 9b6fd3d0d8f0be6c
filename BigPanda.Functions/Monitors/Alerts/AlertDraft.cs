using BigPanda.Functions.Json;

namespace BigPanda.Functions.Monitors.Alerts;

/// <summary>Collects what a reader finds in a monitor's alert, within BigPanda's limits: every alert made here is valid for the Alerts API.</summary>
internal sealed class AlertDraft(DateTimeOffset now)
{
    private readonly OrderedDictionary<string, List<string>> _tags = [];
    private readonly List<FieldNote> _warnings = [];
    private DateTimeOffset? _at;

    public string? Description { get; set; }

    public void Warn(string field, string reason)
    {
        if (_warnings.Count < AlertLimits.MaxWarnings) _warnings.Add(FieldNote.Of(field, reason));
    }

    /// <summary>A tag of the reader's. A blank value adds none; a second one is kept beside the first.</summary>
    public void Tag(string name, string? value)
    {
        if (string.IsNullOrWhiteSpace(value)) return;
        if (!_tags.TryGetValue(name, out var values))
        {
            if (_tags.Count >= AlertLimits.Properties) return;
            _tags[name] = values = [];
        }

        Add(values, value);
    }

    public void Tag(string name, IEnumerable<string?> values)
    {
        foreach (var value in values) Tag(name, value);
    }

    /// <summary>
    /// Tags whose names the sender chose. A name that BigPanda or the reader uses gets the prefix; of names that become the same the values are
    /// kept together.
    /// </summary>
    public void TagSent(string prefix, IEnumerable<KeyValuePair<string, string>> sent)
    {
        var taken = _tags.ToDictionary(tag => tag.Key, tag => tag.Value.Count);
        foreach (var (written, value) in sent)
        {
            var name = TagNames.Safe(written);
            if (taken.TryGetValue(name, out var count) && count == 1 && _tags[name][0] == AlertLimits.Cut(value, AlertLimits.TextLength)) continue;
            Tag(taken.ContainsKey(name) || TagNames.IsReserved(name) ? TagNames.Safe($"{prefix}_{name}") : name, value);
        }
    }

    /// <summary>As <see cref="TagSent"/>, every name with the prefix.</summary>
    public void TagPrefixed(string prefix, IEnumerable<KeyValuePair<string, string>> sent)
    {
        foreach (var (written, value) in sent) Tag(TagNames.Safe($"{prefix}_{TagNames.Safe(written)}"), value);
    }

    /// <summary>A link, whole or not at all: BigPanda makes a button of it.</summary>
    public void TagLink(string name, string? link)
    {
        if (link is null or { Length: > AlertLimits.TextLength }) return;
        if (Uri.TryCreate(link, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)) Tag(name, link);
    }

    /// <summary>The time of the event. One that is missing or cannot be right is the time of receipt, with a warning if it was sent.</summary>
    public void TakeTime(string field, SentTime sent)
    {
        if (sent.At is { } at && AlertLimits.IsUsable(at, now))
        {
            _at = at;
            return;
        }

        if (sent.At is { } wrong) Warn(field, $"is {wrong.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}, which cannot be right: the time of receipt is used.");
        else if (sent.Unreadable is { } written) Warn(field, $"is \"{written}\", which is not a time: the time of receipt is used.");
    }

    public ReadAlert Accept(int index, MonitorStatus status, string identifier, string primary, bool neverResolves = false) => ReadAlert.Accepted(
        index,
        new MonitorAlert
        {
            Status = status,
            Timestamp = (_at ?? now).ToUnixTimeSeconds(),
            IsTimestampAdded = _at is null,
            IncidentIdentifier = identifier,
            PrimaryProperty = primary,
            Description = string.IsNullOrWhiteSpace(Description) ? null : AlertLimits.Cut(Description.Trim(), AlertLimits.DescriptionLength),
            Tags = [.. _tags.Select(tag => KeyValuePair.Create(tag.Key, ValueOf(tag.Value)))],
            NeverResolves = neverResolves,
        },
        _warnings);

    private static void Add(List<string> values, string value)
    {
        var text = AlertLimits.Cut(value, AlertLimits.TextLength);
        if (values.Count < AlertLimits.ListLength && !values.Contains(text)) values.Add(text);
    }

    private static TagValue ValueOf(List<string> values) =>
        values is [var only] ? TagValue.Of(only) : TagValue.OfList(values.Select(TagValue.Of));
}
