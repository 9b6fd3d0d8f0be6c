using System.Text;
using ADRaffy.ENSNormalize;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>
/// The text that a search reads, normalized (NFC, lower case) and without repeats, the likeliest first: title, id, environment, hosts,
/// the incident's tags, the alerts' descriptions, sources and tags.
/// </summary>
internal static class SearchText
{
    /// <summary>Fits into one property of a table row. Text beyond it is not searched.</summary>
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

    /// <summary>Not string.Normalize: that does nothing where ICU is not installed.</summary>
    public static string Normalize(string text) => (text.Any(IsUncomposed) ? ENSNormalize.NF.NFC(ReplaceHalfPairs(text)) : text).ToLowerInvariant();

    private static IEnumerable<string?> Parts(string incidentId, AlertContent content) =>
        new[] { content.Title, incidentId, content.Environment?.Name, content.Environment?.Id }
            .Concat(AlertSummary.HostsOf(content))
            .Concat(content.Tags.Values.Select(tag => tag.Text))
            .Concat(content.Alerts.Select(detail => detail.Description))
            .Concat(content.Alerts.Select(detail => detail.Source))
            .Concat(content.Alerts.SelectMany(detail => detail.Tags.Values.Select(tag => tag.Text)));

    /// <summary>Characters below U+0300 are already composed.</summary>
    private static bool IsUncomposed(char c) => c >= '\u0300';

    private static string ReplaceHalfPairs(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
