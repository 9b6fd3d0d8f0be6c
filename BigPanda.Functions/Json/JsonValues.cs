using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace BigPanda.Functions.Json;

/// <summary>Reads single values; a value of the wrong type reads as absent.</summary>
internal static class JsonValues
{
    public static string? Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String) return JsonText.Read(ref reader);
        reader.Skip();
        return null;
    }

    /// <summary>Text, or a number as written: some templates omit the quotes around an id.</summary>
    public static string? Name(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number ? Encoding.UTF8.GetString(reader.ValueSpan) : Text(ref reader);

    /// <summary>True or false as templates write them; null for an ambiguous value.</summary>
    public static bool? Flag(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False) return reader.GetBoolean();
        if (Name(ref reader) is not { Length: <= 16 } word) return null;
        return word.Trim().ToLowerInvariant() switch
        {
            "true" or "yes" or "y" or "on" or "t" => true,
            "false" or "no" or "n" or "off" or "f" => false,
            var number => decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is 0 or 1 ? value == 1 : null,
        };
    }

    /// <summary>As <see cref="Name(ref Utf8JsonReader)"/>, of a document that has been read.</summary>
    public static string? Name(JsonElement value)
    {
        var reader = ReaderOf(value);
        return Name(ref reader);
    }

    /// <summary>As <see cref="Flag(ref Utf8JsonReader)"/>, of a document that has been read.</summary>
    public static bool? Flag(JsonElement value)
    {
        var reader = ReaderOf(value);
        return Flag(ref reader);
    }

    internal static Utf8JsonReader ReaderOf(JsonElement value)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(value));
        reader.Read();
        return reader;
    }

    /// <summary>Any value as separate JSON with valid text; objects, and lists within lists, become text.</summary>
    public static TagValue Any(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return TagValue.Of(JsonText.Read(ref reader));
            case JsonTokenType.StartArray:
                return List(ref reader);
            case JsonTokenType.StartObject:
                return TagValue.Of(Compact(ref reader));
            default:
                return new TagValue(Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    private static TagValue List(ref Utf8JsonReader reader)
    {
        var values = new List<TagValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            values.Add(reader.TokenType == JsonTokenType.StartArray ? TagValue.Of(Compact(ref reader)) : Any(ref reader));
        return TagValue.OfList(values);
    }

    /// <summary>An object or list as compact, readable JSON.</summary>
    private static string Compact(ref Utf8JsonReader reader)
    {
        var text = new StringBuilder();
        var depth = reader.CurrentDepth;
        var afterValue = false;
        do
        {
            var closes = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
            if (afterValue && !closes) text.Append(',');
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) JsonText.AppendQuoted(text, JsonText.Read(ref reader));
            else text.Append(Encoding.UTF8.GetString(reader.ValueSpan));
            if (reader.TokenType == JsonTokenType.PropertyName) text.Append(':');
            afterValue = reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.StartObject or JsonTokenType.StartArray);
        }
        while (!(afterValue && reader.CurrentDepth == depth) && reader.Read());

        return text.ToString();
    }
}
