using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts;
using BigPanda.Functions.BigPandaApi;
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
    BigPandaActions bigPanda, Settlement settlement, IOptions<ResolutionOptions> options, TimeProvider time, ILogger<ActInBigPandaFunction> logger)
{
    private static readonly KeyValuePair<string, object> Verification = new(MessageProperties.Stage, MessageProperties.Verify);

    /// <summary>A message waits this long for its turn. host.json renews its lock, and lets the function run, a minute longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Function("ActInBigPanda")]
    public async Task RunAsync(
        [ServiceBusTrigger(Queues.BigPandaActions, Connection = Queues.Connection, IsSessionsEnabled = true)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        using var activity = MessageTrace.Continue("ActInBigPanda", message);
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            var action = ActionMessages.Read(message);
            var attempts = RetrySchedule.ActingInBigPanda.CountOf(message) + (action is CloseIncidentAction close ? close.AttemptsBefore : 0);
            var delivery = new ActionDelivery(
                action, attempts + 1, message.ApplicationProperties.ContainsKey(MessageProperties.Stage),
                MayHaveBeenSent: attempts > 0 || message.DeliveryCount > 1, patience.Token);
            var attempt = await bigPanda.TryAsync(delivery, cancellationToken);
            await SettleAsync(action, attempt, actions, message, cancellationToken);
        }
        catch (TurnNotReachedException e)
        {
            await Settlement.GiveBackAsync(actions, message, cancellationToken);
            Log.GivenBack(logger, message.SessionId, e.Message);
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

    private Task SettleAsync(AlertAction action, ActionAttempt attempt, ServiceBusMessageActions actions, ServiceBusReceivedMessage message, CancellationToken cancellationToken)
    {
        switch (attempt.Result)
        {
            case ActionResult.Accepted when action is CloseIncidentAction:
                Log.Done(logger, action.IncidentId, action.ActionId, attempt.Detail);
                return settlement.PutOffAsync(Queues.BigPandaActions, RetrySchedule.ActingInBigPanda.In(options.Value.VerifyAfter, message), actions, message, cancellationToken, Verification);
            case ActionResult.Retrying:
                var later = RetrySchedule.ActingInBigPanda.In(attempt.After ?? TimeSpan.Zero, message);
                Log.PutOff(logger, action.IncidentId, later.Delay, attempt.Detail);
                return settlement.PutOffAsync(Queues.BigPandaActions, later, actions, message, cancellationToken);
            case ActionResult.Failed:
                Log.Failed(logger, action.IncidentId, action.ActionId, attempt.Detail);
                return Settlement.DeadLetterAsync(actions, message, "ActionFailed", attempt.Detail, cancellationToken);
            case ActionResult.Parked:
                Log.Parked(logger, action.IncidentId, action.ActionId, attempt.Detail);
                return Settlement.CompleteAsync(actions, message, cancellationToken);
            default:
                Log.Done(logger, action.IncidentId, action.ActionId, attempt.Detail);
                return Settlement.CompleteAsync(actions, message, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Incident {IncidentId}, action {ActionId}: {Detail}")]
        public static partial void Done(ILogger logger, string incidentId, string actionId, string detail);

        [LoggerMessage(2, LogLevel.Warning, "Incident {IncidentId}: the action is tried again in {Delay}: {Detail}")]
        public static partial void PutOff(ILogger logger, string incidentId, TimeSpan delay, string detail);

        [LoggerMessage(3, LogLevel.Error, "Incident {IncidentId}, action {ActionId} is parked: {Detail}")]
        public static partial void Parked(ILogger logger, string incidentId, string actionId, string detail);

        [LoggerMessage(4, LogLevel.Error, "Incident {IncidentId}, action {ActionId} has failed and is in the dead-letter queue: {Detail}")]
        public static partial void Failed(ILogger logger, string incidentId, string actionId, string detail);

        [LoggerMessage(6, LogLevel.Information, "Incident {IncidentId}: the action is back in the queue, without having been tried: {Reason}")]
        public static partial void GivenBack(ILogger logger, string incidentId, string reason);

        [LoggerMessage(5, LogLevel.Error, "Incident {IncidentId}: message {MessageId} cannot be read and is in the dead-letter queue: {Detail}")]
        public static partial void Unreadable(ILogger logger, string incidentId, string messageId, string detail);
    }
}
