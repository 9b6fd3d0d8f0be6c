using Azure.Data.Tables;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts.Rebuilding;

/// <summary>Reads the rows of a timeline with what is kept in them.</summary>
public sealed class KeptReader(DeliveryKeeper keeper, MessageBodies bodies, IEnumerable<IPlannerProvider> planners)
{
    private readonly Dictionary<Destination, IPlannerProvider> _planners = planners.ToDictionary(one => one.Destination);

    internal async Task<RebuildStep> ReadAsync(TableEntity row, CancellationToken cancellationToken)
    {
        var step = new RebuildStep(TimelineRows.NumberOf(row), KeptRows.AtOf(row));
        try
        {
            if (KeptRows.ReadSnapshot(row) is var (alert, without)) step = step with { Snapshot = alert, SnapshotWithout = without ?? [] };
            return KeptRows.ReadDelivery(row) is { } delivery
                ? step with { Event = await ReadAsync(delivery, cancellationToken) }
                : step with { Gap = TimelineRows.ReadFacts(row)?.NotKept };
        }
        catch (Exception e) when (StorageError.IsUnreadable(e) || e is MessageUnreadableException or FormatException)
        {
            return step with { Gap = $"what is kept of it cannot be read: {e.Message}" };
        }
    }

    private async Task<DecidedEvent> ReadAsync(KeptDelivery delivery, CancellationToken cancellationToken)
    {
        using var body = await bodies.UnpackAsync(DeliveryKeeper.MessageOf(delivery, delivery.Body), cancellationToken);
        return new DecidedEvent(
            keeper.Read(delivery, body.Memory), [.. delivery.Planners.Select(Restore)], delivery.Policy, delivery.DecidedAt, delivery.Build,
            delivery.Without ?? []);
    }

    private IDestinationPlanner Restore(KeptPlanner planner) => _planners.TryGetValue(planner.Destination, out var provider)
        ? provider.Restore(planner.Settings)
        : throw new FormatException($"this build has no planner for {planner.Destination}");
}
