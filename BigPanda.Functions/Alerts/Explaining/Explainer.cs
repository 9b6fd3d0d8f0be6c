using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Storage;

namespace BigPanda.Functions.Alerts.Explaining;

/// <summary>Reads what is stored of an alert and its actions. Bounded: a page of rows, one call for the rows behind it, and one for each destination.</summary>
public sealed class Explainer(AlertStore store, KeptHistory history, ParkedActions parked)
{
    private const int MaxRows = TimelinePage.MaxRows;

    /// <summary>Rows behind the page that are searched for reports of its actions: what one call returns.</summary>
    private const int MaxRowsBehind = 1000;

    /// <param name="after">Number of the row before the page; 0 for the first.</param>
    /// <returns>Null when there is no alert.</returns>
    internal async Task<Explanation?> RunAsync(IEnumerable<string> incidentIds, int after, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(incidentIds, cancellationToken) is not { Alert: { } alert } stored) return null;
        var (id, last) = (alert.IncidentId, alert.TimelineLength);
        var rows = await ReadAsync(id, after, last, MaxRows + 1, cancellationToken);
        var page = rows.Take(MaxRows).ToList();
        int? next = rows.Count > MaxRows ? page[^1].Number : null;
        var hasActions = next is not null && page.Any(row => row.Facts?.Actions.Count > 0);
        var later = hasActions ? await ReadAsync(id, page[^1].Number, last, MaxRowsBehind, cancellationToken) : [];
        return Explanation.Of(alert, await FindOpenAsync(stored, cancellationToken), page, later, next);
    }

    /// <summary>What the latest rows and the stored actions say of one action.</summary>
    /// <returns>Null for nothing.</returns>
    internal async Task<ExplainedAction?> FindAsync(StoredAlert stored, string actionId, CancellationToken cancellationToken)
    {
        var last = stored.Alert.TimelineLength;
        var rows = await ReadAsync(stored.Alert.IncidentId, Math.Max(0, last - MaxRowsBehind), last, MaxRowsBehind, cancellationToken);
        return ActionTrail.Of(rows, await FindOpenAsync(stored, cancellationToken)).Find(actionId);
    }

    private async Task<List<ExplainedRow>> ReadAsync(string incidentId, int after, int last, int most, CancellationToken cancellationToken) =>
        await history.ReadShownAsync(incidentId, after, last, Math.Min(most, MaxRowsBehind), cancellationToken)
            .Take(most).Select(ExplainedRow.Read).ToListAsync(cancellationToken);

    private async Task<IReadOnlyList<OpenAction>> FindOpenAsync(StoredAlert stored, CancellationToken cancellationToken)
    {
        List<OpenAction> open =
        [
            .. stored.Pending.Select(action => new OpenAction(
                action.ActionId, action.Kind, action.Destination, "pending", null,
                "not in the queue yet; it is sent within a minute after the broker accepts it")),
        ];
        await foreach (var action in parked.ListOfAsync(stored.Alert.IncidentId, cancellationToken))
        {
            var (state, why) = action.Parking.Hold is null
                ? ("parked", "it waits for a valid key or setting")
                : ("held", "it waits for a decision about the brake");
            open.Add(new OpenAction(
                action.Action.ActionId, action.Action.Kind, action.Action.Destination, state, action.ParkedAt.UtcDateTime,
                $"{state} since {Sentences.Time(action.ParkedAt)}, after {action.Delivery.Attempts} attempts: {why}"));
        }

        return open;
    }
}
