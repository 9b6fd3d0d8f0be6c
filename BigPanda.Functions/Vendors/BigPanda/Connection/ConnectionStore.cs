using System.Text.Json;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Vendors.BigPanda.Connection;

/// <summary>Stores the facts of each connection by its id. The stored key names the current one.</summary>
public sealed class ConnectionStore(TableServiceClient tables)
{
    private const string Partition = "bigpanda";
    private const string Column = "Facts";
    private const string WarnedColumn = "WarnedAtDays";

    private readonly TableClient _table = tables.GetTableClient(TableNames.Connections);

    /// <returns>The facts, and the days left at the last expiry warning.</returns>
    internal async Task<(ConnectionFacts? Facts, int? WarnedAtDays)> FindAsync(string connectionId, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, connectionId, cancellationToken: cancellationToken);
        if (found is not { HasValue: true, Value: { } row } || row.GetString(Column) is not { } json) return (null, null);
        return (JsonSerializer.Deserialize(json, ConnectionFactsJson.Default.ConnectionFacts), row.GetInt32(WarnedColumn));
    }

    internal Task SaveAsync(string connectionId, ConnectionFacts facts, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, connectionId) { [Column] = JsonSerializer.Serialize(facts, ConnectionFactsJson.Default.ConnectionFacts) };
        EntityLimits.Check(row);
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    internal Task SaveWarningAsync(string connectionId, int atDays, CancellationToken cancellationToken) =>
        _table.UpsertEntityAsync(new TableEntity(Partition, connectionId) { [WarnedColumn] = atDays }, TableUpdateMode.Merge, cancellationToken);

    /// <summary>Deletes the facts and call history that were saved before this time.</summary>
    internal async Task DeleteOlderAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (row.Timestamp < before) await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
        }
    }
}
