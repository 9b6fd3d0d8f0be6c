using System.Text;

namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

/// <summary>Makes a text fit for a note. Done when the note is planned: the note that comes back is recognised by the text that was sent.</summary>
internal static class NoteText
{
    /// <summary>
    /// Of UTF-8. PagerDuty takes 65,535 single-byte characters, but the actions that an event leads to share a property of a table row.
    /// Source: developer.pagerduty.com/api-reference, create a note on an incident.
    /// </summary>
    public const int MaxBytes = 16_000;

    private const string Cut = "… (cut: the whole text is in BigPanda)";

    /// <returns>The same text when it fits.</returns>
    public static string Fit(string text)
    {
        // Half a surrogate pair is enumerated as the replacement character.
        if (text.Any(IsUnfit)) text = string.Concat(text.EnumerateRunes().Select(rune => IsUnfit(rune) ? " " : rune.ToString()));
        if (Encoding.UTF8.GetByteCount(text) <= MaxBytes) return text;
        var left = MaxBytes - Encoding.UTF8.GetByteCount(Cut);
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Utf8SequenceLength > left) break;
            left -= rune.Utf8SequenceLength;
            end += rune.Utf16SequenceLength;
        }

        return $"{text[..end]}{Cut}";
    }

    private static bool IsUnfit(char c) => char.IsSurrogate(c) || (char.IsControl(c) && c is not ('\n' or '\t'));

    private static bool IsUnfit(Rune rune) => Rune.IsControl(rune) && rune.Value is not ('\n' or '\t');
}
