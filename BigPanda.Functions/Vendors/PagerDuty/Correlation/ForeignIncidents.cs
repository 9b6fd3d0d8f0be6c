using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.PagerDuty.Correlation;

/// <summary>
/// In shadow mode, notes the incidents that another integration opens for incidents of BigPanda that are known here: what it pages is compared with what the
/// bridge would have paged.
/// </summary>
public sealed class ForeignIncidents(ForeignPageStore store, AlertStore alerts, IOptions<PagerDutyOptions> options)
{
    /// <returns>False when it may belong to an incident whose webhook has not been applied yet: the other integration may be faster.</returns>
    internal async Task<bool> TryNoteAsync(
        PagerDutyEvent evt, IReadOnlyList<PagerDutyAlert> found, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        if (options.Value.Mode != "shadow" || evt.Change is not (PageChange.Triggered or PageChange.Resolved)) return true;
        var at = evt.At(receivedAt);
        var mentions = IncidentMentions.In([evt.IncidentKey, evt.ClientUrl, evt.Title, .. found.SelectMany(alert => alert.Texts)]);
        var isNoted = mentions.Count == 0;
        foreach (var id in mentions)
        {
            if (await alerts.LoadSummaryAsync(id, cancellationToken) is null) continue;
            var page = new ForeignPage(id, new PagerIncident(evt.IncidentId, evt.IncidentUrl))
            {
                OpenedAt = evt.Change == PageChange.Triggered ? at : null,
                ResolvedAt = evt.Change == PageChange.Resolved ? at : null,
            };
            await store.AddAsync(page, cancellationToken);
            isNoted = true;
        }

        return isNoted;
    }
}

/// <summary>Finds what may be an incident id of BigPanda in the texts of another integration's page: keys, links, details.</summary>
internal static class IncidentMentions
{
    private const int MinLength = 8;
    private const int MaxLength = 128;

    /// <summary>Each is looked up.</summary>
    private const int Most = 20;

    public static IReadOnlyList<string> In(IEnumerable<string?> texts) => [.. texts.OfType<string>().SelectMany(Words).Where(IsId).Distinct().Take(Most)];

    /// <summary>The whole text too: an id may have any character.</summary>
    private static IEnumerable<string> Words(string text)
    {
        yield return text;
        var from = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_')) continue;
            yield return text[from..at];
            from = at + 1;
        }
    }

    /// <summary>BigPanda's have letters and digits; words of a sentence have no digit.</summary>
    private static bool IsId(string word) => word.Length is >= MinLength and <= MaxLength && word.Any(char.IsAsciiDigit) && !word.Any(char.IsWhiteSpace);
}
