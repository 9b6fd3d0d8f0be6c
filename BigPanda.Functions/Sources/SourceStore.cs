using Azure.Data.Tables;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Sources;

/// <summary>Stores the alert sources in Table Storage, a row each, with their tokens' hashes only.</summary>
public sealed partial class SourceStore(TableServiceClient tables, ILogger<SourceStore> logger)
{
    private const string Partition = "source";

    private readonly TableClient _table = tables.GetTableClient(TableNames.Sources);

    internal async Task<IReadOnlyList<AlertSource>> ListAsync(CancellationToken cancellationToken)
    {
        List<AlertSource> sources = [];
        // Not CreateQueryFilter, which loads .NET's XML library while the first webhook after a start waits.
        await foreach (var row in _table.QueryAsync<TableEntity>($"PartitionKey eq '{Partition}'", cancellationToken: cancellationToken))
        {
            if (Read(row) is { } source) sources.Add(source);
        }

        return sources;
    }

    internal async Task<AlertSource?> FindAsync(string id, CancellationToken cancellationToken) =>
        await FindRowAsync(id, cancellationToken) is { } row ? Read(row) : null;

    /// <summary>An existing id is not an error: ids are random, so it was added by an attempt whose response was lost.</summary>
    internal Task AddAsync(AlertSource source, CancellationToken cancellationToken) =>
        TableRows.UnlessChangedAsync(() => _table.AddEntityAsync(Row(source), cancellationToken));

    /// <returns>The changed source; null when it does not exist.</returns>
    internal async Task<AlertSource?> ChangeAsync(string id, Func<AlertSource, AlertSource> change, CancellationToken cancellationToken)
    {
        AlertSource? changed = null;
        await _table.ChangeAsync(
            Partition,
            TableKey.Of(id),
            row =>
            {
                if (row is null || Read(row) is not { } before)
                {
                    changed = null;
                    return null;
                }

                changed = change(before);
                return changed == before ? null : Row(changed);
            },
            cancellationToken);
        return changed;
    }

    /// <returns>Whether there is a row, and the source's kind; null for a damaged row.</returns>
    internal async Task<(bool Exists, SourceKind? Kind)> FindKindAsync(string id, CancellationToken cancellationToken) =>
        await FindRowAsync(id, cancellationToken) is { } row ? (true, Read(row)?.Kind) : (false, null);

    internal Task RemoveAsync(string id, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(Partition, TableKey.Of(id), cancellationToken: cancellationToken);

    private Task<TableEntity?> FindRowAsync(string id, CancellationToken cancellationToken) =>
        _table.FindAsync(Partition, TableKey.Of(id), cancellationToken);

    internal static TableEntity Row(AlertSource source)
    {
        var row = new TableEntity(Partition, TableKey.Of(source.Id))
        {
            ["Name"] = source.Name,
            ["CreatedAt"] = source.CreatedAt,
            ["Source"] = StoredSource.Write(source),
        };
        EntityLimits.Check(row);
        return row;
    }

    /// <returns>Null for a damaged row, which must not keep the others from being read.</returns>
    private AlertSource? Read(TableEntity row)
    {
        if (row.GetString("Source") is { } json && StoredSource.Read(json) is { } source) return source;
        Log.Unreadable(logger, row.RowKey);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Error, "Could not read the row {RowKey} of the alert sources; its webhooks are refused. "
            + "If no newer version of the app wrote it, delete the source and create it again")]
        public static partial void Unreadable(ILogger logger, string rowKey);
    }
}
