namespace BigPanda.Functions.Json;

/// <summary>
/// Reads times in the default text formats of Go, Java, Python and JavaScript: ISO 8601 and RFC 3339 with their variants, RFC 1123, 850 and
/// 822, ctime, and <c>toString</c> of a date. Each word's form says what it is. Without a zone it is UTC. Ambiguous dates, such as
/// 04/10/2026, are not read.
/// </summary>
internal static class TimeText
{
    private const int MaxLength = 100;

    public static DateTimeOffset? Read(string text)
    {
        if (text.Length > MaxLength) return null;
        var (line, region) = SplitZoneName(text.Trim());
        var parts = new TimeParts();
        foreach (var word in Words(line))
        {
            if (!parts.Take(word)) return null;
        }

        return parts.ToTime(region);
    }

    private static string[] Words(string text)
    {
        var line = text.ToCharArray();
        for (var i = 0; i < line.Length; i++)
        {
            var (before, after) = (i > 0 ? line[i - 1] : ' ', i + 1 < line.Length ? line[i + 1] : ' ');
            if (line[i] is 'T' or 't' or '_' && char.IsAsciiDigit(before) && char.IsAsciiDigit(after)) line[i] = ' ';
            else if (line[i] == ',' && !(char.IsAsciiDigit(before) && char.IsAsciiDigit(after))) line[i] = ' ';
            else if (line[i] == '\u2212') line[i] = '-';
            else if (char.IsWhiteSpace(line[i])) line[i] = ' ';
        }

        return new string(line).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Splits off the zone in JavaScript's parentheses or Java's brackets, and removes Go's monotonic clock.</summary>
    private static (string Line, string? Region) SplitZoneName(string text)
    {
        if (text.IndexOf(" m=", StringComparison.Ordinal) is > 0 and var clock) text = text[..clock];
        var aside = text.EndsWith(')') ? text.IndexOf('(') : text.EndsWith(']') ? text.IndexOf('[') : -1;
        return aside > 0 ? (text[..aside], text[(aside + 1)..^1]) : (text, null);
    }
}
