using System.Text.Json;

namespace BigPanda.Functions.Json;

/// <summary>Reads the responses of other systems leniently: what has another form reads as absent.</summary>
internal static class JsonReading
{
    /// <returns>What <paramref name="read"/> returns of the document's root; null when the text is not JSON.</returns>
    public static T? Read<T>(string? text, Func<JsonElement, T?> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(text ?? "");
            return read(document.RootElement);
        }
        catch (Exception e) when (ReceivedJson.IsInvalid(e))
        {
            return null;
        }
    }

    /// <returns>Whether the document's root matches; null when the text is not JSON.</returns>
    public static bool? Matches(string? text, Predicate<JsonElement> isMatch) => (bool?)Read<object>(text, root => isMatch(root));

    /// <summary>The member; null when it is missing, or the value is not an object.</summary>
    public static JsonElement? Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : null;

    /// <summary>The member's text, or its number as written; null when it has neither.</summary>
    public static string? Text(JsonElement value, string name) => Member(value, name) is { } member ? JsonValues.Name(member) : null;

    /// <summary>The items of the member; none unless it is an array.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement value, string name) =>
        Member(value, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
}
