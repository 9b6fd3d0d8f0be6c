using System.Text;
using System.Text.Json;

namespace BigPanda.Functions.Tests.Support;

/// <summary>A value or a property name of a JSON text: its position and its path from the root.</summary>
internal readonly record struct JsonPlace(string Path, int Start, int Length, JsonTokenType Type)
{
    public bool IsName => Type == JsonTokenType.PropertyName;
}

/// <summary>
/// Edits JSON as text, so that what no writer would write (lone surrogates, duplicate keys, raw control characters) can be put
/// into any place of a sample.
/// </summary>
internal static class SamplesEditor
{
    /// <summary>Every value (objects and lists too) and every property name, in the order they begin.</summary>
    public static IReadOnlyList<JsonPlace> Places(ReadOnlySpan<byte> json)
    {
        var places = new List<JsonPlace>();
        var open = new Stack<(int Place, string Path, int Next)>();
        var reader = new Utf8JsonReader(json);
        var property = "";
        while (reader.Read())
        {
            var at = (int)reader.TokenStartIndex;
            var end = (int)reader.BytesConsumed;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    property = reader.GetString() ?? "";
                    places.Add(new JsonPlace($"{open.Peek().Path}.{property}", at, reader.ValueSpan.Length + 2, JsonTokenType.PropertyName));
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    var whole = open.Pop().Place;
                    places[whole] = places[whole] with { Length = end - places[whole].Start };
                    break;
                default:
                    var path = PathOf(open, property);
                    places.Add(new JsonPlace(path, at, end - at, reader.TokenType));
                    if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                        open.Push((places.Count - 1, path, reader.TokenType == JsonTokenType.StartArray ? 0 : -1));
                    break;
            }
        }

        return places;
    }

    public static byte[] Replace(ReadOnlySpan<byte> json, JsonPlace place, string with) =>
        Replace(json, place.Start, place.Length, Encoding.UTF8.GetBytes(with));

    public static byte[] Replace(ReadOnlySpan<byte> json, int start, int length, ReadOnlySpan<byte> with) =>
        [.. json[..start], .. with, .. json[(start + length)..]];

    private static string PathOf(Stack<(int Place, string Path, int Next)> open, string property)
    {
        if (open.Count == 0) return "$";
        var parent = open.Pop();
        open.Push(parent with { Next = parent.Next < 0 ? -1 : parent.Next + 1 });
        return parent.Next < 0 ? $"{parent.Path}.{property}" : $"{parent.Path}[{parent.Next}]";
    }
}
