using System.Text.Json;
using System.Text.Json.Serialization;
using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Sources.Traffic;

/// <summary>Stores the sources' traffic in Table Storage, a row for each source that every instance adds to.</summary>
public sealed class SourceUsageStore(TableServiceClient tables)
{
    private const string Partition = "usage";
    private const string Column = "Usage";
    private const int MaxConflicts = 5;

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
        await RowAsync(sourceId, cancellationToken) is { } row ? Read(row) : SourceUsage.None;

    internal async Task AddAsync(string sourceId, TrafficSample sample, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            var found = await RowAsync(sourceId, cancellationToken);
            var row = new TableEntity(Partition, TableKey.Of(sourceId))
            {
                ["SourceId"] = sourceId,
                [Column] = JsonSerializer.Serialize((found is null ? SourceUsage.None : Read(found)).With(sample, now), SourceUsageJson.Default.SourceUsage),
            };
            EntityLimits.Check(row);
            try
            {
                await (found is null
                    ? _table.AddEntityAsync(row, cancellationToken)
                    : _table.UpdateEntityAsync(row, found.ETag, TableUpdateMode.Replace, cancellationToken));
                return;
            }
            catch (RequestFailedException e) when (StorageError.IsConflict(e) && conflicts < MaxConflicts)
            {
            }
        }
    }

    internal Task RemoveAsync(string sourceId, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(Partition, TableKey.Of(sourceId), cancellationToken: cancellationToken);

    private async Task<TableEntity?> RowAsync(string sourceId, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, TableKey.Of(sourceId), cancellationToken: cancellationToken);
        return found is { HasValue: true, Value: { } row } ? row : null;
    }

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
