using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>
/// A host that was killed holds its part of the rate limits for 20 seconds more. A run with many kills does not wait for that: the leases are released as a
/// stopping host does it.
/// </summary>
internal static class DeadLeases
{
    public static async Task ReleaseAsync(string connectionString)
    {
        var table = new TableServiceClient(connectionString).GetTableClient(TableNames.CallSlots);
        await foreach (var row in table.QueryAsync<TableEntity>(row => row.RowKey.CompareTo("slot-") >= 0 && row.RowKey.CompareTo("slot.") < 0))
        {
            var released = new TableEntity(row.PartitionKey, row.RowKey) { ["Holder"] = "" };
            // The host that runs now may have taken it meanwhile.
            await TableRows.UnlessChangedAsync(() => table.UpdateEntityAsync(released, row.ETag, TableUpdateMode.Replace));
        }
    }
}
