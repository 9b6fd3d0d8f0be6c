using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Telemetry;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Vendors.BigPanda.Actions;

/// <summary>Sends the parked actions again, once BigPanda accepts the key.</summary>
public sealed partial class ParkedRelease(ParkedActions parked, BigPandaActions bigPanda, MessageSender sender, ILogger<ParkedRelease> logger)
{
    /// <summary>Bounds one run: PUT /connection waits for it. The timer sends the rest within minutes.</summary>
    private const int MaxAtOnce = 200;

    /// <summary>Lists those that a valid key releases: without an environment an action would be parked again every minute.</summary>
    /// <param name="due">Leaves out those that may not be retried before then.</param>
    internal async Task<IReadOnlyList<ParkedAction>> ListAsync(DateTimeOffset due, CancellationToken cancellationToken)
    {
        List<ParkedAction> releasable = [];
        await foreach (var action in parked.ListAsync(cancellationToken))
        {
            if (action.NotBefore > due || !await bigPanda.HasEnvironmentAsync(action.Action, cancellationToken)) continue;
            releasable.Add(action);
            if (releasable.Count == MaxAtOnce) break;
        }

        return releasable;
    }

    internal async Task SendAsync(IReadOnlyList<ParkedAction> actions, CancellationToken cancellationToken)
    {
        if (actions.Count == 0) return;
        foreach (var action in actions)
        {
            using var activity = AppActivity.Continue("ReleaseParkedAction", action.Action.TraceParent);
            // Reported before it is sent: its result must not reach the alert before the release does.
            await bigPanda.ReportAsync(
                action.Delivery, ActionResult.Released, "BigPanda accepts the API key: the action is sent again", null, cancellationToken);
            // The message id holds the time of parking: after a crash, or from two instances at once, duplicate detection keeps one.
            var message = ActionMessages.Of(action.Action, $"{action.ParkedAt.UtcTicks}");
            message.ApplicationProperties[MessageProperties.Attempts] = action.Delivery.Attempts;
            if (action.Delivery.IsVerification) message.ApplicationProperties[MessageProperties.Stage] = MessageProperties.Verify;
            if (action.Delivery.MayBeDone) message.ApplicationProperties[MessageProperties.Unanswered] = true;
            await sender.SendAsync(Queues.BigPandaActions, message, cancellationToken);
            await parked.RemoveAsync(action, cancellationToken);
        }

        Log.Released(logger, actions.Count);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Sent {Count} parked actions again")]
        public static partial void Released(ILogger logger, int count);
    }
}
