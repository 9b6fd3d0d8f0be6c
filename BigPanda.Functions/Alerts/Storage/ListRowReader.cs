using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>
/// Reads what the console's list shows: every firing alert and the resolved ones that fired last, both bounded. One reader serves an instance
/// and remembers the last read: while no firing alert has changed, the resolved ones are read only every third time.
/// </summary>
public sealed class ListRowReader(TableServiceClient tables, AlertStore store)
{
    public const int MaxFiring = 5000;
    public const int MaxResolved = 1000;
    private const int ReadsPerResolved = 3;
    private const int MaxLeft = 20;
    private const int LoadsAtOnce = 16;

    /// <summary>For how many reads an alert is followed that has left the firing ones: a quarter of an hour at one every five seconds.</summary>
    private const int ReadsOfLeft = 180;

    private static readonly string[] Columns = ["PartitionKey", "RowKey", "IncidentId", "FiredAt", "Timeline", ListRow.Column];

    private readonly TableClient _firing = tables.GetTableClient(TableNames.FiringAlerts);
    private readonly TableClient _resolved = tables.GetTableClient(TableNames.ResolvedAlerts);

    /// <summary>Alerts that were firing, and fired longer ago than the resolved ones that are read; each until a number of reads.</summary>
    private IReadOnlyList<(Row Row, int Until)> _left = [];

    private IReadOnlyList<Row> _lastFiring = [];
    private IReadOnlyList<Row> _lastResolved = [];
    private int _reads;

    /// <summary>Not for two callers at once.</summary>
    internal async Task<ListRows> ReadAsync(CancellationToken cancellationToken)
    {
        var firing = await FirstAsync(_firing, AlertIndex.FiringRow, MaxFiring + 1, cancellationToken);
        var isSame = firing.Select(row => (row.SortKey, row.Timeline)).SequenceEqual(_lastFiring.Select(row => (row.SortKey, row.Timeline)));
        var resolved = isSame && _reads % ReadsPerResolved != 0
            ? _lastResolved
            : await FirstAsync(_resolved, AlertIndex.ResolvedRow, MaxResolved, cancellationToken);
        _left = Follow(firing.Concat(resolved).Select(row => row.IncidentId).ToHashSet());
        var left = await Task.WhenAll(_left.Select(entry => FindAsync(entry.Row.SortKey, cancellationToken)));
        (_lastFiring, _lastResolved, _reads) = (firing, resolved, _reads + 1);

        // An alert that has just moved is in both tables: the newer row counts.
        var rows = firing.Concat(resolved).Concat(left.OfType<Row>())
            .GroupBy(row => row.IncidentId).Select(same => same.MaxBy(row => row.Timeline) ?? same.First())
            .OrderBy(row => row.IsFiring ? 0 : 1).ThenBy(row => row.SortKey, StringComparer.Ordinal).ToList();
        var isCut = firing.Count > MaxFiring;
        return new ListRows(await TextsAsync(isCut ? rows[..MaxFiring] : rows, cancellationToken), isCut);
    }

    private IReadOnlyList<(Row Row, int Until)> Follow(HashSet<string> listed) =>
    [
        .. _left.Concat(_lastFiring.Select(row => (Row: row, Until: _reads + ReadsOfLeft)))
            .Where(entry => entry.Until > _reads && !listed.Contains(entry.Row.IncidentId))
            .DistinctBy(entry => entry.Row.IncidentId)
            .TakeLast(MaxLeft),
    ];

    private static async Task<IReadOnlyList<Row>> FirstAsync(TableClient table, string rowKey, int limit, CancellationToken cancellationToken)
    {
        List<Row> rows = [];
        var filter = TableClient.CreateQueryFilter($"RowKey eq {rowKey}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, 1000, Columns, cancellationToken))
        {
            rows.Add(Row.Of(row));
            if (rows.Count == limit) break;
        }

        return rows;
    }

    private async Task<Row?> FindAsync(string sortKey, CancellationToken cancellationToken) =>
        await _resolved.FindAsync(sortKey, AlertIndex.ResolvedRow, Columns, cancellationToken) is { } row ? Row.Of(row) : null;

    private async Task<IReadOnlyList<string>> TextsAsync(IReadOnlyList<Row> rows, CancellationToken cancellationToken)
    {
        var texts = rows.Select(row => row.Text).ToArray();
        var missing = Enumerable.Range(0, rows.Count).Where(i => texts[i] is null);
        var options = new ParallelOptions { MaxDegreeOfParallelism = LoadsAtOnce, CancellationToken = cancellationToken };
        // Rows of an earlier version, until their alerts change.
        await Parallel.ForEachAsync(missing, options, async (i, ct) =>
            texts[i] = await store.LoadSummaryAsync(rows[i].IncidentId, ct) is { } summary ? ListRow.Write(summary) : null);
        return [.. texts.OfType<string>()];
    }

    private sealed record Row(string IncidentId, string SortKey, bool IsFiring, int Timeline, string? Text)
    {
        public static Row Of(TableEntity row)
        {
            var id = row.GetString("IncidentId");
            var isFiring = row.RowKey == AlertIndex.FiringRow;
            var sortKey = isFiring ? AlertIndex.SortKey(row.GetDateTimeOffset("FiredAt") ?? default, id) : row.PartitionKey;
            return new Row(id, sortKey, isFiring, row.GetInt32("Timeline") ?? 0, row.GetString(ListRow.Column));
        }
    }
}

/// <param name="Rows">Each a <see cref="ListRow"/> as JSON.</param>
/// <param name="IsCut">There are more firing alerts than are read.</param>
internal sealed record ListRows(IReadOnlyList<string> Rows, bool IsCut);
