using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Vendors.PagerDuty.Events;

namespace BigPanda.Functions.Vendors.PagerDuty.Pages;

/// <summary>
/// The pages by their dedup keys, and by PagerDuty's incidents, of which one may stand for several pages when PagerDuty groups or merges them. A small row each
/// lists those that are open.
/// </summary>
public sealed class PageStore(TableServiceClient tables)
{
    private const string PagePartition = "page";
    private const string OpenPartition = "open";
    private const string PagerPartition = "pager|";

    /// <summary>The character after the bar: the partitions of all incidents are before it.</summary>
    private const string PagerEnd = "pager}";
    private const string KeyColumn = "Key";
    private const string PagerIdColumn = "PagerId";
    private const string PagerUrlColumn = "PagerUrl";

    private readonly TableClient _table = tables.GetTableClient(TableNames.Pages);

    internal async Task<StoredPage?> FindAsync(DedupKey key, CancellationToken cancellationToken) =>
        await _table.FindAsync(PagePartition, Row(key), cancellationToken) is { } row ? Read(row) : null;

    /// <returns>Every page that the incident is known to stand for.</returns>
    internal async Task<IReadOnlyList<StoredPage>> FindByPagerIncidentAsync(string pagerIncidentId, CancellationToken cancellationToken)
    {
        List<StoredPage> found = [];
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Pager(pagerIncidentId)}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (await _table.FindAsync(PagePartition, row.RowKey, cancellationToken) is { } page && Read(page) is { } read) found.Add(read);
        }

        return found;
    }

    /// <summary>Reads the page and writes it as changed, again if another instance was faster.</summary>
    /// <param name="first">What is stored when nothing is yet; null stores nothing then.</param>
    /// <returns>What is stored afterwards; null when nothing is.</returns>
    internal async Task<StoredPage?> ChangeAsync(
        DedupKey key, StoredPage? first, Func<StoredPage, StoredPage> change, CancellationToken cancellationToken)
    {
        StoredPage? before = null, after = null;
        await _table.ChangeAsync(
            PagePartition, Row(key),
            row =>
            {
                before = row is null ? null : Read(row);
                after = (before ?? first) is { } page ? change(page) : null;
                return after is null || after == before ? null : Write(after);
            },
            cancellationToken);
        // After the page: whoever finds one of these rows finds the page, and a redelivery writes what a crash here has left out.
        if (after is null) return null;
        if (after.Incident is { } incident)
            await _table.UpsertEntityAsync(new TableEntity(Pager(incident.Id), Row(key)), TableUpdateMode.Replace, cancellationToken);
        if (after.IsOver) await _table.DeleteEntityAsync(OpenPartition, Row(key), cancellationToken: cancellationToken);
        // It may have been opened again, and listed, between those two writes: a webhook and an action are handled beside each other.
        if (!after.IsOver || await FindAsync(key, cancellationToken) is { IsOver: false })
            await _table.UpsertEntityAsync(new TableEntity(OpenPartition, Row(key)), TableUpdateMode.Replace, cancellationToken);
        return after;
    }

    /// <summary>Notes PagerDuty's incident of a page, as found by its alerts' keys or by the address that a webhook repeats.</summary>
    /// <returns>Null when the key has only the incident's hash, and the page is not known.</returns>
    internal Task<StoredPage?> LinkAsync(DedupKey key, PagerIncident incident, CancellationToken cancellationToken)
    {
        var first = key.IncidentId is { } incidentId ? new StoredPage(key, incidentId) : null;
        return ChangeAsync(key, first, page => page with { Incident = incident }, cancellationToken);
    }

    /// <summary>The page was resolved in PagerDuty, or opened or reopened there. A change that comes late, after a newer one, does not count.</summary>
    /// <param name="at">By PagerDuty's clock; null for what was seen here, which counts whatever is known.</param>
    internal Task<StoredPage?> MarkAsync(DedupKey key, bool isOver, DateTimeOffset? at, CancellationToken cancellationToken) => ChangeAsync(
        key, null, page => page.ChangedAt > at ? page : page with { IsOver = isOver, ChangedAt = at ?? page.ChangedAt }, cancellationToken);

    /// <summary>Those that may be open: one that was resolved by a person may still be listed.</summary>
    internal async IAsyncEnumerable<StoredPage> ListOpenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {OpenPartition}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (await _table.FindAsync(PagePartition, row.RowKey, cancellationToken) is { } page && Read(page) is { IsOver: false } open) yield return open;
        }
    }

    /// <summary>Removes the pages that are over and have not changed since.</summary>
    internal async Task<int> RemoveOldAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var removed = 0;
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {PagePartition} and Timestamp lt {before}") + $" and {nameof(StoredPage.IsOver)} eq true";
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            // First, since it may just have been opened again. Whoever finds one of the others finds no page then.
            if (!await _table.TryDeleteAsync(row, cancellationToken)) continue;
            if (row.GetString(PagerIdColumn) is { } pager) await _table.DeleteEntityAsync(Pager(pager), row.RowKey, cancellationToken: cancellationToken);
            await _table.DeleteEntityAsync(OpenPartition, row.RowKey, cancellationToken: cancellationToken);
            removed++;
        }

        await RemoveFormerAsync(before, cancellationToken);
        return removed;
    }

    /// <summary>After a merge the page's row names the other incident alone: a row of an earlier one is removed when its page is gone.</summary>
    private async Task RemoveFormerAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {PagerPartition} and PartitionKey lt {PagerEnd} and Timestamp lt {before}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            if (await _table.FindAsync(PagePartition, row.RowKey, ["PartitionKey"], cancellationToken) is null)
                await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
        }
    }

    private static string Row(DedupKey key) => TableKey.Of(key.Text);

    private static string Pager(string incidentId) => PagerPartition + TableKey.Of(incidentId);

    private static TableEntity Write(StoredPage page) => new(PagePartition, Row(page.Key))
    {
        [KeyColumn] = page.Key.Text,
        [nameof(StoredPage.IncidentId)] = page.IncidentId,
        [PagerIdColumn] = page.Incident?.Id,
        [PagerUrlColumn] = page.Incident?.Url,
        [nameof(StoredPage.IsOver)] = page.IsOver,
        [nameof(StoredPage.ChangedAt)] = page.ChangedAt,
        [nameof(StoredPage.Triggers)] = page.Triggers,
        [nameof(StoredPage.Resolves)] = page.Resolves,
        [nameof(StoredPage.Checks)] = page.Checks,
        [nameof(StoredPage.Shown)] = page.Shown,
        [nameof(StoredPage.ShownBy)] = page.ShownBy,
        [nameof(StoredPage.ShownFiring)] = page.ShownFiring?.UtcTicks,
        [nameof(StoredPage.ShownSince)] = page.ShownSince,
        [nameof(StoredPage.Opening)] = page.Opening?.ToJson(),
        [nameof(StoredPage.IsWithoutNotes)] = page.IsWithoutNotes,
    };

    /// <returns>Null for a row that is damaged.</returns>
    private static StoredPage? Read(TableEntity row)
    {
        if (!DedupKey.TryRead(row.GetString(KeyColumn), out var key) || row.GetString(nameof(StoredPage.IncidentId)) is not { } incidentId) return null;
        return new StoredPage(key, incidentId)
        {
            Incident = row.GetString(PagerIdColumn) is { } id ? new PagerIncident(id, row.GetString(PagerUrlColumn)) : null,
            IsOver = row.GetBoolean(nameof(StoredPage.IsOver)) == true,
            ChangedAt = row.GetDateTimeOffset(nameof(StoredPage.ChangedAt)),
            Triggers = row.GetInt32(nameof(StoredPage.Triggers)) ?? 0,
            Resolves = row.GetInt32(nameof(StoredPage.Resolves)) ?? 0,
            Checks = row.GetInt32(nameof(StoredPage.Checks)) ?? 0,
            Shown = row.GetString(nameof(StoredPage.Shown)),
            ShownBy = row.GetString(nameof(StoredPage.ShownBy)),
            ShownFiring = row.GetInt64(nameof(StoredPage.ShownFiring)) is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
            ShownSince = row.GetDateTimeOffset(nameof(StoredPage.ShownSince)),
            Opening = ShownFacts.Read(row.GetString(nameof(StoredPage.Opening))),
            IsWithoutNotes = row.GetBoolean(nameof(StoredPage.IsWithoutNotes)) == true,
        };
    }
}
