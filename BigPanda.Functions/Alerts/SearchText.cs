using System.Text;
using ADRaffy.ENSNormalize;

namespace BigPanda.Functions.Alerts;

/// <summary>
/// The text that a search looks through, and the form in which it is compared: composed (NFC) and in lower case. The likeliest comes first,
/// each text once: title, id, environment, hosts, the incident's tags, the alerts' descriptions, sources and tags.
/// </summary>
internal static class SearchText
{
    /// <summary>One property of a table row, with room to spare. What lies beyond is not found by a search.</summary>
    public const int MaxChars = 30_000;

    public static string Of(Alert alert)
    {
        var content = alert.Content;
        var text = new StringBuilder();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in Parts(alert.IncidentId, content))
        {
            if (text.Length >= MaxChars) break;
            if (string.IsNullOrWhiteSpace(part) || !seen.Add(part)) continue;
            text.Append(Normalize(part)).Append('\n');
        }

        return Wording.Truncate(text.ToString(), MaxChars);
    }

    /// <summary>.NET's own normalization does nothing without ICU, which a bare machine lacks.</summary>
    public static string Normalize(string text) => (text.Any(IsUncomposed) ? ENSNormalize.NF.NFC(ReplaceHalfPairs(text)) : text).ToLowerInvariant();

    private static IEnumerable<string?> Parts(string incidentId, AlertContent content) =>
        new[] { content.Title, incidentId, content.Environment?.Name, content.Environment?.Id }
            .Concat(AlertSummary.HostsOf(content))
            .Concat(content.Tags.Values.Select(tag => tag.Text))
            .Concat(content.Alerts.Select(detail => detail.Description))
            .Concat(content.Alerts.Select(detail => detail.Source))
            .Concat(content.Alerts.SelectMany(detail => detail.Tags.Values.Select(tag => tag.Text)));

    /// <summary>Only text with combining marks, or letters that have another canonical form, can change: those lie above the Latin blocks.</summary>
    private static bool IsUncomposed(char c) => c >= '\u0300';

    private static string ReplaceHalfPairs(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
