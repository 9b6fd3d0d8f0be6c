using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Sources.Traffic;

/// <summary>Stores the sources' traffic in Table Storage, a row for each source that every instance adds to.</summary>
public sealed class SourceUsageStore(TableServiceClient tables)
{
    private const string Partition = "usage";
    private const string Column = "Usage";

    private readonly TableClient _table = tables.GetTableClient(TableNames.Sources);

    internal async Task<IReadOnlyDictionary<string, SourceUsage>> ListAsync(CancellationToken cancellationToken)
    {
        var usages = new Dictionary<string, SourceUsage>(StringComparer.Ordinal);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (row.GetString("SourceId") is { } id) usages[id] = Read(row);
        }

        return usages;
    }

    internal async Task<SourceUsage> GetAsync(string sourceId, CancellationToken cancellationToken) =>
        await _table.FindAsync(Partition, TableKey.Of(sourceId), cancellationToken) is { } row ? Read(row) : SourceUsage.None;

    internal Task AddAsync(string sourceId, TrafficSample sample, DateTimeOffset now, CancellationToken cancellationToken) => _table.ChangeAsync(
        Partition,
        TableKey.Of(sourceId),
        row => new TableEntity(Partition, TableKey.Of(sourceId))
        {
            ["SourceId"] = sourceId,
            [Column] = JsonSerializer.Serialize((row is null ? SourceUsage.None : Read(row)).With(sample, now), SourceUsageJson.Default.SourceUsage),
        },
        cancellationToken);

    internal Task RemoveAsync(string sourceId, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(Partition, TableKey.Of(sourceId), cancellationToken: cancellationToken);

    /// <summary>Unreadable counts start again from zero: they must not fail a request.</summary>
    private static SourceUsage Read(TableEntity row)
    {
        try
        {
            if (row.GetString(Column) is not { } json) return SourceUsage.None;
            return JsonSerializer.Deserialize(json, SourceUsageJson.Default.SourceUsage) ?? SourceUsage.None;
        }
        catch (JsonException)
        {
            return SourceUsage.None;
        }
    }
}

[JsonSerializable(typeof(SourceUsage))]
internal sealed partial class SourceUsageJson : JsonSerializerContext;
