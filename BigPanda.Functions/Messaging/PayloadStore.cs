using System.Globalization;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Messaging;

/// <summary>
/// Bodies too large for a message, in chunks of one row each. A claim is used by one message only: if two messages shared one,
/// the first to be applied would take the body from the second. A claim starts with its day, so that bodies whose message was
/// dropped as a duplicate can be found and removed by age.
/// </summary>
public sealed class PayloadStore(TableServiceClient tables, TimeProvider time)
{
    private readonly TableClient _table = tables.GetTableClient(TableNames.Payloads);

    internal async Task<string> StoreAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var claim = $"{Day(time.GetUtcNow())}-{Guid.NewGuid():N}";
        var chunks = (bytes.Length + BinaryColumns.MaxBytes - 1) / BinaryColumns.MaxBytes;
        for (var i = 0; i < chunks; i++)
        {
            var chunk = bytes.Slice(i * BinaryColumns.MaxBytes, Math.Min(BinaryColumns.MaxBytes, bytes.Length - i * BinaryColumns.MaxBytes));
            var row = new TableEntity(claim, Row(i)) { ["Chunks"] = chunks };
            BinaryColumns.Write(row, chunk.Span);
            EntityLimits.Check(row);
            await _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        }

        return claim;
    }

    /// <summary>Null when any part is missing.</summary>
    internal async Task<byte[]?> ReadAsync(string claim, CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        for (int i = 0, chunks = 1; i < chunks; i++)
        {
            var found = await _table.GetEntityIfExistsAsync<TableEntity>(claim, Row(i), cancellationToken: cancellationToken);
            if (found is not { HasValue: true, Value: { } row }) return null;
            chunks = row.GetInt32("Chunks") ?? 0;
            whole.Write(BinaryColumns.Read(row));
        }

        return whole.ToArray();
    }

    /// <summary>Removes bodies stored before the cutoff's day; says how many rows went.</summary>
    internal async Task<int> DeleteOlderThanAsync(DateTimeOffset cutoff, CancellationToken cancellationToken)
    {
        var removed = 0;
        var filter = TableClient.CreateQueryFilter($"PartitionKey lt {Day(cutoff)}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
            removed++;
        }

        return removed;
    }

    internal async Task DeleteAsync(string claim, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {claim}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
            await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
    }

    private static string Day(DateTimeOffset time) => time.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static string Row(int chunk) => chunk.ToString("D4", CultureInfo.InvariantCulture);
}
