using System.Globalization;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>
/// The rows that lists read: one in FiringAlerts for a firing alert, one in ResolvedAlerts, newest first, for a resolved one. The API's lists
/// take from them which alerts to load, and show the alerts; the console's list shows what the row says (<see cref="ListRow"/>). Each row is a
/// separate partition: a partition takes 2,000 writes a second, and Azurite scans the whole partition for a row.
/// </summary>
public sealed class AlertIndex(TableServiceClient tables)
{
    internal const string FiringRow = "firing";
    internal const string ResolvedRow = "resolved";

    /// <summary>How many events the alert has had.</summary>
    internal const string TimelineColumn = "Timeline";

    /// <summary>Earlier versions wrote none.</summary>
    internal const string AcknowledgedColumn = "Acknowledged";

    private readonly TableClient _firing = tables.GetTableClient(TableNames.FiringAlerts);
    private readonly TableClient _resolved = tables.GetTableClient(TableNames.ResolvedAlerts);

    /// <summary>Writes the alert's row. Safe to repeat. <see cref="RemoveOldAsync"/> comes after it, so that the alert is always listed.</summary>
    /// <param name="keptSince">As in <see cref="KeptSpan"/>.</param>
    internal async Task WriteAsync(Alert alert, DateTimeOffset? keptSince, CancellationToken cancellationToken) =>
        await Table(alert).UpsertEntityAsync(Row(alert, keptSince), TableUpdateMode.Replace, cancellationToken);

    /// <summary>Deletes the row of the list that the alert has left. Makes no call when it has stayed.</summary>
    internal async Task RemoveOldAsync(Alert? before, Alert after, CancellationToken cancellationToken)
    {
        if (before is null || KeysOf(before) is var (partition, key) && (partition, key) == KeysOf(after)) return;
        await RemoveAsync(Table(before), partition, key, after, cancellationToken);
    }

    /// <summary>
    /// Deletes the firing row of an alert that is resolved, where a crash came before <see cref="RemoveOldAsync"/>: the console would show the
    /// alert as firing until the hourly sweep.
    /// </summary>
    internal async Task RemoveLeftBehindAsync(Alert alert, CancellationToken cancellationToken)
    {
        if (!alert.IsFiring) await RemoveAsync(_firing, TableKey.Of(alert.IncidentId), FiringRow, alert, cancellationToken);
    }

    /// <summary>Counts rows: one left behind by a crash counts until it is repaired.</summary>
    internal async Task<IReadOnlyDictionary<string, int>> CountFiringAsync(CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var filter = TableClient.CreateQueryFilter($"RowKey eq {FiringRow}");
        await foreach (var row in _firing.QueryAsync<TableEntity>(filter, select: ["Severity"], cancellationToken: cancellationToken))
        {
            var severity = row.GetString("Severity") is { Length: > 0 } text ? text : "none";
            counts[severity] = counts.GetValueOrDefault(severity) + 1;
        }

        return counts;
    }

    /// <summary>Reads rows: one left behind by a crash is listed until it is repaired.</summary>
    /// <returns>The incidents with their environments; null for none.</returns>
    internal async Task<IReadOnlyDictionary<string, string?>> ListFiringAsync(CancellationToken cancellationToken)
    {
        var firing = new Dictionary<string, string?>();
        var filter = TableClient.CreateQueryFilter($"RowKey eq {FiringRow}");
        await foreach (var row in _firing.QueryAsync<TableEntity>(filter, select: ["IncidentId", "EnvironmentId"], cancellationToken: cancellationToken))
            firing[row.GetString("IncidentId")] = row.GetString("EnvironmentId") is { Length: > 0 } id ? id : null;
        return firing;
    }

    /// <returns>The environments of the resolved alerts that have fired since.</returns>
    internal async Task<IReadOnlySet<string>> ListResolvedEnvironmentsAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var environments = new HashSet<string>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey lt {SortKey(since, "")} and RowKey eq {ResolvedRow}");
        await foreach (var row in _resolved.QueryAsync<TableEntity>(filter, select: ["EnvironmentId"], cancellationToken: cancellationToken))
        {
            if (row.GetString("EnvironmentId") is { Length: > 0 } id) environments.Add(id);
        }

        return environments;
    }

    /// <summary>
    /// Repairs a row without an alert, one of an alert whose row is elsewhere, and one of what the alert was before: its removal was lost, it was written
    /// late, or an earlier version wrote it. A row that changed since it was read stays.
    /// </summary>
    internal async Task RepairAsync(TableEntity row, StoredAlert? stored, CancellationToken cancellationToken)
    {
        if (stored is not null && KeysOf(stored.Alert) == (row.PartitionKey, row.RowKey))
        {
            var now = Row(stored.Alert, stored.Kept.Since);
            await TableRows.UnlessChangedAsync(
                () => Table(stored.Alert).UpdateEntityAsync(now, row.ETag, TableUpdateMode.Replace, cancellationToken), orGone: true);
            return;
        }

        if (stored is not null) await WriteAsync(stored.Alert, stored.Kept.Since, cancellationToken);
        await (row.RowKey == FiringRow ? _firing : _resolved).TryDeleteAsync(row, cancellationToken);
    }

    /// <summary>Orders by firing time, newest first, then by incident id.</summary>
    internal static string SortKey(DateTimeOffset firedAt, string incidentId) =>
        (DateTimeOffset.MaxValue.UtcTicks - firedAt.UtcTicks).ToString("D19", CultureInfo.InvariantCulture) + "|" + TableKey.Of(incidentId);

    internal static string SortKey(Alert alert) => SortKey(alert.Life.LastFiredAt, alert.IncidentId);

    /// <summary>The keys of the alert's row.</summary>
    internal static (string Partition, string Row) KeysOf(Alert alert) =>
        alert.IsFiring ? (TableKey.Of(alert.IncidentId), FiringRow) : (SortKey(alert), ResolvedRow);

    /// <summary>
    /// Deletes a row that is not newer than the alert. An instance that is held up past its lock comes late, and another one may have written the row again
    /// for a later event.
    /// </summary>
    private static async Task RemoveAsync(TableClient table, string partition, string key, Alert after, CancellationToken cancellationToken)
    {
        if (await table.FindAsync(partition, key, ["PartitionKey", "RowKey", TimelineColumn], cancellationToken) is not { } row) return;
        if (!(row.GetInt32(TimelineColumn) > after.TimelineLength)) await table.TryDeleteAsync(row, cancellationToken);
    }

    private TableClient Table(Alert alert) => alert.IsFiring ? _firing : _resolved;

    private static TableEntity Row(Alert alert, DateTimeOffset? keptSince)
    {
        var (partition, key) = KeysOf(alert);
        return new TableEntity(partition, key)
        {
            ["IncidentId"] = alert.IncidentId,
            // Earlier versions read times before 1601, which the table does not take.
            ["FiredAt"] = alert.Life.LastFiredAt > DateTimeOffset.UnixEpoch ? alert.Life.LastFiredAt : DateTimeOffset.UnixEpoch,
            ["MovedAt"] = alert.StatusChangedAt,
            [TimelineColumn] = alert.TimelineLength,
            [KeptSpan.SinceColumn] = KeptSpan.ToStored(keptSince),
            ["Severity"] = alert.Content.Severity ?? "",
            [AcknowledgedColumn] = alert.IsAcknowledged,
            ["EnvironmentId"] = alert.Content.Environment?.Id ?? "",
            ["EnvironmentName"] = alert.Content.Environment?.Name ?? "",
            ["Text"] = SearchText.Of(alert),
            [ListRow.Column] = ListRow.Write(alert),
        };
    }
}
