using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Vendors.BigPanda.Incidents;
using BigPanda.Functions.Vendors.BigPanda.Webhook;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Vendors.BigPanda.Reconciliation;

/// <summary>Sends a webhook that was lost the way that its source would have. The source of the alert is then the reconciler.</summary>
public sealed partial class LostWebhooks(MessageBodies bodies, MessageSender sender, TimeProvider time, ILogger<LostWebhooks> logger)
{
    internal async Task EnqueueAsync(string incidentId, byte[] body, CancellationToken cancellationToken)
    {
        if (!IncidentScanner.TryScan(body, out _, out var error))
        {
            Log.Unfit(logger, incidentId, error.Detail);
            return;
        }

        // The same reading again is the same message.
        var messageId = MessageIdentity.OfDelivery(ResolvedVia.Reconciler, body, out _);
        var message = DeliveryMessages.Of(incidentId, messageId, ResolvedVia.Reconciler, time.GetUtcNow());
        await bodies.PackAsync(message, body, null, cancellationToken);
        await sender.SendAsync(Queues.AlertEvents, message, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Incident {IncidentId}: no alert can be created from what BigPanda's API shows: {Reason}")]
        public static partial void Unfit(ILogger logger, string incidentId, string reason);
    }
}
