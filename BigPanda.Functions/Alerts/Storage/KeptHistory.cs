using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>Reads and removes what the timelines keep of their deliveries.</summary>
public sealed class KeptHistory(TableServiceClient tables)
{
    /// <summary>A row can have most of a megabyte.</summary>
    private const int RowsPerCall = 20;

    private readonly TableClient _alerts = tables.GetTableClient(TableNames.Alerts);
    private readonly TableClient _firing = tables.GetTableClient(TableNames.FiringAlerts);
    private readonly TableClient _resolved = tables.GetTableClient(TableNames.ResolvedAlerts);

    /// <summary>Whole rows of the timeline after number <paramref name="after"/>, up to <paramref name="last"/>.</summary>
    internal IAsyncEnumerable<TableEntity> ReadAsync(string incidentId, int after, int last, CancellationToken cancellationToken) =>
        _alerts.QueryAsync<TableEntity>(TimelineRows.Between(incidentId, after, last), RowsPerCall, cancellationToken: cancellationToken);

    /// <summary>Those of the rows that keep something.</summary>
    internal IAsyncEnumerable<TableEntity> ReadKeptAsync(string incidentId, int last, CancellationToken cancellationToken) => _alerts.QueryAsync<TableEntity>(
        TimelineRows.Between(incidentId, 0, last) + TableClient.CreateQueryFilter($" and KeptAt ge {DateTimeOffset.UnixEpoch}"),
        RowsPerCall, cancellationToken: cancellationToken);

    /// <summary>Rows of the timeline as they are shown, without what is kept in them.</summary>
    internal IAsyncEnumerable<TableEntity> ReadShownAsync(string incidentId, int after, int last, int perCall, CancellationToken cancellationToken) =>
        _alerts.QueryAsync<TableEntity>(
            TimelineRows.Between(incidentId, after, last), perCall,
            ["PartitionKey", "RowKey", TimelineRows.EntriesColumn, TimelineRows.FactsColumn], cancellationToken);

    /// <summary>The rows of both lists whose alerts have kept deliveries from before then. A row may be out of date.</summary>
    internal async IAsyncEnumerable<TableEntity> ListOlderAsync(DateTimeOffset cutoff, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"KeptSince lt {cutoff}");
        string[] columns = ["PartitionKey", "RowKey", "IncidentId"];
        foreach (var table in new[] { _firing, _resolved })
        {
            await foreach (var row in table.QueryAsync<TableEntity>(filter, select: columns, cancellationToken: cancellationToken)) yield return row;
        }
    }

    /// <summary>Corrects what a list's row says, unless the alert has written it again since.</summary>
    internal async Task CorrectAsync(TableEntity listed, KeptSpan kept, CancellationToken cancellationToken)
    {
        var row = new TableEntity(listed.PartitionKey, listed.RowKey) { [KeptSpan.SinceColumn] = KeptSpan.ToStored(kept.Since) };
        var table = listed.RowKey == AlertIndex.FiringRow ? _firing : _resolved;
        await TableRows.UnlessChangedAsync(() => table.UpdateEntityAsync(row, listed.ETag, TableUpdateMode.Merge, cancellationToken), orGone: true);
    }

    /// <summary>Replaces rows of the timeline and says in the alert's row what is kept now, in one transaction.</summary>
    /// <returns>False when the alert or a row changed since it was read: read again.</returns>
    internal async Task<bool> ReplaceAsync(
        StoredAlert stored, IReadOnlyList<TableEntity> rows, KeptSpan kept, CancellationToken cancellationToken)
    {
        var alert = new TableEntity(TableKey.Of(stored.Alert.IncidentId), AlertStore.AlertRow);
        kept.WriteTo(alert);
        List<TableTransactionAction> transaction =
        [
            new(TableTransactionActionType.UpdateMerge, alert, stored.ETag),
            .. rows.Select(row => new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, row.ETag)),
        ];
        EntityLimits.Check(transaction);
        return await TableRows.UnlessChangedAsync(() => _alerts.SubmitTransactionAsync(transaction, cancellationToken), orGone: true);
    }
}
