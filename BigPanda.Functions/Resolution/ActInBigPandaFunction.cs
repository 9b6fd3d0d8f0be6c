using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Resolution;

/// <summary>
/// Acts in BigPanda for the alerts: repeats on the schedule, parks what the key is at fault for, dead-letters what is given up. A
/// close that BigPanda has taken comes back once more, to see whether the incident is closed.
/// </summary>
public sealed partial class ActInBigPandaFunction(
    BigPandaActions bigPanda, Settlement settlement, IOptions<ResolutionOptions> options, ILogger<ActInBigPandaFunction> logger)
{
    private static readonly KeyValuePair<string, object> Verification = new(MessageProperties.Stage, "verify");

    [Function("ActInBigPanda")]
    public async Task RunAsync(
        [ServiceBusTrigger(Queues.BigPandaActions, Connection = Queues.Connection, IsSessionsEnabled = true)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        using var activity = MessageTrace.Continue("ActInBigPanda", message);
        try
        {
            var action = ActionMessages.Read(message);
            // A delivery that broke off may have reached BigPanda: it counts as an attempt.
            var attempt = RetrySchedule.ActingInBigPanda.CountOf(message) + message.DeliveryCount;
            var outcome = await bigPanda.TryAsync(action, attempt, message.ApplicationProperties.ContainsKey(MessageProperties.Stage), cancellationToken);
            await SettleAsync(action, outcome, actions, message, cancellationToken);
        }
        catch (MessageUnreadableException e)
        {
            Log.Unreadable(logger, message.SessionId, message.MessageId, e.Message);
            await Settlement.DeadLetterAsync(actions, message, "MessageUnreadable", e.Message, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageFault.IsOutage(e))
        {
            var later = RetrySchedule.ApplyingEvents.After(message, null);
            await settlement.PutOffAsync(Queues.BigPandaActions, later, actions, message, cancellationToken);
            Log.PutOff(logger, message.SessionId, later.Delay, StorageFault.Describe(e));
        }
    }

    private Task SettleAsync(AlertAction action, ActionAttempt? outcome, ServiceBusMessageActions actions, ServiceBusReceivedMessage message, CancellationToken cancellationToken)
    {
        switch (outcome?.Result)
        {
            case ActionResult.Accepted when action is CloseIncidentAction:
                Log.Done(logger, action.IncidentId, action.ActionId, outcome.Detail);
                return settlement.PutOffAsync(Queues.BigPandaActions, RetrySchedule.ActingInBigPanda.In(options.Value.VerifyAfter, message), actions, message, cancellationToken, Verification);
            case ActionResult.Retrying:
                var later = RetrySchedule.ActingInBigPanda.After(message, outcome.RetryAfter);
                Log.PutOff(logger, action.IncidentId, later.Delay, outcome.Detail);
                return settlement.PutOffAsync(Queues.BigPandaActions, later, actions, message, cancellationToken);
            case ActionResult.Failed:
                Log.Failed(logger, action.IncidentId, action.ActionId, outcome.Detail);
                return Settlement.DeadLetterAsync(actions, message, "ActionFailed", outcome.Detail, cancellationToken);
            case ActionResult.Parked:
                Log.Parked(logger, action.IncidentId, action.ActionId, outcome.Detail);
                return Settlement.CompleteAsync(actions, message, cancellationToken);
            default:
                Log.Done(logger, action.IncidentId, action.ActionId, outcome?.Detail ?? "nothing to do");
                return Settlement.CompleteAsync(actions, message, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Incident {IncidentId}, action {ActionId}: {Detail}")]
        public static partial void Done(ILogger logger, string incidentId, string actionId, string detail);

        [LoggerMessage(2, LogLevel.Warning, "Incident {IncidentId}: the action is put off for {Delay}: {Detail}")]
        public static partial void PutOff(ILogger logger, string incidentId, TimeSpan delay, string detail);

        [LoggerMessage(3, LogLevel.Error, "Incident {IncidentId}, action {ActionId} is parked: {Detail}")]
        public static partial void Parked(ILogger logger, string incidentId, string actionId, string detail);

        [LoggerMessage(4, LogLevel.Error, "Incident {IncidentId}, action {ActionId} has failed and is in the dead-letter queue: {Detail}")]
        public static partial void Failed(ILogger logger, string incidentId, string actionId, string detail);

        [LoggerMessage(5, LogLevel.Error, "Incident {IncidentId}: message {MessageId} cannot be read and is in the dead-letter queue: {Detail}")]
        public static partial void Unreadable(ILogger logger, string incidentId, string messageId, string detail);
    }
}
