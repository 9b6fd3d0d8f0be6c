using System.Collections.Frozen;
using System.Globalization;

namespace BigPanda.Functions.Json;

/// <summary>Reads zones: Z, +01, +0100, GMT+1, and unambiguous abbreviations.</summary>
internal static class TimeZoneText
{
    /// <summary>The North American ones are defined by RFC 822. BST and IST are ambiguous and not read.</summary>
    private static readonly FrozenDictionary<string, int> Hours = new Dictionary<string, int>
    {
        ["Z"] = 0,
        ["UTC"] = 0,
        ["GMT"] = 0,
        ["UT"] = 0,
        ["WET"] = 0,
        ["WEST"] = 1,
        ["CET"] = 1,
        ["CEST"] = 2,
        ["EET"] = 2,
        ["EEST"] = 3,
        ["MSK"] = 3,
        ["EST"] = -5,
        ["EDT"] = -4,
        ["CST"] = -6,
        ["CDT"] = -5,
        ["MST"] = -7,
        ["MDT"] = -6,
        ["PST"] = -8,
        ["PDT"] = -7,
        ["JST"] = 9,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static TimeSpan? Read(string zone)
    {
        if (Hours.TryGetValue(zone, out var hours)) return TimeSpan.FromHours(hours);
        var sign = zone.AsSpan().IndexOfAny('+', '-');
        if (sign < 0 || (sign > 0 && !(Hours.TryGetValue(zone[..sign], out var from) && from == 0))) return null;
        return Offset(zone[(sign + 1)..].Replace(":", "", StringComparison.Ordinal)) is { } offset ? zone[sign] == '-' ? -offset : offset : null;
    }

    /// <summary>1, 01, 0100, 010000: hours, minutes, seconds.</summary>
    private static TimeSpan? Offset(string digits)
    {
        if (digits.Length is not (1 or 2 or 4 or 6) || !digits.All(char.IsAsciiDigit)) return null;
        var padded = (digits.Length == 1 ? $"0{digits}" : digits).PadRight(6, '0');
        var (hours, minutes, seconds) = (Int(padded[..2]), Int(padded[2..4]), Int(padded[4..]));
        return hours > 18 || minutes > 59 || seconds > 59 ? null : new TimeSpan(hours, minutes, seconds);
    }

    private static int Int(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
