using Azure;
using Azure.Data.Tables;

namespace BigPanda.Functions.Storage;

internal static class TableRows
{
    private const int MaxConflicts = 5;

    private static readonly string[] Keys = ["PartitionKey", "RowKey"];

    public static Task<TableEntity?> FindAsync(this TableClient table, string partition, string row, CancellationToken cancellationToken) =>
        table.FindAsync(partition, row, null, cancellationToken);

    /// <param name="columns">Null for all.</param>
    /// <returns>The row; null when it does not exist.</returns>
    public static async Task<TableEntity?> FindAsync(
        this TableClient table, string partition, string row, IEnumerable<string>? columns, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, row, columns, cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>Deletes rows, a page of a partition in one transaction. Rows that another call deletes meanwhile are no error.</summary>
    /// <param name="most">Stops after the page that reaches it.</param>
    /// <returns>How many rows were there.</returns>
    public static async Task<int> RemoveAsync(this TableClient table, string filter, int most, CancellationToken cancellationToken)
    {
        var removed = 0;
        await foreach (var page in table.QueryAsync<TableEntity>(filter, EntityLimits.MaxTransactionEntities, Keys, cancellationToken).AsPages())
        {
            foreach (var rows in page.Values.GroupBy(row => row.PartitionKey)) await table.RemoveAsync([.. rows], cancellationToken);
            removed += page.Values.Count;
            if (removed >= most) break;
        }

        return removed;
    }

    public static Task RemovePartitionAsync(this TableClient table, string partition, CancellationToken cancellationToken) =>
        table.RemoveAsync(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), int.MaxValue, cancellationToken);

    /// <summary>Deletes a partition's rows that were not written since.</summary>
    public static Task RemoveOlderAsync(this TableClient table, string partition, DateTimeOffset before, CancellationToken cancellationToken) =>
        table.RemoveAsync(TableClient.CreateQueryFilter($"PartitionKey eq {partition} and Timestamp lt {before}"), int.MaxValue, cancellationToken);

    private static async Task RemoveAsync(this TableClient table, IReadOnlyList<TableEntity> rows, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitTransactionAsync(
                rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellationToken);
        }
        // One of them is gone: of the others none was deleted.
        catch (RequestFailedException e) when (e.Status == 404)
        {
            foreach (var row in rows) await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
        }
    }

    /// <summary>Deletes the row, unless it was written again since it was read.</summary>
    /// <returns>False when it was.</returns>
    public static Task<bool> TryDeleteAsync(this TableClient table, TableEntity row, CancellationToken cancellationToken) =>
        UnlessChangedAsync(() => table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken));

    /// <summary>A write that leaves what another call has written since the rows were read, or has added before.</summary>
    /// <param name="orGone">
    /// Also when a row was deleted since. Without it that is an outage, since the table may be missing; a deletion that finds no row is done anyway.
    /// </param>
    /// <returns>False when nothing was written.</returns>
    public static async Task<bool> UnlessChangedAsync(Func<Task> write, bool orGone = false)
    {
        try
        {
            await write();
            return true;
        }
        catch (RequestFailedException e) when (StorageError.IsConflict(e) || (orGone && e.Status == 404))
        {
            return false;
        }
    }

    /// <summary>Adds or replaces a row. When another instance was faster, reads the row again and applies the change to that.</summary>
    /// <param name="change">Gets the row, null when it does not exist; returns the row to write, null to write none.</param>
    public static async Task ChangeAsync(
        this TableClient table, string partition, string row, Func<TableEntity?, TableEntity?> change, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            var before = await table.FindAsync(partition, row, cancellationToken);
            if (change(before) is not { } after) return;
            EntityLimits.Check(after);
            try
            {
                await (before is null
                    ? table.AddEntityAsync(after, cancellationToken)
                    : table.UpdateEntityAsync(after, before.ETag, TableUpdateMode.Replace, cancellationToken));
                return;
            }
            catch (RequestFailedException e) when (StorageError.IsConflict(e) && conflicts < MaxConflicts)
            {
            }
        }
    }
}
