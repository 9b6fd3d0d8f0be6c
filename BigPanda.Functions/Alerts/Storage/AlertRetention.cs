using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>Removes alerts resolved long ago, and the oldest rows of very long timelines.</summary>
public sealed class AlertRetention(TableServiceClient tables, AlertStore store)
{
    private readonly TableClient _alerts = tables.GetTableClient(TableNames.Alerts);
    private readonly TableClient _firing = tables.GetTableClient(TableNames.FiringAlerts);
    private readonly TableClient _resolved = tables.GetTableClient(TableNames.ResolvedAlerts);

    /// <returns>How many alerts were removed, at most <paramref name="limit"/>.</returns>
    internal async Task<int> RemoveResolvedAsync(DateTimeOffset cutoff, int limit, CancellationToken cancellationToken)
    {
        var removed = 0;
        // Keys sort newest first.
        var filter = TableClient.CreateQueryFilter($"PartitionKey gt {AlertIndex.SortKey(cutoff, "")} and RowKey eq {AlertIndex.ResolvedRow}");
        string[] columns = ["PartitionKey", "RowKey", "IncidentId"];
        await foreach (var row in _resolved.QueryAsync<TableEntity>(filter, select: columns, cancellationToken: cancellationToken))
        {
            if (removed == limit) break;
            if (!await RemoveAsync(row.GetString("IncidentId"), cutoff, cancellationToken)) continue;
            await _resolved.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
            removed++;
        }

        return removed;
    }

    /// <summary>Keeps the latest <paramref name="rows"/> rows of each firing alert's timeline.</summary>
    /// <returns>How many rows were removed.</returns>
    internal async Task<int> TrimTimelinesAsync(int rows, CancellationToken cancellationToken)
    {
        var removed = 0;
        var filter = TableClient.CreateQueryFilter($"RowKey eq {AlertIndex.FiringRow} and Timeline gt {rows}");
        await foreach (var row in _firing.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            var last = TimelineRows.Key((row.GetInt32("Timeline") ?? 0) - rows);
            var old = TableClient.CreateQueryFilter($"PartitionKey eq {row.PartitionKey} and RowKey ge {TimelineRows.First} and RowKey le {last}");
            removed += await DeleteAsync(old, cancellationToken);
        }

        return removed;
    }

    /// <summary>Removes the alert first, so that no reader finds a part of it.</summary>
    /// <returns>False when the alert fired again or changed since; it stays.</returns>
    private async Task<bool> RemoveAsync(string incidentId, DateTimeOffset cutoff, CancellationToken cancellationToken)
    {
        if (await store.LoadAsync(incidentId, cancellationToken) is { } stored)
        {
            if (stored.Alert.IsFiring || stored.Alert.StatusChangedAt >= cutoff || stored.Pending.Count > 0) return false;
            if (!await store.DeleteAsync(stored, cancellationToken)) return false;
        }

        var partition = TableKey.Of(incidentId);
        var timeline = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {TimelineRows.First} and RowKey lt {TimelineRows.End}");
        await DeleteAsync(timeline, cancellationToken);
        return true;
    }

    private async Task<int> DeleteAsync(string filter, CancellationToken cancellationToken)
    {
        var removed = 0;
        var rows = _alerts.QueryAsync<TableEntity>(filter, EntityLimits.MaxTransactionEntities, ["PartitionKey", "RowKey"], cancellationToken);
        await foreach (var page in rows.AsPages())
        {
            if (page.Values.Count == 0) continue;
            var deletes = page.Values.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All));
            await _alerts.SubmitTransactionAsync(deletes, cancellationToken);
            removed += page.Values.Count;
        }

        return removed;
    }
}
