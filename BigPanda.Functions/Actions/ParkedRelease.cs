using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Telemetry;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Actions;

/// <summary>Sends the parked actions again, once their destination accepts calls.</summary>
public sealed partial class ParkedRelease(
    ParkedActions parked, ActionReports reports, MessageSender sender, AlertPolicy policy, ILogger<ParkedRelease> logger)
{
    /// <summary>Bounds one run: PUT /connection waits for it. The timer sends the rest within minutes.</summary>
    private const int MaxAtOnce = 200;

    /// <summary>Lists those that the target can run: without an environment, say, an action would be parked again every minute.</summary>
    /// <param name="due">Leaves out those that may not be retried before then.</param>
    internal async Task<IReadOnlyList<ParkedAction>> ListAsync(IActionTarget target, DateTimeOffset due, CancellationToken cancellationToken)
    {
        if (policy.ModeOf(target.Destination) != DestinationMode.On) return [];
        List<ParkedAction> releasable = [];
        await foreach (var action in parked.ListAsync(target.Destination, cancellationToken))
        {
            if (action.NotBefore > due || !await CanRunAsync(target, action.Delivery, cancellationToken)) continue;
            releasable.Add(action);
            if (releasable.Count == MaxAtOnce) break;
        }

        return releasable;
    }

    /// <summary>Sends what the target can run, also what waits for a permission: a new key, or the role of the same one, may have it.</summary>
    internal async Task SendAllAsync(IActionTarget target, CancellationToken cancellationToken) =>
        await SendAsync(target, await ListAsync(target, due: DateTimeOffset.MaxValue, cancellationToken), cancellationToken);

    internal async Task SendAsync(IActionTarget target, IReadOnlyList<ParkedAction> actions, CancellationToken cancellationToken)
    {
        if (actions.Count == 0) return;
        foreach (var action in actions)
        {
            using var activity = AppActivity.Continue("ReleaseParkedAction", action.Action.TraceParent);
            // Reported before it is sent: its result must not reach the alert before the release does.
            var report = ActionReports.Of(
                action.Delivery, ActionResult.Released, $"{target.Name} accepts the API key: the action is sent again", action.ReleasedAt);
            if (action.Parking.IsReported) await reports.SendAsync(report, cancellationToken);
            await sender.SendAsync(Queues.Of(target.Destination), ActionMessages.Of(action), cancellationToken);
            await parked.RemoveAsync(action, cancellationToken);
        }

        Log.Released(logger, actions.Count);
    }

    /// <summary>An action of a newer version stays parked and does not block the others.</summary>
    private async Task<bool> CanRunAsync(IActionTarget target, ActionDelivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            return await target.CanRunAsync(delivery, cancellationToken);
        }
        catch (MessageUnreadableException e)
        {
            Log.Unknown(logger, delivery.Action.IncidentId, delivery.Action.ActionId, e.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Sent {Count} parked actions again")]
        public static partial void Released(ILogger logger, int count);

        [LoggerMessage(
            2, LogLevel.Error,
            "Incident {IncidentId}: could not read parked action {ActionId}; it stays parked. Deploy the version that wrote it, or delete the row: {Reason}")]
        public static partial void Unknown(ILogger logger, string incidentId, string actionId, string reason);
    }
}
