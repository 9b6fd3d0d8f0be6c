using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts;

/// <summary>
/// Lists alerts, newest change first. All firing alerts' rows are read and sorted (a thousand a call, and there are never many
/// thousands); resolved ones lie sorted in their table and are read as far as the page needs.
/// </summary>
public sealed class AlertListing(TableServiceClient tables, AlertStore store)
{
    /// <summary>A filter that matches almost nothing must not read ninety days of rows in one request.</summary>
    private const int MaxRowsScanned = 5000;

    private const int LoadsAtOnce = 16;
    private readonly TableClient _firing = tables.GetTableClient(TableNames.FiringAlerts);
    private readonly TableClient _resolved = tables.GetTableClient(TableNames.ResolvedAlerts);

    internal async Task<AlertPage> ListAsync(AlertQuery query, CancellationToken cancellationToken)
    {
        List<IndexRow> found = [];
        string? next = null;
        var scanned = 0;
        await foreach (var row in Rows(query, cancellationToken))
        {
            if (found.Count == query.Limit || scanned++ == MaxRowsScanned)
            {
                next = found.Count == query.Limit ? found[^1].SortKey : row.SortKey;
                break;
            }

            if (row.Matches(query)) found.Add(row);
        }

        return new AlertPage(await LoadAsync(found, cancellationToken), next);
    }

    private async IAsyncEnumerable<IndexRow> Rows(AlertQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = query.Status == AlertStatus.Resolved ? [] : await FiringRows(query.After, cancellationToken);
        var at = 0;
        if (query.Status != AlertStatus.Firing)
        {
            await foreach (var row in ResolvedRows(query, cancellationToken))
            {
                while (at < open.Count && string.CompareOrdinal(open[at].SortKey, row.SortKey) < 0) yield return open[at++];
                yield return row;
            }
        }

        while (at < open.Count) yield return open[at++];
    }

    private async Task<List<IndexRow>> FiringRows(string? after, CancellationToken cancellationToken)
    {
        List<IndexRow> rows = [];
        var filter = TableClient.CreateQueryFilter($"RowKey eq {AlertIndex.FiringRow}");
        await foreach (var entity in _firing.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            var row = IndexRow.Of(entity, AlertStatus.Firing);
            if (after is null || string.CompareOrdinal(row.SortKey, after) > 0) rows.Add(row);
        }

        rows.Sort(static (left, right) => string.CompareOrdinal(left.SortKey, right.SortKey));
        return rows;
    }

    private async IAsyncEnumerable<IndexRow> ResolvedRows(AlertQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey gt {query.After ?? ""} and RowKey eq {AlertIndex.ResolvedRow}");
        await foreach (var entity in _resolved.QueryAsync<TableEntity>(filter, query.Limit + 1, cancellationToken: cancellationToken)) yield return IndexRow.Of(entity, AlertStatus.Resolved);
    }

    private async Task<IReadOnlyList<Alert>> LoadAsync(List<IndexRow> rows, CancellationToken cancellationToken)
    {
        var alerts = new Alert?[rows.Count];
        await Parallel.ForAsync(0, rows.Count, new ParallelOptions { MaxDegreeOfParallelism = LoadsAtOnce, CancellationToken = cancellationToken }, async (i, ct) =>
        {
            var stored = await store.LoadAsync(rows[i].IncidentId, ct);
            if (stored?.Alert.Life.Status == rows[i].Status) alerts[i] = stored.Alert;
        });
        return [.. alerts.OfType<Alert>()];
    }

    private sealed record IndexRow(string IncidentId, AlertStatus Status, string SortKey, string Severity, string EnvironmentId, string EnvironmentName, string Text)
    {
        public static IndexRow Of(TableEntity entity, AlertStatus status)
        {
            var incidentId = entity.GetString("IncidentId");
            var sortKey = status == AlertStatus.Resolved ? entity.PartitionKey : AlertIndex.SortKey(entity.GetDateTimeOffset("ChangedAt") ?? default, incidentId);
            return new IndexRow(incidentId, status, sortKey, entity.GetString("Severity"), entity.GetString("EnvironmentId"), entity.GetString("EnvironmentName"), entity.GetString("Text"));
        }

        public bool Matches(AlertQuery query) =>
            (query.Severity is null || Same(query.Severity, Severity))
            && (query.Environment is null || Same(query.Environment, EnvironmentName) || Same(query.Environment, EnvironmentId))
            && (query.Search is null || Text.Contains(query.Search.ToLowerInvariant(), StringComparison.Ordinal));

        private static bool Same(string wanted, string value) => string.Equals(wanted, value, StringComparison.OrdinalIgnoreCase);
    }
}
