using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>Stores a row for each slot and one for each instance that needs more slots. They change in one transaction, by ETag.</summary>
public sealed class CallSlotStore(TableServiceClient tables)
{
    private const string Partition = "bigpanda";
    private const string SlotPrefix = "slot-";
    private const string WantPrefix = "wants-";
    private const string HolderColumn = "Holder";

    private readonly TableClient _table = tables.GetTableClient(TableNames.CallSlots);

    internal async Task<SlotTable> ReadAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? now = null;
        var slots = new List<SlotRow>();
        var wants = new List<WantRow>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
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
        if (plan.Wants) changes.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(Partition, WantPrefix + me)));
        else if (table.Wants.Any(want => want.Instance == me)) changes.Add(DeleteWant(me));
        if (changes.Count == 0) return true;
        EntityLimits.Check(changes);
        try
        {
            await _table.SubmitTransactionAsync(changes, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (StorageError.IsConflict(e))
        {
            return false;
        }
    }

    private static TableTransactionAction Change(SlotTable table, int number, string holder)
    {
        var row = new TableEntity(Partition, $"{SlotPrefix}{number}") { [HolderColumn] = holder };
        return table.Slots.FirstOrDefault(slot => slot.Number == number) is { } known
            ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, new ETag(known.ETag))
            : new TableTransactionAction(TableTransactionActionType.Add, row);
    }

    private static TableTransactionAction DeleteWant(string instance) =>
        new(TableTransactionActionType.Delete, new TableEntity(Partition, WantPrefix + instance));
}
