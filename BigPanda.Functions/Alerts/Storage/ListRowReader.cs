using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>
/// Reads what the console's list shows: every firing alert and the resolved ones that fired last, both bounded. One reader serves an instance
/// and remembers the last read: the resolved ones are read when a firing one has left, or when nothing else can be what an event has changed.
/// </summary>
public sealed class ListRowReader(TableServiceClient tables, AlertStore store, TimeProvider time)
{
    public const int MaxFiring = 5000;
    public const int MaxResolved = 1000;
    private const int MaxLeft = 20;
    private const int LoadsAtOnce = 16;

    /// <summary>For how long an alert is followed that has left the firing ones.</summary>
    private static readonly TimeSpan Followed = TimeSpan.FromMinutes(15);

    /// <summary>Then the resolved ones are read in any case: an alert may have fired and been resolved between two reads.</summary>
    private static readonly TimeSpan MaxAgeOfResolved = TimeSpan.FromMinutes(2);

    private static readonly string[] Columns = ["PartitionKey", "RowKey", "IncidentId", "FiredAt", "Timeline", ListRow.Column];

    private readonly TableClient _firing = tables.GetTableClient(TableNames.FiringAlerts);
    private readonly TableClient _resolved = tables.GetTableClient(TableNames.ResolvedAlerts);

    /// <summary>Alerts that were firing, and fired longer ago than the resolved ones that are read; each with the time of the read that missed it.</summary>
    private IReadOnlyList<(Row Row, long Since)> _left = [];

    private IReadOnlyList<Row> _lastFiring = [];
    private IReadOnlyList<Row> _lastResolved = [];
    private long? _resolvedAt;

    /// <summary>Not for two callers at once.</summary>
    /// <param name="isPrompted">An event is the reason: something has probably changed.</param>
    /// <param name="hasResolved">A resolved one is known to have changed.</param>
    internal async Task<ListRows> ReadAsync(bool isPrompted, bool hasResolved, CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        var (firing, readAt) = await FirstAsync(_firing, AlertIndex.FiringRow, MaxFiring + 1, cancellationToken);
        var readsResolved = hasResolved || NeedsResolved(firing, isPrompted);
        var resolved = readsResolved ? (await FirstAsync(_resolved, AlertIndex.ResolvedRow, MaxResolved, cancellationToken)).Rows : _lastResolved;
        _left = Follow(firing.Concat(resolved).Select(row => row.IncidentId).ToHashSet(), now);
        var left = await Task.WhenAll(_left.Select(entry => FindAsync(entry.Row.SortKey, cancellationToken)));
        (_lastFiring, _lastResolved, _resolvedAt) = (firing, resolved, readsResolved ? now : _resolvedAt);

        // An alert that has just moved is in both tables: the newer row counts.
        var rows = firing.Concat(resolved).Concat(left.OfType<Row>())
            .GroupBy(row => row.IncidentId).Select(same => same.MaxBy(row => row.Timeline) ?? same.First())
            .OrderBy(row => row.IsFiring ? 0 : 1).ThenBy(row => row.SortKey, StringComparer.Ordinal).ToList();
        var isCut = firing.Count > MaxFiring;
        return new ListRows(await TextsAsync(isCut ? rows[..MaxFiring] : rows, cancellationToken), isCut, readAt);
    }

    private bool NeedsResolved(IReadOnlyList<Row> firing, bool isPrompted)
    {
        if (_resolvedAt is not { } resolvedAt || time.GetElapsedTime(resolvedAt) >= MaxAgeOfResolved) return true;
        var states = firing.Select(row => (row.IncidentId, row.Timeline)).ToHashSet();
        var isSame = states.SetEquals(_lastFiring.Select(row => (row.IncidentId, row.Timeline)));
        if (isSame) return isPrompted;
        var ids = firing.Select(row => row.IncidentId).ToHashSet();
        return _lastFiring.Any(row => !ids.Contains(row.IncidentId));
    }

    private IReadOnlyList<(Row Row, long Since)> Follow(HashSet<string> listed, long now) =>
    [
        .. _left.Concat(_lastFiring.Select(row => (Row: row, Since: now)))
            .Where(entry => time.GetElapsedTime(entry.Since, now) < Followed && !listed.Contains(entry.Row.IncidentId))
            .DistinctBy(entry => entry.Row.IncidentId)
            .TakeLast(MaxLeft),
    ];

    private static async Task<(IReadOnlyList<Row> Rows, DateTimeOffset ReadAt)> FirstAsync(
        TableClient table, string rowKey, int limit, CancellationToken cancellationToken)
    {
        List<Row> rows = [];
        DateTimeOffset? readAt = null;
        var filter = TableClient.CreateQueryFilter($"RowKey eq {rowKey}");
        await foreach (var page in table.QueryAsync<TableEntity>(filter, 1000, Columns, cancellationToken).AsPages())
        {
            readAt ??= page.GetRawResponse().Headers.Date;
            rows.AddRange(page.Values.Take(limit - rows.Count).Select(Row.Of));
            if (rows.Count == limit) break;
        }

        return (rows, readAt ?? default);
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
/// <param name="ReadAt">When reading began, by the table service's clock, in whole seconds.</param>
internal sealed record ListRows(IReadOnlyList<string> Rows, bool IsCut, DateTimeOffset ReadAt);
