using System.Text.Json;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Vendors.BigPanda.Incidents;

/// <summary>
/// Reads tags in every layout that templates use: <c>[{"name": "host", "value": "db1"}]</c>, which is BigPanda's, <c>{"host": "db1"}</c>
/// and <c>["host:db1", "check=cpu"]</c>. Two tags with one name keep both values.
/// </summary>
internal static class TagReader
{
    /// <param name="nameField">The preferred name field: <c>id</c> for incident tags, <c>name</c> for alert tags.</param>
    /// <returns>Null when the value is neither a list nor an object.</returns>
    public static Dictionary<string, TagValue>? Read(ref Utf8JsonReader reader, string nameField)
    {
        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            reader.Skip();
            return null;
        }

        var tags = new TagCollection();
        if (reader.TokenType == JsonTokenType.StartObject) Properties(ref reader, tags);
        else while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) Element(ref reader, nameField, tags);
        return tags.Finish();
    }

    private static void Element(ref Utf8JsonReader reader, string nameField, TagCollection tags)
    {
        if (reader.TokenType == JsonTokenType.StartObject) Tag(ref reader, nameField, tags);
        else if (reader.TokenType == JsonTokenType.String) Pair(JsonText.Read(ref reader), tags);
        else reader.Skip();
    }

    private static void Tag(ref Utf8JsonReader reader, string nameField, TagCollection tags)
    {
        string? name = null, otherName = null;
        var value = new TagValue("null");
        var others = default(Dictionary<string, TagValue>);
        var isTag = false;
        var fields = new JsonObjectCursor(ref reader);
        while (fields.Next(ref reader, out var field))
        {
            isTag |= field == nameField || field == "value";
            if (field == nameField) name = JsonValues.Name(ref reader);
            else if (field is "name" or "id" or "key") otherName ??= JsonValues.Name(ref reader);
            else if (field == "value") value = JsonValues.Any(ref reader);
            else if (isTag) reader.Skip();
            else (others ??= [])[field] = JsonValues.Any(ref reader);
        }

        if (isTag || otherName is not null) tags.Add(name ?? otherName, value);
        else if (others is not null) foreach (var (other, its) in others) tags.Add(other, its);
    }

    private static void Properties(ref Utf8JsonReader reader, TagCollection tags)
    {
        var fields = new JsonObjectCursor(ref reader);
        while (fields.Next(ref reader, out var field)) tags.Add(field, JsonValues.Any(ref reader));
    }

    /// <summary>Splits at the first : or =. A URL is not a pair.</summary>
    private static void Pair(string text, TagCollection tags)
    {
        var at = text.AsSpan().IndexOfAny(':', '=');
        if (at <= 0 || text.AsSpan(at).StartsWith("://", StringComparison.Ordinal)) return;
        tags.Add(text[..at].Trim(), TagValue.Of(text[(at + 1)..].Trim()));
    }
}

/// <summary>Tags by name. Any number may have one name: their values are combined in linear time.</summary>
internal sealed class TagCollection
{
    private readonly Dictionary<string, TagValue> _tags = [];
    private Dictionary<string, List<TagValue>>? _repeated;
    private HashSet<(string Name, TagValue Value)>? _known;

    public void Add(string? name, TagValue value)
    {
        if (string.IsNullOrEmpty(name) || _tags.TryAdd(name, value)) return;
        _known ??= [];
        if (!(_repeated ??= []).TryGetValue(name, out var values))
        {
            _repeated[name] = values = [.. _tags[name].Values];
            _known.UnionWith(values.Select(known => (name, known)));
        }

        values.AddRange(value.Values.Where(other => _known.Add((name, other))));
    }

    public Dictionary<string, TagValue> Finish()
    {
        if (_repeated is null) return _tags;
        foreach (var (name, values) in _repeated) if (values.Count > _tags[name].Values.Count) _tags[name] = TagValue.OfList(values);
        return _tags;
    }
}
