using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Http;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts;

/// <summary>
/// Alerts and their timelines in Table Storage. A partition is an incident: row <c>alert</c> holds the alert and the action not
/// yet sent, rows <c>t…</c> its timeline, a row for each event applied. Both are written in one entity-group transaction.
/// </summary>
public sealed class AlertStore(TableServiceClient tables)
{
    private const string AlertRow = "alert";
    private readonly TableClient _table = tables.GetTableClient(TableNames.Alerts);

    internal async Task<StoredAlert?> LoadAsync(string incidentId, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(TableKey.Of(incidentId), AlertRow, cancellationToken: cancellationToken);
        return found is { HasValue: true, Value: { } row } ? AlertRows.Read(row) : null;
    }

    /// <summary>What lists show of an alert, without reading the rest of its row.</summary>
    internal async Task<AlertSummary?> LoadSummaryAsync(string incidentId, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(TableKey.Of(incidentId), AlertRow, [AlertRows.SummaryColumn], cancellationToken);
        if (found is not { HasValue: true, Value: { } row }) return null;
        return AlertRows.ReadSummary(row) ?? (await LoadAsync(incidentId, cancellationToken) is { } stored ? AlertSummary.Of(stored.Alert) : null);
    }

    /// <summary>
    /// The alert that a part of a path names: the first of its readings that is an incident's id. One read, unless the id has a %2F and the
    /// likelier readings name no alert.
    /// </summary>
    internal async Task<StoredAlert?> FindAsync(string segment, CancellationToken cancellationToken)
    {
        foreach (var incidentId in RouteText.Readings(segment))
        {
            if (await LoadAsync(incidentId, cancellationToken) is { } found) return found;
        }

        return null;
    }

    /// <summary>Saves a decision. Null when the alert was changed by somebody else since it was loaded: load and decide again.</summary>
    internal async Task<StoredAlert?> SaveAsync(StoredAlert? loaded, Decision decision, CancellationToken cancellationToken)
    {
        var pending = PendingActions.Of(loaded?.Pending ?? [], decision.Action);
        var row = AlertRows.Write(decision.Alert, pending, TableKey.Of(decision.Alert.IncidentId));
        row.RowKey = AlertRow;
        List<TableTransactionAction> transaction =
        [
            loaded is null ? new(TableTransactionActionType.Add, row) : new(TableTransactionActionType.UpdateReplace, row, loaded.ETag),
            new(TableTransactionActionType.UpsertReplace, TimelineRows.Write(row.PartitionKey, decision)),
        ];
        EntityLimits.Check(transaction);

        try
        {
            var answers = await _table.SubmitTransactionAsync(transaction, cancellationToken);
            return new StoredAlert(decision.Alert, pending, answers.Value[0].Headers.ETag ?? throw new InvalidOperationException("The transaction's answer has no ETag."));
        }
        catch (RequestFailedException e) when (StorageError.IsConflict(e))
        {
            return null;
        }
    }

    /// <summary>Forgets the actions of <paramref name="saved"/>: they are sent. If the alert has changed since, its next save carries them on and they are sent again, which the queue's duplicate detection takes care of.</summary>
    internal async Task ClearPendingAsync(StoredAlert saved, CancellationToken cancellationToken)
    {
        var cleared = new TableEntity(TableKey.Of(saved.Alert.IncidentId), AlertRow) { [AlertRows.PendingColumn] = "" };
        try
        {
            await _table.UpdateEntityAsync(cleared, saved.ETag, TableUpdateMode.Merge, cancellationToken);
        }
        catch (RequestFailedException e) when (StorageError.IsConflict(e))
        {
        }
    }

    /// <summary>Deletes the alert's row. False when it was changed since it was loaded.</summary>
    internal async Task<bool> DeleteAsync(StoredAlert stored, CancellationToken cancellationToken)
    {
        try
        {
            await _table.DeleteEntityAsync(TableKey.Of(stored.Alert.IncidentId), AlertRow, stored.ETag, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (StorageError.IsConflict(e))
        {
            return false;
        }
    }

    /// <summary>
    /// A page of the timeline, oldest first: the rows after number <paramref name="after"/>. <paramref name="last"/> is the
    /// <see cref="Alert.TimelineLength"/> of the alert it is shown with: rows that came since are left out, so that the two agree.
    /// </summary>
    internal async Task<TimelinePage> TimelineAsync(string incidentId, int after, int last, CancellationToken cancellationToken)
    {
        var entries = new List<TimelineEntry>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {TableKey.Of(incidentId)} and RowKey gt {TimelineRows.Key(after)} and RowKey le {TimelineRows.Key(last)}");
        var rows = 0;
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, TimelinePage.MaxRows + 1, cancellationToken: cancellationToken))
        {
            if (rows++ == TimelinePage.MaxRows) return new TimelinePage(entries, TimelineRows.NumberOf(row) - 1);
            entries.AddRange(TimelineRows.Read(row));
        }

        return new TimelinePage(entries, null);
    }
}

/// <summary>A part of a timeline; <paramref name="Next"/> continues it, null at its end.</summary>
internal sealed record TimelinePage(IReadOnlyList<TimelineEntry> Entries, int? Next)
{
    public const int MaxRows = 200;
}

/// <summary>An alert as it is stored, with the actions that have not been sent yet.</summary>
internal sealed record StoredAlert(Alert Alert, IReadOnlyList<AlertAction> Pending, ETag ETag);
