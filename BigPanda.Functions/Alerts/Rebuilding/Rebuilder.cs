using BigPanda.Functions.Alerts.Storage;

namespace BigPanda.Functions.Alerts.Rebuilding;

/// <summary>Folds a stored alert again from what its timeline keeps.</summary>
public sealed class Rebuilder(AlertStore store, KeptHistory history, KeptReader reader, TimeProvider time)
{
    /// <summary>Compares the alert with the rows up to its own length: events that are applied meanwhile are not part of it.</summary>
    /// <returns>Null when there is no alert.</returns>
    internal async Task<RebuildReport?> RunAsync(IEnumerable<string> incidentIds, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(incidentIds, cancellationToken) is not { Alert: { } alert }) return null;
        var rebuild = new Rebuild();
        await foreach (var row in history.ReadAsync(alert.IncidentId, 0, alert.TimelineLength, cancellationToken))
            rebuild.Add(await reader.ReadAsync(row, cancellationToken));
        return rebuild.Compare(alert, time.GetUtcNow());
    }
}
