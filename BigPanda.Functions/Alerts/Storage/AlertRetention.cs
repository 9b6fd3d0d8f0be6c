using Azure.Data.Tables;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>Removes alerts resolved long ago, and the oldest rows of very long timelines.</summary>
public sealed partial class AlertRetention(TableServiceClient tables, AlertStore store, ILogger<AlertRetention> logger)
{
    private readonly TableClient _alerts = tables.GetTableClient(TableNames.Alerts);
    private readonly TableClient _firing = tables.GetTableClient(TableNames.FiringAlerts);
    private readonly TableClient _resolved = tables.GetTableClient(TableNames.ResolvedAlerts);

    /// <param name="sendPending">Gets an alert whose actions are still pending: it stays until they are sent.</param>
    /// <returns>How many alerts were removed, at most <paramref name="limit"/>.</returns>
    internal async Task<int> RemoveResolvedAsync(
        DateTimeOffset cutoff, int limit, Func<string, CancellationToken, Task> sendPending, CancellationToken cancellationToken)
    {
        var removed = 0;
        // Keys sort newest first.
        var filter = TableClient.CreateQueryFilter($"PartitionKey gt {AlertIndex.SortKey(cutoff, "")} and RowKey eq {AlertIndex.ResolvedRow}");
        string[] columns = ["PartitionKey", "RowKey", "IncidentId"];
        await foreach (var row in _resolved.QueryAsync<TableEntity>(filter, select: columns, cancellationToken: cancellationToken))
        {
            if (removed == limit) break;
            var incidentId = row.GetString("IncidentId");
            try
            {
                if (!await RemoveAsync(incidentId, cutoff, sendPending, cancellationToken)) continue;
            }
            catch (Exception e) when (StorageError.IsUnreadable(e))
            {
                Log.Unreadable(logger, e, incidentId);
                continue;
            }

            // Where it was written again since, a new alert is listed by it.
            await _resolved.TryDeleteAsync(row, cancellationToken);
            removed++;
        }

        return removed;
    }

    /// <summary>Keeps the latest <paramref name="rows"/> rows of each firing alert's timeline.</summary>
    /// <param name="release">Makes what is kept independent of the rows before this one; false when they must stay for now.</param>
    /// <returns>How many rows were removed.</returns>
    internal async Task<int> TrimTimelinesAsync(int rows, Func<string, int, CancellationToken, Task<bool>> release, CancellationToken cancellationToken)
    {
        var removed = 0;
        var filter = TableClient.CreateQueryFilter($"RowKey eq {AlertIndex.FiringRow} and Timeline gt {rows}");
        await foreach (var row in _firing.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            var old = (row.GetInt32("Timeline") ?? 0) - rows;
            if (!await release(row.GetString("IncidentId"), old + 1, cancellationToken)) continue;
            removed += await _alerts.RemoveAsync(TimelineRows.Between(row.GetString("IncidentId"), 0, old), int.MaxValue, cancellationToken);
        }

        return removed;
    }

    /// <summary>
    /// Removes the alert first, so that no reader finds a part of it. An event that arrives meanwhile makes a new alert, whose timeline begins again with the
    /// same keys: so the rows are listed while the old alert is known to be the only one, and deleted as they were listed.
    /// </summary>
    /// <returns>False when the alert fired again or changed since; it stays.</returns>
    private async Task<bool> RemoveAsync(
        string incidentId, DateTimeOffset cutoff, Func<string, CancellationToken, Task> sendPending, CancellationToken cancellationToken)
    {
        var stored = await store.LoadAsync(incidentId, cancellationToken);
        if (stored is not null)
        {
            if (stored.Alert.IsFiring || stored.Alert.StatusChangedAt >= cutoff) return false;
            // Without its alert a close that waits for a key or a decision would not be sent.
            if (stored.Alert.BigPanda.IsOpen) return false;
            if (stored.Pending.Count > 0)
            {
                await sendPending(incidentId, cancellationToken);
                return false;
            }
        }

        var rows = await ListTimelineAsync(incidentId, cancellationToken);
        if (stored is not null && !await store.DeleteAsync(stored, cancellationToken)) return false;
        while (rows.Count > 0)
        {
            if (stored is null && await store.LoadAsync(incidentId, cancellationToken) is not null) return false;
            if (await DeleteAsync(rows, cancellationToken)) break;
            // Written between the listing and the alert's removal, or by a new alert.
            stored = null;
            rows = await ListTimelineAsync(incidentId, cancellationToken);
        }

        return true;
    }

    private async Task<List<TableEntity>> ListTimelineAsync(string incidentId, CancellationToken cancellationToken) =>
        await _alerts.QueryAsync<TableEntity>(
                TimelineRows.Between(incidentId, 0, int.MaxValue), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken)
            .ToListAsync(cancellationToken);

    /// <returns>False when a row was written since it was listed; it stays.</returns>
    private async Task<bool> DeleteAsync(List<TableEntity> rows, CancellationToken cancellationToken)
    {
        var isDone = true;
        foreach (var batch in rows.Chunk(EntityLimits.MaxTransactionEntities))
        {
            var deletions = batch.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, row.ETag));
            if (await TableRows.UnlessChangedAsync(() => _alerts.SubmitTransactionAsync(deletions, cancellationToken), orGone: true)) continue;
            // One of them is gone or was written again: of the others none was deleted.
            foreach (var row in batch) isDone &= await _alerts.TryDeleteAsync(row, cancellationToken);
        }

        return isDone;
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Error, "Incident {IncidentId}: its alert is not removed, because it cannot be read. If a newer version wrote it, deploy that version")]
        public static partial void Unreadable(ILogger logger, Exception failure, string incidentId);
    }
}
