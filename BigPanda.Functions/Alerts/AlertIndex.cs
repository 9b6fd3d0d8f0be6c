using System.Globalization;
using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts;

/// <summary>
/// The small rows that alerts are listed by. A firing alert has a row in FiringAlerts, a resolved one in ResolvedAlerts, fired last
/// first. They say which alerts to load and are never believed: what is shown comes from the alert itself, so a row that a
/// crash left behind shows nothing wrong. Each row is a partition of its own: a partition takes 2,000 writes a second at most, and
/// Azurite looks through a whole partition for a row.
/// </summary>
public sealed class AlertIndex(TableServiceClient tables)
{
    internal const string FiringRow = "firing";
    internal const string ResolvedRow = "resolved";

    private readonly TableClient _firing = tables.GetTableClient(TableNames.FiringAlerts);
    private readonly TableClient _resolved = tables.GetTableClient(TableNames.ResolvedAlerts);

    /// <summary>Moves the alert to its place. Safe to repeat. The new row comes first: at no time is the alert in neither table.</summary>
    internal async Task UpdateAsync(Alert? before, Alert after, CancellationToken cancellationToken)
    {
        var row = Row(after);
        await Table(after).UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        if (before is null || KeysOf(before) is var (partition, key) && (partition, key) == (row.PartitionKey, row.RowKey)) return;
        await Table(before).DeleteEntityAsync(partition, key, cancellationToken: cancellationToken);
    }

    /// <summary>Rows, not alerts: one that a crash left behind counts until it is repaired.</summary>
    internal async Task<IReadOnlyDictionary<string, int>> CountFiringAsync(CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var filter = TableClient.CreateQueryFilter($"RowKey eq {FiringRow}");
        await foreach (var row in _firing.QueryAsync<TableEntity>(filter, select: ["Severity"], cancellationToken: cancellationToken))
        {
            var severity = row.GetString("Severity") is { Length: > 0 } said ? said : "none";
            counts[severity] = counts.GetValueOrDefault(severity) + 1;
        }

        return counts;
    }

    /// <summary>
    /// Puts right a row that names no alert, or one that belongs elsewhere: its removal was lost, or an earlier version wrote it. A row that
    /// has changed since it was read stays.
    /// </summary>
    internal async Task RepairAsync(TableEntity row, Alert? alert, CancellationToken cancellationToken)
    {
        if (alert is not null) await Table(alert).UpsertEntityAsync(Row(alert), TableUpdateMode.Replace, cancellationToken);
        var table = row.RowKey == FiringRow ? _firing : _resolved;
        try
        {
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
        }
        catch (RequestFailedException e) when (StorageError.IsConflict(e))
        {
        }
    }

    /// <summary>Keys in this order are fired last first, and one incident's apart from another's at the same instant.</summary>
    internal static string SortKey(DateTimeOffset firedAt, string incidentId) =>
        (DateTimeOffset.MaxValue.UtcTicks - firedAt.UtcTicks).ToString("D19", CultureInfo.InvariantCulture) + "|" + TableKey.Of(incidentId);

    internal static string SortKey(Alert alert) => SortKey(alert.Life.LastFiredAt, alert.IncidentId);

    /// <summary>The keys of the row that an alert is listed by.</summary>
    internal static (string Partition, string Row) KeysOf(Alert alert) => alert.IsFiring ? (TableKey.Of(alert.IncidentId), FiringRow) : (SortKey(alert), ResolvedRow);

    private TableClient Table(Alert alert) => alert.IsFiring ? _firing : _resolved;

    private static TableEntity Row(Alert alert)
    {
        var (partition, key) = KeysOf(alert);
        return new TableEntity(partition, key)
        {
            ["IncidentId"] = alert.IncidentId,
            ["FiredAt"] = alert.Life.LastFiredAt,
            ["MovedAt"] = alert.StatusChangedAt,
            ["Timeline"] = alert.TimelineLength,
            ["Severity"] = alert.Content.Severity ?? "",
            ["EnvironmentId"] = alert.Content.Environment?.Id ?? "",
            ["EnvironmentName"] = alert.Content.Environment?.Name ?? "",
            ["Text"] = SearchText.Of(alert),
        };
    }
}
