using System.Text.Json;
using System.Text.Json.Serialization;
using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Sources;

/// <summary>The alert sources in Table Storage, a row each. Tokens are kept as hashes only.</summary>
public sealed class SourceStore(TableServiceClient tables)
{
    private const string Partition = "source";
    private const int MaxConflicts = 5;

    private readonly TableClient _table = tables.GetTableClient(TableNames.Sources);

    internal async Task<IReadOnlyList<AlertSource>> ListAsync(CancellationToken cancellationToken)
    {
        List<AlertSource> sources = [];
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken)) sources.Add(Read(row));
        return sources;
    }

    internal async Task<AlertSource?> FindAsync(string id, CancellationToken cancellationToken) =>
        await RowAsync(id, cancellationToken) is { } row ? Read(row) : null;

    /// <summary>Does nothing when the id is taken: ids are random, so it is our own, added before an answer was lost.</summary>
    internal async Task AddAsync(AlertSource source, CancellationToken cancellationToken)
    {
        try
        {
            await _table.AddEntityAsync(Row(source), cancellationToken);
        }
        catch (RequestFailedException e) when (StorageFault.IsConflict(e))
        {
        }
    }

    /// <returns>The source as it is now; null when there is none.</returns>
    internal async Task<AlertSource?> ChangeAsync(string id, Func<AlertSource, AlertSource> change, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            if (await RowAsync(id, cancellationToken) is not { } row) return null;
            var before = Read(row);
            var after = change(before);
            if (after == before) return before;
            try
            {
                await _table.UpdateEntityAsync(Row(after), row.ETag, TableUpdateMode.Replace, cancellationToken);
                return after;
            }
            catch (RequestFailedException e) when (StorageFault.IsConflict(e) && conflicts < MaxConflicts)
            {
            }
        }
    }

    internal Task RemoveAsync(string id, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(Partition, TableKey.Of(id), cancellationToken: cancellationToken);

    private async Task<TableEntity?> RowAsync(string id, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, TableKey.Of(id), cancellationToken: cancellationToken);
        return found is { HasValue: true, Value: { } row } ? row : null;
    }

    internal static TableEntity Row(AlertSource source)
    {
        var row = new TableEntity(Partition, TableKey.Of(source.Id))
        {
            ["Name"] = source.Name,
            ["CreatedAt"] = source.CreatedAt,
            ["Source"] = JsonSerializer.Serialize(source, StoredSourceJson.Default.AlertSource),
        };
        EntityLimits.Check(row);
        return row;
    }

    private static AlertSource Read(TableEntity row) =>
        JsonSerializer.Deserialize(row.GetString("Source"), StoredSourceJson.Default.AlertSource) ?? throw new InvalidDataException($"Row {row.RowKey} holds no source.");
}

[JsonSerializable(typeof(AlertSource))]
internal sealed partial class StoredSourceJson : JsonSerializerContext;
