using System.Text;
using System.Text.Json;
using BigPanda.Functions.Json;
using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Formats.Azure;

/// <summary>Reads lists that Azure writes as a list, as JSON within a text, or as null.</summary>
internal static class AzureLists
{
    public static List<string> Texts(ref Utf8JsonReader reader)
    {
        List<string> texts = [];
        if (reader.TokenType == JsonTokenType.String)
        {
            var text = JsonText.Read(ref reader);
            if (Inner(text) is not { } json) return string.IsNullOrWhiteSpace(text) ? [] : [text];
            var inner = Open(json);
            return Texts(ref inner);
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return texts;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (texts.Count >= AlertLimits.Properties) reader.Skip();
            else if (JsonValues.Name(ref reader) is { } text && !string.IsNullOrWhiteSpace(text)) texts.Add(text);
        }

        return texts;
    }

    /// <summary>Adds <c>[{"name": …, "value": …}]</c>.</summary>
    public static void Pairs(ref Utf8JsonReader reader, List<KeyValuePair<string, string>> pairs)
    {
        if (reader.TokenType == JsonTokenType.String && Inner(JsonText.Read(ref reader)) is { } json)
        {
            var inner = Open(json);
            Pairs(ref inner, pairs);
            return;
        }

        var list = new JsonListCursor(ref reader);
        while (list.NextObject(ref reader))
        {
            string? name = null, value = null;
            var members = new JsonObjectCursor(ref reader);
            while (members.Next(ref reader, out var member))
            {
                if (member == "name") name = JsonValues.Name(ref reader);
                else if (member == "value") value = JsonMap.Value(ref reader);
                else reader.Skip();
            }

            if (name is not null && value is not null && pairs.Count < AlertLimits.Properties) pairs.Add(new(name, value));
        }
    }

    /// <summary>The list within a text; null when it holds none.</summary>
    private static byte[]? Inner(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("[")) return null;
        var json = Encoding.UTF8.GetBytes(text);
        return ReceivedJson.Check(json) is null ? json : null;
    }

    private static Utf8JsonReader Open(byte[] json)
    {
        var reader = ReceivedJson.Open(json);
        reader.Read();
        return reader;
    }
}
