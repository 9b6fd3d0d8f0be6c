using System.Text.Json;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Connection;

/// <summary>The facts of the connection in Table Storage.</summary>
public sealed class ConnectionStore(TableServiceClient tables)
{
    private const string Partition = "bigpanda";
    private const string Row = "connection";
    private const string Column = "Facts";
    private const string WarnedColumn = "WarnedAtDays";

    private readonly TableClient _table = tables.GetTableClient(TableNames.Connections);

    internal async Task<ConnectionFacts?> FindAsync(CancellationToken cancellationToken) => (await FindWithWarningAsync(cancellationToken)).Facts;

    /// <returns>The facts, and at how many days left the last warning was given.</returns>
    internal async Task<(ConnectionFacts? Facts, int? WarnedAtDays)> FindWithWarningAsync(CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, Row, cancellationToken: cancellationToken);
        if (found is not { HasValue: true, Value: { } row } || row.GetString(Column) is not { } json) return (null, null);
        return (JsonSerializer.Deserialize(json, ConnectionFactsJson.Default.ConnectionFacts), row.GetInt32(WarnedColumn));
    }

    internal Task SaveAsync(ConnectionFacts facts, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, Row) { [Column] = JsonSerializer.Serialize(facts, ConnectionFactsJson.Default.ConnectionFacts) };
        EntityLimits.Check(row);
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    internal Task WarnedAsync(int atDays, CancellationToken cancellationToken) =>
        _table.UpsertEntityAsync(new TableEntity(Partition, Row) { [WarnedColumn] = atDays }, TableUpdateMode.Merge, cancellationToken);

    internal Task RemoveAsync(CancellationToken cancellationToken) => _table.DeleteEntityAsync(Partition, Row, cancellationToken: cancellationToken);
}
