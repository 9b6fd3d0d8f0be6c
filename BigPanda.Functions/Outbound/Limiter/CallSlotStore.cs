using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Outbound.Limiter;

/// <summary>
/// Stores a row for each slot and one for each instance that needs more slots. They change in one transaction, by ETag. A separate row for each connection
/// holds the pause after a 429.
/// </summary>
/// <param name="partition">Of the slots. Connection ids are unique, so all pauses share one.</param>
public sealed class CallSlotStore(TableServiceClient tables, [ServiceKey] string partition)
{
    private const string SlotPrefix = "slot-";
    private const string WantPrefix = "wants-";
    private const string HolderColumn = "Holder";

    /// <summary>Not the slots' own: an earlier version reads every row there as one of theirs.</summary>
    private const string PausePartition = "pauses";
    private const string SecondsColumn = "Seconds";

    private readonly TableClient _table = tables.GetTableClient(TableNames.CallSlots);

    internal async Task<SlotTable> ReadAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? now = null;
        var slots = new List<SlotRow>();
        var wants = new List<WantRow>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
        await foreach (var page in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).AsPages())
        {
            now ??= page.GetRawResponse().Headers.Date;
            foreach (var row in page.Values)
            {
                var at = row.Timestamp ?? throw new InvalidDataException("A row of the call slots has no timestamp.");
                if (row.RowKey.StartsWith(WantPrefix, StringComparison.Ordinal)) wants.Add(new WantRow(row.RowKey[WantPrefix.Length..], at));
                else if (int.TryParse(row.RowKey.AsSpan(SlotPrefix.Length), out var number))
                    slots.Add(new SlotRow(number, row.GetString(HolderColumn) ?? "", at, row.ETag.ToString()));
            }
        }

        return new SlotTable(now ?? throw new InvalidDataException("The table service's response has no Date header."), slots, wants);
    }

    /// <summary>Applies the plan, all or nothing. False when another instance changed one of the rows since they were read.</summary>
    internal async Task<bool> TryWriteAsync(SlotTable table, SlotPlan plan, string me, CancellationToken cancellationToken)
    {
        List<TableTransactionAction> changes =
        [
            .. plan.Keep.Concat(plan.Take.Select(slot => slot.Number)).Select(number => Change(table, number, me)),
            .. plan.Release.Select(number => Change(table, number, "")),
            .. plan.Forgotten.Select(DeleteWant),
        ];
        if (plan.Wants) changes.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(partition, WantPrefix + me)));
        else if (table.Wants.Any(want => want.Instance == me)) changes.Add(DeleteWant(me));
        if (changes.Count == 0) return true;
        EntityLimits.Check(changes);
        return await TableRows.UnlessChangedAsync(() => _table.SubmitTransactionAsync(changes, cancellationToken));
    }

    /// <summary>The remaining pause of the connection's calls, by the service's clock; rounded up, as the date of a response has whole seconds.</summary>
    internal async Task<TimeSpan> GetPauseLeftAsync(string connectionId, CancellationToken cancellationToken) =>
        (await ReadPauseAsync(connectionId, cancellationToken)).Left;

    /// <summary>Saves a pause from now on; a longer one stays.</summary>
    internal async Task SavePauseAsync(string connectionId, TimeSpan time, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (left, etag) = await ReadPauseAsync(connectionId, cancellationToken);
            if (left >= time) return;
            var row = new TableEntity(PausePartition, PauseRow(connectionId)) { [SecondsColumn] = time.TotalSeconds };
            var isSaved = await TableRows.UnlessChangedAsync(() => etag is { } seen
                ? _table.UpdateEntityAsync(row, seen, TableUpdateMode.Replace, cancellationToken)
                : _table.AddEntityAsync(row, cancellationToken));
            if (isSaved) return;
            // Another instance has received a 429 as well.
        }
    }

    private async Task<(TimeSpan Left, ETag? ETag)> ReadPauseAsync(string connectionId, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(PausePartition, PauseRow(connectionId), cancellationToken: cancellationToken);
        if (found is not { HasValue: true, Value: { } row }) return (TimeSpan.Zero, null);
        if (found.GetRawResponse().Headers.Date is not { } now || row.Timestamp is not { } since)
            throw new OutageException("The table service's response has no date.");
        var left = since + TimeSpan.FromSeconds(row.GetDouble(SecondsColumn) ?? 0) - now;
        return (left > TimeSpan.Zero ? left : TimeSpan.Zero, row.ETag);
    }

    private static string PauseRow(string connectionId) => $"{connectionId}|pause";

    private TableTransactionAction Change(SlotTable table, int number, string holder)
    {
        var row = new TableEntity(partition, $"{SlotPrefix}{number}") { [HolderColumn] = holder };
        return table.Slots.FirstOrDefault(slot => slot.Number == number) is { } known
            ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, new ETag(known.ETag))
            : new TableTransactionAction(TableTransactionActionType.Add, row);
    }

    private TableTransactionAction DeleteWant(string instance) =>
        new(TableTransactionActionType.Delete, new TableEntity(partition, WantPrefix + instance));
}
