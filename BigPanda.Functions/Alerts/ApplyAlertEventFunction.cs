using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Alerts;

/// <summary>Applies alert events, one at a time within an incident's session.</summary>
public sealed partial class ApplyAlertEventFunction(AlertEventHandler handler, MessageBodies bodies, Settlement settlement, ILogger<ApplyAlertEventFunction> logger)
{
    [Function("ApplyAlertEvent")]
    public async Task RunAsync(
        [ServiceBusTrigger(Queues.AlertEvents, Connection = Queues.Connection, IsSessionsEnabled = true)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        using var activity = MessageTrace.Continue("ApplyAlertEvent", message);
        try
        {
            var evt = AlertEventMessages.Read(message, await bodies.UnpackAsync(message, cancellationToken));
            await handler.HandleAsync(evt, message.DeliveryCount > 1, cancellationToken);
            await Settlement.CompleteAsync(actions, message, cancellationToken);
            // Not before: a message that came again would find its body gone.
            await ReleaseAsync(message, cancellationToken);
        }
        catch (Exception e) when (e is MessageUnreadableException or AlertRuleException or EntityLimitException)
        {
            Log.Unusable(logger, message.SessionId, message.MessageId, e.Message);
            await Settlement.DeadLetterAsync(actions, message, e.GetType().Name.Replace("Exception", "", StringComparison.Ordinal), e.Message, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (e is AlertContendedException || StorageFault.IsOutage(e)))
        {
            var later = RetrySchedule.ApplyingEvents.After(message, null);
            await settlement.PutOffAsync(Queues.AlertEvents, later, actions, message, cancellationToken);
            Log.PutOff(logger, message.SessionId, message.MessageId, later.Delay, StorageFault.Describe(e));
        }
    }

    /// <summary>A body left behind does no harm: it carries its day and is removed by age.</summary>
    private async Task ReleaseAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await bodies.ReleaseAsync(message, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageFault.IsOutage(e))
        {
            Log.NotReleased(logger, message.SessionId, message.MessageId, StorageFault.Describe(e));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Incident {IncidentId}: message {MessageId} cannot be applied and is in the dead-letter queue: {Reason}")]
        public static partial void Unusable(ILogger logger, string incidentId, string messageId, string reason);

        [LoggerMessage(2, LogLevel.Warning, "Incident {IncidentId}: message {MessageId} is put off for {Delay}: {Reason}")]
        public static partial void PutOff(ILogger logger, string incidentId, string messageId, TimeSpan delay, string reason);

        [LoggerMessage(3, LogLevel.Warning, "Incident {IncidentId}: the stored body of message {MessageId} is left for the retention to remove: {Reason}")]
        public static partial void NotReleased(ILogger logger, string incidentId, string messageId, string reason);
    }
}
