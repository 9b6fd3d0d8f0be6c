using System.Text;
using System.Text.Json;
using BigPanda.Functions.Json;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Vendors.PagerDuty.Events;

/// <summary>
/// Tags as JSON that any receiver can read: without duplicate names, deep nesting, numbers beyond a double, control characters and half surrogate pairs.
/// </summary>
internal static class EventTags
{
    private const int MaxName = 200;
    private const int MaxItems = 100;

    /// <summary>A longer number may lose digits on the way.</summary>
    private const int MaxDigits = 15;

    /// <param name="valueLimit">The most characters of a value.</param>
    /// <param name="left">The bytes that they may take.</param>
    /// <returns>How many were left out, and how many were cut.</returns>
    public static (int LeftOut, int Cut) Write(
        SizedJson json, IReadOnlyDictionary<string, TagValue> tags, PageMapping mapping, int valueLimit, int left)
    {
        HashSet<string> names = [];
        var (leftOut, cut) = (0, 0);
        foreach (var (tag, value) in tags)
        {
            var (name, isCut) = (EventText.Line(tag, MaxName), false);
            var shown = mapping.IsKeyTag(tag) ? TagValue.Of(PageMapping.HiddenKey) : value;
            if (names.Add(name) && json.TryWrite(name, item => isCut = !TryWriteWhole(item, shown, valueLimit), ref left)) cut += isCut ? 1 : 0;
            else leftOut++;
        }

        return (leftOut, cut);
    }

    private static bool TryWriteWhole(Utf8JsonWriter json, TagValue value, int limit)
    {
        if (value.Json.StartsWith('[') && value.Values is var items && items.All(item => !item.Json.StartsWith('[') && !item.Json.StartsWith('{')))
        {
            json.WriteStartArray();
            var isWhole = items.Count <= MaxItems;
            foreach (var item in items.Take(MaxItems))
            {
                isWhole &= TryWriteOne(json, item, limit);
                // All items together.
                limit = Math.Max(limit - item.Json.Length, 1);
            }

            json.WriteEndArray();
            return isWhole;
        }

        return TryWriteOne(json, value, limit);
    }

    private static bool TryWriteOne(Utf8JsonWriter json, TagValue value, int limit)
    {
        if (value.Json is "true" or "false" or "null" || IsPlainNumber(value.Json))
        {
            json.WriteRawValue(value.Json, skipInputValidation: true);
            return true;
        }

        var text = value.Text;
        json.WriteStringValue(EventText.Lines(text, limit));
        return text.Length <= limit;
    }

    private static bool IsPlainNumber(string json)
    {
        if (json.Length is 0 or > MaxDigits || !(json[0] == '-' || char.IsAsciiDigit(json[0]))) return false;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) && double.IsFinite(number);
    }
}
