using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Outbound.Limiter;

/// <summary>Removes the leases and pauses of keys that are no longer used: each routing key has its own.</summary>
public sealed class IdleCallSlotStore(TableServiceClient tables)
{
    /// <summary>A lease lasts seconds, and a pause an hour at most.</summary>
    private static readonly TimeSpan IdleAfter = TimeSpan.FromDays(7);

    private readonly TableClient _table = tables.GetTableClient(TableNames.CallSlots);

    internal async Task RemoveAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"Timestamp lt {now - IdleAfter}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            await _table.TryDeleteAsync(row, cancellationToken);
    }
}
