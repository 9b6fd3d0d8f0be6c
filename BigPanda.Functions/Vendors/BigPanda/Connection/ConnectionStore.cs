using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Vendors.BigPanda.Api;

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
        if (await _table.FindAsync(Partition, connectionId, cancellationToken) is not { } row || row.GetString(Column) is not { } json) return (null, null);
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

/// <summary>What was known of a key when it was connected.</summary>
internal sealed record ConnectionFacts
{
    public IReadOnlyList<BigPandaEnvironment> Environments { get; init => field = value ?? []; } = [];

    /// <summary>May exceed the number listed.</summary>
    public int EnvironmentCount { get; init; }

    public required string ConnectedBy { get; init; }
    public required DateTimeOffset ConnectedAt { get; init; }
    public DateTimeOffset? ExpiresOn { get; init; }

    /// <returns>Whole days until the key expires; negative after that.</returns>
    public int? DaysLeft(DateTimeOffset now) => ExpiresOn is { } end ? (int)Math.Floor((end - now).TotalDays) : null;
}

[JsonSerializable(typeof(ConnectionFacts))]
internal sealed partial class ConnectionFactsJson : JsonSerializerContext;
