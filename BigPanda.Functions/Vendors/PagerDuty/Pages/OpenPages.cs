using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Alerts.Storage;

namespace BigPanda.Functions.Vendors.PagerDuty.Pages;

/// <summary>A page that PagerDuty shows as open, as far as its alert knows.</summary>
internal sealed record OpenPage(string IncidentId, Page Page);

/// <summary>Finds the open pages by their rows, and checks each with its alert: a page that a person resolved in PagerDuty may still be listed.</summary>
public sealed class OpenPages(PageStore pages, AlertStore alerts)
{
    /// <param name="most">The most that are returned.</param>
    internal async Task<IReadOnlyList<OpenPage>> ListAsync(int most, CancellationToken cancellationToken)
    {
        List<OpenPage> open = [];
        await foreach (var stored in pages.ListOpenAsync(cancellationToken))
        {
            if (await FindAsync(stored, cancellationToken) is { } page) open.Add(page);
            if (open.Count == most) break;
        }

        return open;
    }

    /// <summary>Removes the rows of pages that are over from the list: no action of ours ends what a person has resolved.</summary>
    internal async Task<int> RepairAsync(CancellationToken cancellationToken)
    {
        var repaired = 0;
        await foreach (var stored in pages.ListOpenAsync(cancellationToken))
        {
            if (await FindAsync(stored, cancellationToken) is null) repaired++;
        }

        return repaired;
    }

    /// <returns>Null for a page that is over, whose row is corrected.</returns>
    private async Task<OpenPage?> FindAsync(StoredPage stored, CancellationToken cancellationToken)
    {
        var page = (await alerts.LoadAsync(stored.IncidentId, cancellationToken))?.Alert.PagerDuty?.Find(stored.PageId);
        if (page is { Status: not PageStatus.Resolved }) return new OpenPage(stored.IncidentId, page);
        // An alert that does not know of the newest change yet does not end the page.
        var knownAt = page?.TriggeredAt > page?.ChangedAt ? page?.TriggeredAt : page?.ChangedAt ?? page?.TriggeredAt;
        await pages.MarkAsync(stored.Key, isOver: true, knownAt, cancellationToken);
        return null;
    }
}
