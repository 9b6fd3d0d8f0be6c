using System.Diagnostics.CodeAnalysis;

namespace BigPanda.Functions.Alerts;

/// <summary>Text from outside, cut to a length and fit to be shown.</summary>
internal static class Wording
{
    /// <summary>Never cuts a surrogate pair in half: that would be no text any more.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Truncate(string? text, int limit)
    {
        if (text is null || text.Length <= limit) return text;
        return text[..(char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit)];
    }

    /// <summary>Bounded, with an ellipsis where it was cut.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Shorten(string? text, int limit) => text is null || text.Length <= limit ? text : Truncate(text, limit - 1) + "…";

    /// <summary>On one line, without control characters.</summary>
    public static string ToLine(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
