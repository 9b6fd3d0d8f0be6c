using System.Diagnostics.CodeAnalysis;

namespace BigPanda.Functions.Alerts.Rules.Content;

/// <summary>Limits and cleans text from outside.</summary>
internal static class Wording
{
    /// <summary>Never splits a surrogate pair.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Truncate(string? text, int limit)
    {
        if (text is null || text.Length <= limit) return text;
        return text[..(char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit)];
    }

    /// <summary>Truncates with an ellipsis.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Shorten(string? text, int limit) => text is null || text.Length <= limit ? text : Truncate(text, limit - 1) + "…";

    /// <summary>Replaces control characters, line breaks among them, with spaces.</summary>
    public static string ToLine(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;

    /// <summary>The words with one space between them: other systems change white space.</summary>
    public static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
