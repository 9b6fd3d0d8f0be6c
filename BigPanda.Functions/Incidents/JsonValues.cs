using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace BigPanda.Functions.Incidents;

/// <summary>Single values, each read whatever its type is; the wrong type reads as absent.</summary>
internal static class JsonValues
{
    private const decimal MillisecondsFrom = 100_000_000_000;

    /// <summary>The end of the year 9999, where .NET's calendar ends too.</summary>
    private const decimal LastSecond = 253_402_300_799;

    private const string Iso8601 = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";

    public static string? Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String) return JsonText.Read(ref reader);
        reader.Skip();
        return null;
    }

    public static bool? Flag(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False) return reader.GetBoolean();
        reader.Skip();
        return null;
    }

    /// <summary>Seconds as BigPanda writes them; milliseconds, fractions, numbers in quotes and ISO 8601 are understood too.</summary>
    public static DateTimeOffset? Time(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number) return reader.TryGetDecimal(out var number) ? Since1970(number) : null;
        if (Text(ref reader) is not { } text) return null;
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var quoted)) return Since1970(quoted);
        return DateTimeOffset.TryParseExact(text, Iso8601, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
            : null;
    }

    /// <summary>Any value as JSON of its own, with text made safe; objects and lists inside lists become text.</summary>
    public static TagValue Any(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return TagValue.Of(JsonText.Read(ref reader));
            case JsonTokenType.StartArray:
                return List(ref reader);
            case JsonTokenType.StartObject:
                return TagValue.Of(Raw(ref reader));
            default:
                return new TagValue(Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    private static TagValue List(ref Utf8JsonReader reader)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartArray();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject) writer.WriteStringValue(Raw(ref reader));
                else if (reader.TokenType == JsonTokenType.String) writer.WriteStringValue(JsonText.Read(ref reader));
                else writer.WriteRawValue(reader.ValueSpan);
            }

            writer.WriteEndArray();
        }

        return new TagValue(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>The tokens of an object or list, as compact text.</summary>
    private static string Raw(ref Utf8JsonReader reader)
    {
        var text = new StringBuilder();
        var depth = reader.CurrentDepth;
        var afterValue = false;
        do
        {
            var closes = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
            if (afterValue && !closes) text.Append(',');
            var quoted = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
            if (quoted) text.Append('"');
            text.Append(Encoding.UTF8.GetString(reader.ValueSpan));
            if (quoted) text.Append('"');
            if (reader.TokenType == JsonTokenType.PropertyName) text.Append(':');
            afterValue = reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.StartObject or JsonTokenType.StartArray);
        }
        while (!(afterValue && reader.CurrentDepth == depth) && reader.Read());

        return text.ToString();
    }

    private static DateTimeOffset? Since1970(decimal value)
    {
        if (value is not (>= 1 and <= LastSecond * 1000)) return null;
        var seconds = value >= MillisecondsFrom ? value / 1000 : value;
        return DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
    }
}
