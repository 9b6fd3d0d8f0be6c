using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>
/// Lists alerts by firing time, newest first. The rows of firing alerts are all read (a thousand a call, a few thousand at most) and
/// sorted; resolved ones are stored sorted and read as far as the page needs. Alerts that moved while the caller paged follow the last
/// page: an alert may come twice, one that matched throughout is never skipped.
/// </summary>
public sealed class AlertListing(TableServiceClient tables, AlertStore store, AlertIndex index)
{
    /// <summary>Per request: a filter that matches almost nothing would read ninety days of rows.</summary>
    private const int MaxRowsScanned = 5000;

    private const int SummariesAtOnce = 16;
    private const int WholeAlertsAtOnce = 2;

    /// <summary>How far the clocks of two instances may differ: tolerated when an alert's move is compared with the start of a pass.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Minimum age of a row to repair, by the table service's clock: the transaction of a newer row's alert may not have ended, since both
    /// are written in parallel.
    /// </summary>
    internal TimeSpan RepairAfter { get; init; } = TimeSpan.FromMinutes(10);

    private static readonly string[] Columns =
    [
        "PartitionKey", "RowKey", "Timestamp", "IncidentId", "FiredAt", "ChangedAt", "MovedAt", "Severity", "EnvironmentId", "EnvironmentName",
        AlertIndex.AcknowledgedColumn, AlertIndex.TimelineColumn,
    ];

    private static readonly string[] ColumnsAndText = [.. Columns, "Text"];

    private static readonly string FiringFilter = TableClient.CreateQueryFilter($"RowKey eq {AlertIndex.FiringRow}");

    private readonly TableClient _firing = tables.GetTableClient(TableNames.FiringAlerts);
    private readonly TableClient _resolved = tables.GetTableClient(TableNames.ResolvedAlerts);

    /// <summary>The alerts from the query's position on. The caller stops when its page is full.</summary>
    internal async IAsyncEnumerable<ListedAlert> ReadAsync(AlertQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var shown = new HashSet<(string, int)>();
        var pass = query.Position is { } position ? new Pass(position.Since, position.After) { Began = position.Began } : new Pass(null, "");
        while (true)
        {
            await foreach (var listed in ReadAsync(pass, query, cancellationToken))
            {
                // Already shown by an earlier pass of this request and unchanged since.
                if (listed.Summary is { } summary && !shown.Add((summary.Alert.IncidentId, summary.Alert.TimelineLength))) continue;
                yield return listed;
            }

            // A pass over moved alerts that fits into one request is the last: a busy system would never end the listing.
            if (pass.Began is null || (pass.Since is not null && pass.After.Length == 0)) yield break;
            // Firing alerts keep their keys in the one table read: none can be missed within one request.
            if (query.Position is null && query.Status == AlertStatus.Firing) yield break;
            pass = new Pass(NextSince(pass, query), "");
        }
    }

    /// <summary>
    /// For resolved rows the start of a pass is known in whole seconds. The first pass over moved alerts rounds down and repeats those of
    /// that second; later passes round up, or they would repeat them until the second ends.
    /// </summary>
    private static DateTimeOffset? NextSince(Pass pass, AlertQuery query) =>
        pass.Since is not null && query.Status == AlertStatus.Resolved ? pass.Began?.AddSeconds(1) : pass.Began;

    /// <summary>Repairs rows of firing alerts that no longer fire: their removal was lost. Lists repair the rows they read, this the rest.</summary>
    internal async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var repaired = 0;
        var everything = new AlertQuery { Status = AlertStatus.Firing };
        await foreach (var row in Query(_firing, FiringFilter, new Pass(null, ""), everything, null, cancellationToken))
        {
            if (await RepairAsync(row, await store.LoadSummaryAsync(row.IncidentId, cancellationToken), cancellationToken)) repaired++;
        }

        return repaired;
    }

    private async IAsyncEnumerable<ListedAlert> ReadAsync(Pass pass, AlertQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var scanned = 0;
        List<IndexRow> matching = [];
        await foreach (var row in Rows(pass, query, cancellationToken))
        {
            if (row.IsMatch) matching.Add(row);
            var isEnough = ++scanned == MaxRowsScanned;
            if (matching.Count < (query.WithDetails ? WholeAlertsAtOnce : SummariesAtOnce) && !isEnough) continue;
            foreach (var listed in await LoadAsync(pass, query, matching, cancellationToken)) yield return listed;
            matching.Clear();
            if (!isEnough) continue;
            yield return new ListedAlert(pass.At(row.SortKey), null);
            yield break;
        }

        foreach (var listed in await LoadAsync(pass, query, matching, cancellationToken)) yield return listed;
    }

    /// <summary>The rows of both tables, merged in order.</summary>
    private async IAsyncEnumerable<IndexRow> Rows(Pass pass, AlertQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = query.Status == AlertStatus.Resolved ? [] : await FiringRows(pass, query, cancellationToken);
        var at = 0;
        if (query.Status != AlertStatus.Firing)
        {
            var filter = TableClient.CreateQueryFilter($"PartitionKey gt {pass.After} and RowKey eq {AlertIndex.ResolvedRow}");
            await foreach (var row in Query(_resolved, filter, pass, query, query.Limit + 1, cancellationToken))
            {
                while (at < open.Count && string.CompareOrdinal(open[at].SortKey, row.SortKey) < 0) yield return open[at++];
                yield return row;
            }
        }

        while (at < open.Count) yield return open[at++];
    }

    private async Task<List<IndexRow>> FiringRows(Pass pass, AlertQuery query, CancellationToken cancellationToken)
    {
        List<IndexRow> rows = [];
        await foreach (var row in Query(_firing, FiringFilter, pass, query, null, cancellationToken))
        {
            if (string.CompareOrdinal(row.SortKey, pass.After) > 0) rows.Add(row);
        }

        pass.Began ??= pass.NewestRow ?? pass.Since;
        rows.Sort(static (left, right) => string.CompareOrdinal(left.SortKey, right.SortKey));
        return rows;
    }

    private async IAsyncEnumerable<IndexRow> Query(
        TableClient table, string filter, Pass pass, AlertQuery query, int? perCall, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var matcher = new RowMatcher(query);
        if (pass.Since is { } since) filter += " and " + TableClient.CreateQueryFilter($"Timestamp ge {since}");
        await foreach (var page in table.QueryAsync<TableEntity>(filter, perCall, query.Search is null ? Columns : ColumnsAndText, cancellationToken).AsPages())
        {
            var serverTime = page.GetRawResponse().Headers.Date ?? DateTimeOffset.UnixEpoch;
            // Before the rows, which may be shown, and the listing ended, one by one.
            if (table == _resolved) pass.Began ??= serverTime;
            foreach (var entity in page.Values)
            {
                if (!(entity.Timestamp <= pass.NewestRow)) pass.NewestRow = entity.Timestamp;
                if (pass.Since is { } began && entity.GetDateTimeOffset("MovedAt") < began - ClockSkew) continue;
                yield return IndexRow.Of(entity, matcher, serverTime);
            }
        }
    }

    private async Task<IEnumerable<ListedAlert>> LoadAsync(Pass pass, AlertQuery query, List<IndexRow> rows, CancellationToken cancellationToken)
    {
        var found = new ListedAlert?[rows.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = SummariesAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, rows.Count, options, async (i, ct) =>
        {
            var summary = await LoadAsync(rows[i], query, ct);
            await RepairAsync(rows[i], summary, ct);
            if (summary is not null && query.Matches(summary.Alert))
                found[i] = new ListedAlert(pass.At(rows[i].SortKey), summary);
        });
        return found.OfType<ListedAlert>();
    }

    private async Task<AlertSummary?> LoadAsync(IndexRow row, AlertQuery query, CancellationToken cancellationToken)
    {
        if (!query.WithDetails) return await store.LoadSummaryAsync(row.IncidentId, cancellationToken);
        return await store.LoadAsync(row.IncidentId, cancellationToken) is { } stored ? AlertSummary.Of(stored.Alert) with { Whole = stored.Alert } : null;
    }

    private async Task<bool> RepairAsync(IndexRow row, AlertSummary? summary, CancellationToken cancellationToken)
    {
        // Rows of earlier versions have no FiredAt: they are rewritten. So is one that an instance has written late, with what the alert was before.
        var isInPlace = summary is not null && row.Entity.ContainsKey("FiredAt")
            && AlertIndex.KeysOf(summary.Alert) == (row.Entity.PartitionKey, row.Entity.RowKey)
            && !(row.Entity.GetInt32(AlertIndex.TimelineColumn) < summary.Alert.TimelineLength);
        if (isInPlace || row.Age < RepairAfter) return false;
        await index.RepairAsync(row.Entity, await store.LoadAsync(row.IncidentId, cancellationToken), cancellationToken);
        return true;
    }

    /// <summary>One read of the tables: of all rows, or of those that moved since a time.</summary>
    private sealed class Pass(DateTimeOffset? since, string after)
    {
        public DateTimeOffset? Since => since;
        public string After => after;

        /// <summary>
        /// When the newest firing row was written, since all of those are read first; else the Date of the first response, in whole seconds.
        /// </summary>
        public DateTimeOffset? Began { get; set; }

        public DateTimeOffset? NewestRow { get; set; }

        public ListPosition At(string sortKey) => new(sortKey, Began ?? default, since);
    }

    /// <param name="Age">Since it was written, by the table service's clock.</param>
    private sealed record IndexRow(TableEntity Entity, string IncidentId, string SortKey, bool IsMatch, TimeSpan Age)
    {
        public static IndexRow Of(TableEntity entity, RowMatcher matcher, DateTimeOffset serverTime)
        {
            var isMatch = matcher.Matches(entity);
            // Saves memory: thousands of rows are kept for sorting.
            entity.Remove("Text");
            var incidentId = entity.GetString("IncidentId");
            var firedAt = entity.GetDateTimeOffset("FiredAt") ?? entity.GetDateTimeOffset("ChangedAt") ?? default;
            var sortKey = entity.RowKey == AlertIndex.ResolvedRow ? entity.PartitionKey : AlertIndex.SortKey(firedAt, incidentId);
            return new IndexRow(entity, incidentId, sortKey, isMatch, serverTime - (entity.Timestamp ?? serverTime));
        }
    }

    private sealed class RowMatcher(AlertQuery query)
    {
        private readonly string? _search = query.Search is { } search ? SearchText.Normalize(search) : null;

        public bool Matches(TableEntity row) =>
            (query.Severity is null || Same(query.Severity, row.GetString("Severity")))
            && (query.Acknowledged is null || row.GetBoolean(AlertIndex.AcknowledgedColumn) is not { } known || known == query.Acknowledged)
            && (query.Environment is null || IsEnvironment(query.Environment, row))
            && (_search is null || row.GetString("Text")?.Contains(_search, StringComparison.Ordinal) == true);

        private static bool IsEnvironment(string wanted, TableEntity row) =>
            Same(wanted, row.GetString("EnvironmentName")) || Same(wanted, row.GetString("EnvironmentId"));

        private static bool Same(string wanted, string? value) => string.Equals(wanted, value, StringComparison.OrdinalIgnoreCase);
    }
}
