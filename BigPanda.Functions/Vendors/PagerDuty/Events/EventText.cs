using System.Globalization;
using System.Text;

namespace BigPanda.Functions.Vendors.PagerDuty.Events;

/// <summary>Makes text from outside fit for an event: without control characters and half surrogate pairs, and of limited length.</summary>
internal static class EventText
{
    private const char Ellipsis = '…';
    private const int LongestCharacter = 64;

    /// <summary>On one line.</summary>
    public static string Line(string text, int limit) => Cut(Clean(Near(text, limit), keepLines: false), limit);

    /// <summary>Line breaks and tabs stay.</summary>
    public static string Lines(string text, int limit) => Cut(Clean(Near(text, limit), keepLines: true), limit);

    /// <summary>Cuts between two characters as a reader sees them, and ends with an ellipsis.</summary>
    public static string Cut(string text, int limit)
    {
        if (text.Length <= limit) return text;
        var (end, next, most) = (0, 0, limit - 1);
        while (end + (next = StringInfo.GetNextTextElementLength(text, end)) <= most) end += next;
        // One character may have any number of marks.
        if (next > LongestCharacter) end = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return $"{text.AsSpan(0, end)}{Ellipsis}";
    }

    /// <summary>What is far behind the limit need not be cleaned: a tag may have megabytes.</summary>
    private static string Near(string text, int limit) => text.Length <= 2 * limit ? text : text[..(2 * limit)];

    private static string Clean(string text, bool keepLines)
    {
        if (!NeedsCleaning(text, keepLines)) return text;
        var clean = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        // Half a surrogate pair is enumerated as the replacement character.
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsDropped(rune, keepLines)) clean.Append(' ');
            else clean.Append(units[..rune.EncodeToUtf16(units)]);
        }

        return clean.ToString();
    }

    private static bool NeedsCleaning(string text, bool keepLines)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c) ? !keepLines || c is not ('\n' or '\t') : char.IsSurrogate(c) || c is '\u2028' or '\u2029') return true;
        }

        return false;
    }

    private static bool IsDropped(Rune rune, bool keepLines) =>
        Rune.IsControl(rune) ? !keepLines || rune.Value is not ('\n' or '\t') : rune.Value is 0x2028 or 0x2029;
}
