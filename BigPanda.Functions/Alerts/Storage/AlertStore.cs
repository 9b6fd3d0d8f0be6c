using System.Globalization;
using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>
/// Alerts and their timelines in Table Storage. A partition is an incident: row <c>alert</c> holds the alert and its pending actions,
/// rows <c>t…</c> its timeline, one per event. Both are written in one entity-group transaction.
/// </summary>
public sealed class AlertStore(TableServiceClient tables)
{
    internal const string AlertRow = "alert";
    private readonly TableClient _table = tables.GetTableClient(TableNames.Alerts);

    internal async Task<StoredAlert?> LoadAsync(string incidentId, CancellationToken cancellationToken) =>
        await _table.FindAsync(TableKey.Of(incidentId), AlertRow, cancellationToken) is { } row ? AlertRows.Read(row) : null;

    /// <summary>Reads only the summary column of the alert's row.</summary>
    internal async Task<AlertSummary?> LoadSummaryAsync(string incidentId, CancellationToken cancellationToken)
    {
        if (await _table.FindAsync(TableKey.Of(incidentId), AlertRow, [AlertRows.SummaryColumn], cancellationToken) is not { } row) return null;
        return AlertRows.ReadSummary(row) ?? (await LoadAsync(incidentId, cancellationToken) is { } stored ? AlertSummary.Of(stored.Alert) : null);
    }

    /// <summary>
    /// The first of the ids that has an alert. A path segment with %2F can be decoded in several ways; one read for other ids.
    /// </summary>
    internal async Task<StoredAlert?> FindAsync(IEnumerable<string> incidentIds, CancellationToken cancellationToken)
    {
        foreach (var incidentId in incidentIds)
        {
            if (await LoadAsync(incidentId, cancellationToken) is { } found) return found;
        }

        return null;
    }

    /// <summary>Saves a decision with the actions that follow from it.</summary>
    /// <param name="step">What the timeline's row keeps besides its entries; null for nothing.</param>
    /// <returns>Null when the alert changed since it was loaded: load and decide again.</returns>
    internal async Task<StoredAlert?> SaveAsync(
        StoredAlert? loaded, Decision decision, IReadOnlyList<AlertAction> actions, TimelineStep? step, CancellationToken cancellationToken)
    {
        IReadOnlyList<AlertAction> pending = [.. loaded?.Pending ?? [], .. actions];
        var row = AlertRows.Write(decision.Alert, pending, TableKey.Of(decision.Alert.IncidentId));
        row.RowKey = AlertRow;
        var timeline = TimelineRows.Write(row.PartitionKey, decision);
        var kept = KeptRows.Keep(timeline, step, loaded, row, decision.Alert.TimelineLength);
        kept.WriteTo(row);
        List<TableTransactionAction> transaction =
        [
            loaded is null ? new(TableTransactionActionType.Add, row) : new(TableTransactionActionType.UpdateReplace, row, loaded.ETag),
            new(TableTransactionActionType.UpsertReplace, timeline),
        ];
        EntityLimits.Check(transaction);

        try
        {
            var responses = await _table.SubmitTransactionAsync(transaction, cancellationToken);
            var etag = responses.Value[0].Headers.ETag ?? throw new InvalidOperationException("Table Storage's transaction response has no ETag.");
            return new StoredAlert(decision.Alert, pending, etag) { Kept = kept };
        }
        catch (RequestFailedException e) when (StorageError.IsConflict(e))
        {
            return null;
        }
    }

    /// <summary>
    /// Clears the pending actions after sending. If the alert changed since, they stay and are sent again with the next save; the queue's
    /// duplicate detection drops the repeats.
    /// </summary>
    internal Task ClearPendingAsync(StoredAlert saved, CancellationToken cancellationToken)
    {
        var cleared = new TableEntity(TableKey.Of(saved.Alert.IncidentId), AlertRow) { [AlertRows.PendingColumn] = "" };
        return TableRows.UnlessChangedAsync(() => _table.UpdateEntityAsync(cleared, saved.ETag, TableUpdateMode.Merge, cancellationToken));
    }

    /// <returns>False when the alert changed since it was loaded.</returns>
    internal Task<bool> DeleteAsync(StoredAlert stored, CancellationToken cancellationToken) => TableRows.UnlessChangedAsync(
        () => _table.DeleteEntityAsync(TableKey.Of(stored.Alert.IncidentId), AlertRow, stored.ETag, cancellationToken));

    /// <summary>
    /// A page of the timeline, oldest first: the rows after number <paramref name="after"/>, up to <paramref name="last"/>, the
    /// <see cref="Alert.TimelineLength"/> of the alert it is shown with, so that the two agree.
    /// </summary>
    internal async Task<TimelinePage> TimelineAsync(string incidentId, int after, int last, CancellationToken cancellationToken)
    {
        var entries = new List<TimelineEntry>();
        var rows = 0;
        var query = _table.QueryAsync<TableEntity>(
            TimelineRows.Between(incidentId, after, last), TimelinePage.MaxRows + 1, ["PartitionKey", "RowKey", TimelineRows.EntriesColumn], cancellationToken);
        await foreach (var row in query)
        {
            if (rows++ == TimelinePage.MaxRows) return new TimelinePage(entries, TimelineRows.NumberOf(row) - 1);
            entries.AddRange(TimelineRows.Read(row));
        }

        return new TimelinePage(entries, null);
    }
}

/// <summary>A page of a timeline; <paramref name="Next"/> is null on the last page.</summary>
internal sealed record TimelinePage(IReadOnlyList<TimelineEntry> Entries, int? Next)
{
    public const int MaxRows = 200;

    /// <returns>The number of the row before the page that a continuation names, 0 without one; null for what is no continuation.</returns>
    public static int? RowBefore(string continuation) =>
        continuation.Length == 0 ? 0
        : int.TryParse(continuation, NumberStyles.None, CultureInfo.InvariantCulture, out var row) && row > 0 ? row : null;
}

/// <summary>A stored alert with its pending actions.</summary>
internal sealed record StoredAlert(Alert Alert, IReadOnlyList<AlertAction> Pending, ETag ETag)
{
    public KeptSpan Kept { get; init; }
}
