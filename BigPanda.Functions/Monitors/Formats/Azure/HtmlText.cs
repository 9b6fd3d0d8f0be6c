using System.Net;
using System.Text;

namespace BigPanda.Functions.Monitors.Formats.Azure;

/// <summary>The text of the HTML in which Azure Service Health writes. BigPanda shows a description as it is.</summary>
internal static class HtmlText
{
    /// <summary>More than a description holds.</summary>
    private const int MaxLength = 16 * 1024;

    public static string Of(string html)
    {
        var rest = html.AsSpan(0, Math.Min(html.Length, MaxLength));
        var text = new StringBuilder(rest.Length);
        for (int at; (at = rest.IndexOf('<')) >= 0;)
        {
            text.Append(rest[..at]);
            rest = rest[at..];
            if (!IsTag(rest))
            {
                text.Append('<');
                rest = rest[1..];
                continue;
            }

            if (rest.IndexOf('>') is not (>= 0 and var end)) return Words(text);
            text.Append(' ');
            rest = rest[(end + 1)..];
        }

        return Words(text.Append(rest));
    }

    private static bool IsTag(ReadOnlySpan<char> rest) => rest.Length > 1 && (char.IsAsciiLetter(rest[1]) || rest[1] is '/' or '!');

    private static string Words(StringBuilder text) =>
        string.Join(' ', WebUtility.HtmlDecode(text.ToString()).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
