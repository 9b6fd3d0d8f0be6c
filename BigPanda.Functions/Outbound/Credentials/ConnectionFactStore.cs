using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Outbound.Credentials;

/// <summary>Stores what is not secret about each connection of a vendor, by its id. The stored credential names the current one.</summary>
/// <param name="partition">Of the vendor's API. The API's call history is in the same one.</param>
public class ConnectionFactStore<T>(TableServiceClient tables, string partition, JsonTypeInfo<T> json)
    where T : class
{
    private const string Column = "Facts";

    /// <summary>Newer facts stay: another request may have saved its facts and not yet its keys.</summary>
    private static readonly TimeSpan MaxConnectTime = TimeSpan.FromHours(1);

    private readonly TableClient _table = tables.GetTableClient(TableNames.Connections);

    /// <returns>Null for a credential that was stored by hand.</returns>
    internal async Task<T?> FindAsync(string connectionId, CancellationToken cancellationToken) =>
        await ReadAsync(connectionId, Column, row => row.GetString(Column), cancellationToken) is { } text ? JsonSerializer.Deserialize(text, json) : null;

    internal Task SaveAsync(string connectionId, T facts, CancellationToken cancellationToken)
    {
        var row = new TableEntity(partition, connectionId) { [Column] = JsonSerializer.Serialize(facts, json) };
        EntityLimits.Check(row);
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>Deletes the facts and call history of earlier connections.</summary>
    /// <param name="except">The id of a connection that is kept.</param>
    internal Task DeleteOldAsync(DateTimeOffset now, string? except, CancellationToken cancellationToken) =>
        DeleteAsync(row => row.Timestamp < now - MaxConnectTime && row.RowKey.Split('|')[0] != except, cancellationToken);

    internal Task DeleteAllAsync(CancellationToken cancellationToken) => DeleteAsync(_ => true, cancellationToken);

    private async Task DeleteAsync(Func<TableEntity, bool> isOver, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (isOver(row)) await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
        }
    }

    private protected async Task<TValue?> ReadAsync<TValue>(
        string connectionId, string column, Func<TableEntity, TValue?> read, CancellationToken cancellationToken) =>
        await _table.FindAsync(partition, connectionId, [column], cancellationToken) is { } row ? read(row) : default;

    private protected Task MergeAsync(string connectionId, string column, object value, CancellationToken cancellationToken) =>
        _table.UpsertEntityAsync(new TableEntity(partition, connectionId) { [column] = value }, TableUpdateMode.Merge, cancellationToken);
}
