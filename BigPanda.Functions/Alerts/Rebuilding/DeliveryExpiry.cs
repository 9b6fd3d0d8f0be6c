using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Alerts.Rebuilding;

/// <summary>
/// Removes the oldest deliveries of an alert's history. The last row that loses its delivery gets the alert as it is after it: in one transaction, so that an
/// interrupted run leaves a history that can be folded, and the next run goes on from there.
/// </summary>
public sealed partial class DeliveryExpiry(
    AlertStore store, KeptHistory history, KeptReader reader, Outbox outbox, ILogger<DeliveryExpiry> logger)
{
    private const string Expired = "older than deliveries are kept";

    /// <summary>Two instances that work on one alert disturb each other; the next run takes what is left.</summary>
    private const int MaxConflicts = 3;

    /// <summary>Removes deliveries that were applied before then.</summary>
    /// <param name="most">Bounds a run by the number of alerts.</param>
    /// <returns>How many deliveries were removed.</returns>
    internal async Task<int> RunAsync(DateTimeOffset cutoff, int most, CancellationToken cancellationToken)
    {
        var removed = 0;
        await foreach (var listed in history.ListOlderAsync(cutoff, cancellationToken).Take(most).WithCancellation(cancellationToken))
        {
            var incidentId = listed.GetString("IncidentId");
            try
            {
                var (count, kept) = await ExpireAsync(incidentId, row => KeptRows.AtOf(row) < cutoff, cancellationToken);
                removed += count;
                if (kept is { } span) await history.CorrectAsync(listed, span, cancellationToken);
            }
            catch (Exception e) when (StorageError.IsUnreadable(e))
            {
                Log.Unreadable(logger, e, incidentId);
            }
        }

        return removed;
    }

    /// <summary>Makes the rows before number <paramref name="row"/> unnecessary: they can be deleted.</summary>
    /// <returns>False when that is not possible now.</returns>
    internal async Task<bool> ReleaseAsync(string incidentId, int row, CancellationToken cancellationToken) =>
        (await ExpireAsync(incidentId, kept => TimelineRows.NumberOf(kept) <= row, cancellationToken)).Kept is not null;

    /// <returns>What is kept now; null when the alert is being changed, or there is none.</returns>
    private async Task<(int Removed, KeptSpan? Kept)> ExpireAsync(string incidentId, Func<TableEntity, bool> isOld, CancellationToken cancellationToken)
    {
        var removed = 0;
        for (var conflicts = 0; conflicts <= MaxConflicts;)
        {
            if (await store.LoadAsync(incidentId, cancellationToken) is not { } stored) return (removed, null);
            if (stored.Pending.Count > 0)
            {
                // They would not be cleared after they are sent. They have been here for a while: the next sweep sends them.
                await outbox.MarkAsync(incidentId, cancellationToken);
                return (removed, null);
            }

            var batch = await ReadAsync(stored, isOld, cancellationToken);
            if (batch.Rows.Count == 0 && batch.Kept == stored.Kept) return (removed, stored.Kept);
            if (!await history.ReplaceAsync(stored, batch.Rows, batch.Kept, cancellationToken)) conflicts++;
            else if (batch.IsLast) return (removed + batch.Deliveries, batch.Kept);
            else removed += batch.Deliveries;
        }

        return (removed, null);
    }

    private async Task<Batch> ReadAsync(StoredAlert stored, Func<TableEntity, bool> isOld, CancellationToken cancellationToken)
    {
        var fold = new Rebuild();
        var old = new KeptBatch(Expired);
        await foreach (var row in history.ReadKeptAsync(stored.Alert.IncidentId, stored.Alert.TimelineLength, cancellationToken))
        {
            if (!isOld(row)) return Finish(old.Rows, fold, stored.Kept with { Since = KeptRows.AtOf(row) }, isLast: true);
            if (!old.TryAdd(row)) return Finish(old.Rows, fold, stored.Kept, isLast: false);
            fold.Add(await reader.ReadAsync(row, cancellationToken));
        }

        return Finish(old.Rows, fold, stored.Kept with { Since = null }, isLast: true);
    }

    private static Batch Finish(IReadOnlyList<TableEntity> old, Rebuild fold, KeptSpan kept, bool isLast)
    {
        // The snapshot that the rest begins with.
        if (old.All(row => !KeptRows.HasDelivery(row)) && old.Count <= 1) return new Batch([], kept, 0, isLast);
        List<TableEntity> rows = [.. old.Select(row => KeptRows.Strip(row, Expired))];
        if (fold is { IsKnown: true, Alert: { } alert })
        {
            KeptRows.WriteSnapshot(rows[^1], AlertRows.Pack(alert), fold.Without.Count == 0 ? null : [.. fold.Without]);
            rows[^1][KeptRows.AtColumn] = KeptRows.AtOf(old[^1]);
        }
        // Without a snapshot the rest cannot be folded: the next event brings one.
        else kept = kept with { To = 0 };

        return new Batch(rows, kept, old.Count(KeptRows.HasDelivery), isLast);
    }

    private sealed record Batch(IReadOnlyList<TableEntity> Rows, KeptSpan Kept, int Deliveries, bool IsLast);

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Error,
            "Incident {IncidentId}: its old deliveries stay, because the alert cannot be read. If a newer version wrote it, deploy that version")]
        public static partial void Unreadable(ILogger logger, Exception failure, string incidentId);
    }
}
