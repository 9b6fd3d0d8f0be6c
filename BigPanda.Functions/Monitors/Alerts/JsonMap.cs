using System.Text.Json;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Monitors.Alerts;

/// <summary>
/// Reads maps of names to texts. Numbers and flags are as written, objects and lists compact JSON; null is absent, and a repeated name has its last
/// value.
/// </summary>
internal static class JsonMap
{
    /// <summary>A value that is not an object adds nothing.</summary>
    public static void Read(ref Utf8JsonReader reader, OrderedDictionary<string, string> map)
    {
        var members = new JsonObjectCursor(ref reader);
        while (members.Next(ref reader, out var name))
        {
            if (map.Count >= AlertLimits.Properties) reader.Skip();
            else if (Value(ref reader) is { } value) map[name] = value;
        }
    }

    /// <returns>Null for a value that is missing or blank.</returns>
    public static string? Find(this OrderedDictionary<string, string> map, string name) =>
        map.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value : null;

    public static string? Value(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => JsonText.Read(ref reader),
        _ => JsonValues.Any(ref reader).Text,
    };
}
