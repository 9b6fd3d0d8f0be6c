using Azure.Data.Tables;
using BigPanda.Functions.Monitors.Messages;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Monitors.Relay;

/// <summary>When an alert of a kind that never resolves counts as over: a row for each, which every firing moves on.</summary>
public sealed class MonitorOkStore(TableServiceClient tables)
{
    private const string Due = "DueTicks";

    private readonly TableClient _table = tables.GetTableClient(TableNames.MonitorOks);

    internal Task SaveAsync(RelayedAlert alert, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var row = new TableEntity(TableKey.Of(alert.SourceId), IdentityKey.Of(alert.Identity)) { [Due] = due.UtcTicks };
        RelayedAlertRow.Write(row, alert);
        EntityLimits.Check(row);
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>When the alert counts as over; null when no ok of it is to come.</summary>
    internal async Task<DateTimeOffset?> FindDueAsync(string sourceId, string identity, CancellationToken cancellationToken) =>
        (await _table.FindAsync(TableKey.Of(sourceId), IdentityKey.Of(identity), [Due], cancellationToken))?.GetInt64(Due) is { } ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;

    internal Task RemoveAsync(string sourceId, string identity, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(TableKey.Of(sourceId), IdentityKey.Of(identity), cancellationToken: cancellationToken);

    internal Task RemoveSourceAsync(string sourceId, CancellationToken cancellationToken) =>
        _table.RemovePartitionAsync(TableKey.Of(sourceId), cancellationToken);

    /// <summary>A source's that are due: its partition has few rows, as only some kinds of alerts have any.</summary>
    internal async Task<IReadOnlyList<DueOk>> ListDueAsync(string sourceId, DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        List<DueOk> due = [];
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {TableKey.Of(sourceId)} and DueTicks le {now.UtcTicks}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (RelayedAlertRow.Read(sourceId, row) is not { } alert) continue;
            due.Add(new DueOk(alert, new DateTimeOffset(row.GetInt64(Due) ?? 0, TimeSpan.Zero)));
            if (due.Count == most) break;
        }

        return due;
    }
}

/// <param name="Alert">As it fired last.</param>
internal sealed record DueOk(RelayedAlert Alert, DateTimeOffset Due);
