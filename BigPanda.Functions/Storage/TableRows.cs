using Azure;
using Azure.Data.Tables;

namespace BigPanda.Functions.Storage;

internal static class TableRows
{
    private const int MaxConflicts = 5;

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
