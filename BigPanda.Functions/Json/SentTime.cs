using System.Globalization;
using System.Text;
using System.Text.Json;

namespace BigPanda.Functions.Json;

/// <summary>
/// A time written by another system, in a webhook or a response. <see cref="At"/> is null when there is none or it cannot be read; in the
/// second case <see cref="Unreadable"/> has the original text.
/// </summary>
internal readonly record struct SentTime(DateTimeOffset? At, string? Unreadable = null)
{
    private const int MaxShown = 40;

    /// <summary>The end of the year 9999, .NET's last.</summary>
    private const decimal LastSecond = 253_402_300_799;

    private static readonly DateTimeOffset LastWhole = DateTimeOffset.MaxValue.AddSeconds(-1);

    private const decimal Year2000 = 946_684_800;

    /// <summary>Go's zero time as seconds since 1970.</summary>
    private const decimal ZeroInGo = -62_135_596_800;

    public static SentTime Nothing { get; }

    public static SentTime Read(JsonElement value)
    {
        var reader = JsonValues.ReaderOf(value);
        return Read(ref reader);
    }

    /// <summary>Reads numbers, text, and the objects and lists that Java's serializers write.</summary>
    public static SentTime Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                return reader.TryGetDecimal(out var number) ? Of(number, "") : NotATime(Encoding.UTF8.GetString(reader.ValueSpan));
            case JsonTokenType.String:
                return Of(JsonText.Read(ref reader));
            case JsonTokenType.Null:
                return Nothing;
            case JsonTokenType.StartArray:
                return OfList(ref reader);
            case JsonTokenType.StartObject:
                return OfObject(ref reader);
            default:
                return NotATime(Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    private static SentTime Of(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed.IsEmpty) return Nothing;
        // In a long number a comma is a decimal point, not a thousands separator.
        var number = trimmed.IndexOf(',') >= 9 && trimmed.Count(',') == 1 ? text.Replace(',', '.') : text;
        if (decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return Of(value, text);
        return TimeText.Read(text) is { } time ? Of(time, text) : NotATime(text);
    }

    /// <summary>
    /// Reads the number in the first unit that makes it a time: seconds up to the year 9999; milliseconds, microseconds and nanoseconds
    /// from 2000 on. Seconds far ahead are therefore never read as milliseconds of the past.
    /// </summary>
    private static SentTime Of(decimal value, string text)
    {
        if (value is 0 or ZeroInGo or ZeroInGo * 1000) return Nothing;
        if (value is > 0 and <= LastSecond) return Since1970(value);
        for (var perSecond = 1000m; perSecond <= 1_000_000_000m; perSecond *= 1000)
        {
            if (value >= Year2000 * perSecond && value <= LastSecond * perSecond) return Since1970(value / perSecond);
        }

        return NotATime(text.Length > 0 ? text : value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Like a number, text is no time before 1970; Table Storage takes none before 1601.</summary>
    private static SentTime Of(DateTimeOffset time, string text)
    {
        if (time == default || time == DateTimeOffset.UnixEpoch) return Nothing;
        return time > DateTimeOffset.UnixEpoch ? new SentTime(time) : NotATime(text);
    }

    private static SentTime Since1970(decimal seconds) => new(DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)));

    /// <summary>
    /// <c>{"epochSecond": …, "nano": …}</c>, <c>{"seconds": …, "nanos": …}</c> and <c>{"$date": …}</c>, also with a <c>{"$numberLong": …}</c>.
    /// </summary>
    private static SentTime OfObject(ref Utf8JsonReader reader)
    {
        SentTime? time = null;
        long nanos = 0;
        var fields = new JsonObjectCursor(ref reader);
        while (fields.Next(ref reader, out var field))
        {
            var isValue = reader.TokenType is JsonTokenType.Number or JsonTokenType.String;
            if (field is "$date" or "epochSecond" or "seconds" or "_seconds" && isValue) time = Read(ref reader);
            else if (field == "$date") time = OfLong(ref reader);
            else if (field is "nano" or "nanos" or "_nanoseconds" && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var part)) nanos = part;
            else reader.Skip();
        }

        return time switch
        {
            null => NotATime("an object"),
            { At: { } at } when nanos is > 0 and < 1_000_000_000 && at < LastWhole => new SentTime(at.AddTicks(nanos / 100)),
            _ => time.Value,
        };
    }

    /// <summary>A long of MongoDB's: text, for JSON's readers lose digits.</summary>
    private static SentTime? OfLong(ref Utf8JsonReader reader)
    {
        SentTime? time = null;
        var fields = new JsonObjectCursor(ref reader);
        while (fields.Next(ref reader, out var field))
        {
            if (field == "$numberLong" && reader.TokenType is JsonTokenType.Number or JsonTokenType.String) time = Read(ref reader);
            else reader.Skip();
        }

        return time;
    }

    /// <summary><c>[2026, 4, 10, 7, 38, 2, 500000000]</c>.</summary>
    private static SentTime OfList(ref Utf8JsonReader reader)
    {
        Span<int> parts = stackalloc int[7];
        var (count, isWhole) = (0, true);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            isWhole &= count < parts.Length && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out parts[count]);
            count++;
            reader.Skip();
        }

        return isWhole && count >= 5 && CalendarTime.Of(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6] / 100, TimeSpan.Zero) is { } time
            ? Of(time, "a list")
            : NotATime("a list");
    }

    private static SentTime NotATime(string written) => new(null, written.Length <= MaxShown ? written : written[..MaxShown] + "…");
}
