using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Alerts.Apply;

/// <summary>Applies alert events, one at a time per incident.</summary>
public sealed partial class ApplyAlertEventFunction(
    AlertEventHandler handler, AlertEventReader reader, DeliveryKeeper keeper, MessageBodies bodies, Settlement settlement,
    ILogger<ApplyAlertEventFunction> logger)
{
    [Function("ApplyAlertEvent")]
    public async Task RunAsync(
        [ServiceBusTrigger(Queues.AlertEvents, Connection = Queues.Connection, IsSessionsEnabled = true)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        using var activity = MessageTrace.Continue("ApplyAlertEvent", message);
        await settlement.RunAsync(Queues.AlertEvents, message, actions, ApplyAsync, cancellationToken);
    }

    private async Task<Disposition> ApplyAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var message = delivery.Message;
        try
        {
            using var body = await bodies.UnpackAsync(message, cancellationToken);
            var evt = reader.Read(message, body.Memory);
            var step = keeper.Keep(message, evt, body.Memory);
            await handler.HandleAsync(evt, step, delivery.MayHaveRun || delivery.IsSentAgain, cancellationToken);
            return Disposition.Complete;
        }
        catch (AlertRuleException e)
        {
            return DeadLetter(message, DeadLetterReasons.AlertRule, e);
        }
        catch (EntityLimitException e)
        {
            return DeadLetter(message, DeadLetterReasons.EntityLimit, e);
        }
    }

    private Disposition.DeadLettered DeadLetter(ServiceBusReceivedMessage message, string reason, Exception e)
    {
        Log.DeadLettered(logger, message.SessionId, message.MessageId, e.Message);
        return new Disposition.DeadLettered(reason, e.Message);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Error,
            "Incident {IncidentId}: message {MessageId} cannot be applied and moves to the dead-letter queue. Report the defect: {Reason}")]
        public static partial void DeadLettered(ILogger logger, string incidentId, string messageId, string reason);
    }
}
