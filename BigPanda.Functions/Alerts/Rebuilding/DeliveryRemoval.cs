using System.Text.Json;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;

namespace BigPanda.Functions.Alerts.Rebuilding;

/// <summary>Removes what is kept of an incident's deliveries because a person asks for it.</summary>
public sealed class DeliveryRemoval(AlertStore store, KeptHistory history, PayloadRetention payloads, Outbox outbox, TimeProvider time)
{
    private const int MaxConflicts = 10;

    /// <returns>Null when there is no alert.</returns>
    /// <exception cref="AlertContendedException">Events kept changing the alert; what was removed until then stays removed.</exception>
    internal async Task<DeliveriesRemoved?> RunAsync(IEnumerable<string> incidentIds, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(incidentIds, cancellationToken) is not { } stored) return null;
        var began = time.GetUtcNow();
        var why = $"removed on request at {began.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}";
        var last = stored.Alert.TimelineLength;
        var removed = new DeliveriesRemoved(stored.Alert.IncidentId, 0, 0, 0, 0);
        var bodies = new Bodies();
        var isBroken = false;
        for (var conflicts = 0; ;)
        {
            var (rows, isLast) = await KeptBatch.TakeAsync(
                history.ReadKeptAsync(removed.IncidentId, last, cancellationToken).Where(row => !bodies.IsHeld(row)), why);
            // Before the rows that name them: after a failure the next call still finds them.
            var claims = rows.Select(ClaimOf).OfType<string>().ToHashSet();
            bodies.Add(claims, await payloads.RemoveNowAsync(claims, cancellationToken));
            rows.RemoveAll(bodies.IsHeld);
            removed = removed with { Payloads = bodies.Removed, PayloadsInUse = bodies.InUse };
            if (rows.Count == 0 && isLast) return removed;
            // What an event keeps after the first of these begins with a snapshot, and stays whole.
            var to = isBroken && stored.Kept.To > last ? stored.Kept.To : 0;
            var isKeeping = !isLast || bodies.InUse > 0;
            var since = isKeeping ? stored.Kept.Since : stored.Alert.TimelineLength > last ? began : (DateTimeOffset?)null;
            if (await StripAsync(stored, rows, new KeptSpan(to, since), why, cancellationToken))
            {
                isBroken = true;
                removed = removed with
                {
                    Deliveries = removed.Deliveries + rows.Count(KeptRows.HasDelivery),
                    Snapshots = removed.Snapshots + rows.Count(KeptRows.HasSnapshot),
                };
            }
            else if (++conflicts > MaxConflicts)
            {
                throw new AlertContendedException(removed.IncidentId);
            }

            if (await store.LoadAsync(removed.IncidentId, cancellationToken) is not { } current) return removed;
            stored = current;
        }
    }

    private async Task<bool> StripAsync(
        StoredAlert stored, List<TableEntity> rows, KeptSpan kept, string why, CancellationToken cancellationToken)
    {
        if (!await history.ReplaceAsync(stored, [.. rows.Select(row => KeptRows.Strip(row, why))], kept, cancellationToken)) return false;
        // Whoever is sending them can no longer clear them, since the row has changed.
        if (stored.Pending.Count > 0) await outbox.MarkAsync(stored.Alert.IncidentId, cancellationToken);
        return true;
    }

    private static string? ClaimOf(TableEntity row)
    {
        try
        {
            return KeptRows.ReadDelivery(row)?.Properties.TryGetValue(MessageProperties.Claim, out var claim) == true ? claim.GetString() : null;
        }
        // Removed all the same.
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The stored bodies that the rows name. A row whose body stays is held, so that a later call finds the body by it.</summary>
    private sealed class Bodies
    {
        private readonly HashSet<string> _removed = [];
        private readonly HashSet<string> _inUse = [];

        public int Removed => _removed.Count;

        public int InUse => _inUse.Count;

        public void Add(IEnumerable<string> claims, IReadOnlySet<string> inUse)
        {
            _inUse.UnionWith(inUse);
            _removed.UnionWith(claims.Except(inUse));
        }

        public bool IsHeld(TableEntity row) => InUse > 0 && ClaimOf(row) is { } claim && _inUse.Contains(claim);
    }
}

/// <param name="Deliveries">Messages that are no longer kept.</param>
/// <param name="Snapshots">Of the alert, which were made from earlier ones.</param>
/// <param name="Payloads">Stored bodies of the large ones.</param>
/// <param name="PayloadsInUse">Those that stay because a message or a dead letter still needs them, and with them the rows that name them.</param>
internal sealed record DeliveriesRemoved(string IncidentId, int Deliveries, int Snapshots, int Payloads, int PayloadsInUse);
