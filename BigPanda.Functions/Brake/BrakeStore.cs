using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Brake;

/// <summary>
/// The counts and engagements of each brake, a partition each. A count is a row that its instance wrote before it used it; only the storage service's clock
/// says when that was, since the clocks of instances differ. A release is written into the row of its engagement, whose timestamp is then that of the release.
/// </summary>
public sealed class BrakeStore(TableServiceClient tables)
{
    /// <summary>What is counted, and how long before its use a count may be written: nothing may drop out of the ten minutes early.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    internal static readonly TimeSpan CountValid = TimeSpan.FromSeconds(10);

    private const string CountPrefix = "count-";
    private const string EngagementPrefix = "engagement-";
    private const string CountColumn = "Count";

    private readonly TableClient _table = tables.GetTableClient(TableNames.ParkedActions);

    /// <summary>A write whose response was lost is repeated by the client: the row's key makes it one.</summary>
    internal Task AddCountAsync(BrakeKind kind, int count, CancellationToken cancellationToken) => _table.UpsertEntityAsync(
        new TableEntity(PartitionOf(kind), $"{CountPrefix}{Guid.NewGuid():N}") { [CountColumn] = count }, TableUpdateMode.Replace, cancellationToken);

    internal async Task<BrakeState> ReadAsync(BrakeKind kind, CancellationToken cancellationToken)
    {
        DateTimeOffset? now = null;
        List<(DateTimeOffset At, int Count)> counts = [];
        List<(Engagement Engagement, DateTimeOffset At)> engagements = [];
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {PartitionOf(kind)}");
        await foreach (var page in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).AsPages())
        {
            now ??= page.GetRawResponse().Headers.Date;
            foreach (var row in page.Values)
            {
                var at = row.Timestamp ?? throw new InvalidDataException("A row of the brake has no timestamp.");
                if (row.RowKey.StartsWith(CountPrefix, StringComparison.Ordinal)) counts.Add((at, row.GetInt32(CountColumn) ?? 0));
                else engagements.Add((Read(row), at));
            }
        }

        var readAt = now ?? throw new OutageException("The table service's response has no date.");
        var from = readAt - Window - CountValid;
        // What was counted before a release must not engage the brake again.
        var released = engagements.Where(one => one.Engagement.Release is not null).Select(one => one.At).DefaultIfEmpty(from).Max();
        return new BrakeState(
            readAt, counts.Where(one => one.At > from && one.At > released).Sum(one => one.Count),
            [.. engagements.Select(one => one.Engagement).OrderBy(one => one.Number)]);
    }

    /// <returns>False when another instance was faster.</returns>
    internal Task<bool> TryEngageAsync(BrakeKind kind, Engagement engagement, CancellationToken cancellationToken) =>
        TableRows.UnlessChangedAsync(() => _table.AddEntityAsync(Row(kind, engagement), cancellationToken));

    /// <summary>Writes the decision about the engagement if there is none yet.</summary>
    internal Task ReleaseAsync(BrakeKind kind, long number, BrakeRelease release, CancellationToken cancellationToken) => _table.ChangeAsync(
        PartitionOf(kind), RowOf(number),
        row => row is not null && Read(row) is { Release: null } holding ? Row(kind, holding with { Release = release }) : null, cancellationToken);

    /// <summary>Deletes counts that no longer count.</summary>
    /// <param name="now">By the storage service's clock.</param>
    internal Task RemoveOldCountsAsync(BrakeKind kind, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = now - Window - 2 * CountValid;
        var old = TableClient.CreateQueryFilter(
            $"PartitionKey eq {PartitionOf(kind)} and RowKey ge {CountPrefix} and RowKey lt {EngagementPrefix} and Timestamp lt {before}");
        return _table.RemoveAsync(old, int.MaxValue, cancellationToken);
    }

    private static string PartitionOf(BrakeKind kind) => $"brake-{kind.Name()}";

    private static string RowOf(long number) => $"{EngagementPrefix}{number:D9}";

    private static TableEntity Row(BrakeKind kind, Engagement engagement)
    {
        var row = new TableEntity(PartitionOf(kind), RowOf(engagement.Number))
        {
            ["Number"] = engagement.Number,
            ["At"] = engagement.At,
            ["Limit"] = engagement.Limit,
            ["Counted"] = engagement.Counted,
        };
        if (engagement.Release is not { } release) return row;
        row["ReleasedAt"] = release.At;
        row["ReleasedBy"] = release.Actor;
        row["Drop"] = release.Drop;
        row["Reason"] = release.Reason;
        return row;
    }

    private static Engagement Read(TableEntity row) => new(
        row.GetInt64("Number") ?? 0, row.GetDateTimeOffset("At") ?? default, row.GetInt32("Limit") ?? 0, row.GetInt32("Counted") ?? 0)
    {
        Release = row.GetDateTimeOffset("ReleasedAt") is { } at
            ? new BrakeRelease(at, row.GetString("ReleasedBy") ?? "", row.GetBoolean("Drop") ?? false, row.GetString("Reason"))
            : null,
    };
}
