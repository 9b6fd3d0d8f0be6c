using System.Runtime.CompilerServices;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Alerts.Storage;

namespace BigPanda.Functions.Vendors.PagerDuty.Pages;

/// <summary>A page that PagerDuty shows as open, as far as its alert knows.</summary>
internal sealed record OpenPage(Alert Alert, Page Page)
{
    public string IncidentId => Alert.IncidentId;
}

/// <summary>Finds the open pages by their rows, and checks each with its alert: a page that a person resolved in PagerDuty may still be listed.</summary>
public sealed class OpenPages(PageStore pages, AlertStore alerts)
{
    /// <param name="most">The most that are returned.</param>
    internal ValueTask<List<OpenPage>> ListAsync(int most, CancellationToken cancellationToken) =>
        ListAsync(cancellationToken).Take(most).ToListAsync(cancellationToken);

    /// <summary>All of them. The rows of pages that are over are removed from the list: no action of ours ends what a person has resolved.</summary>
    internal async IAsyncEnumerable<OpenPage> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var stored in pages.ListOpenAsync(cancellationToken))
        {
            if (await FindAsync(stored, cancellationToken) is { } page) yield return page;
        }
    }

    /// <returns>Null for a page that is over, whose row is corrected.</returns>
    private async Task<OpenPage?> FindAsync(StoredPage stored, CancellationToken cancellationToken)
    {
        var alert = (await alerts.LoadAsync(stored.IncidentId, cancellationToken))?.Alert;
        var page = alert?.PagerDuty?.Find(stored.PageId);
        if (alert is not null && page is { Status: not PageStatus.Resolved }) return new OpenPage(alert, page);
        // An alert that does not know of the newest change yet does not end the page.
        var knownAt = page?.TriggeredAt > page?.ChangedAt ? page?.TriggeredAt : page?.ChangedAt ?? page?.TriggeredAt;
        await pages.MarkAsync(stored.Key, isOver: true, knownAt, cancellationToken);
        return null;
    }
}
