using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts;
using BigPanda.Functions.BigPandaApi;
using BigPanda.Functions.Messaging;
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

    [Function("ActInBigPanda")]
    public async Task RunAsync(
        [ServiceBusTrigger(Queues.BigPandaActions, Connection = Queues.Connection, IsSessionsEnabled = true)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        using var activity = MessageTrace.Continue("ActInBigPanda", message);
        // A message waits for its turn as long as it may wait for an outage.
        using var patience = new CancellationTokenSource(OutageWait.MaxWait, time);
        // BigPanda has been asked by then: an outage that follows must not ask it again.
        ActionAttempt? made = null;
        await settlement.RunAsync(Queues.BigPandaActions, message, actions, ActAsync, cancellationToken);

        async Task<Disposition> ActAsync(Delivery received, CancellationToken cancellationToken)
        {
            var delivery = DeliveryOf(received, patience.Token);
            try
            {
                made ??= await bigPanda.TryAsync(delivery, cancellationToken);
            }
            catch (TurnTimeoutException e)
            {
                Log.GivenBack(logger, message.SessionId, e.Message);
                return received.Release();
            }

            await bigPanda.ReportAsync(delivery, made, cancellationToken);
            return Decide(delivery, made);
        }
    }

    private static ActionDelivery DeliveryOf(Delivery received, CancellationToken patience)
    {
        var action = ActionMessages.Read(received.Message);
        var attempts = received.Count(MessageProperties.Attempts) + (action is CloseIncidentAction close ? close.AttemptsBefore : 0);
        return new ActionDelivery(
            action, attempts + 1, received.Text(MessageProperties.Stage) is not null,
            MayHaveBeenSent: attempts > 0 || received.MayHaveRun || received.IsSentAgain, patience);
    }

    private Disposition Decide(ActionDelivery delivery, ActionAttempt attempt)
    {
        var action = delivery.Action;
        switch (attempt.Result)
        {
            case ActionResult.Accepted when action is CloseIncidentAction:
                Log.Done(logger, action.IncidentId, action.ActionId, attempt.Detail);
                return new Disposition.Rescheduled(In(options.Value.VerifyAfter, delivery), Verification);
            case ActionResult.Retrying:
                var delay = attempt.After ?? TimeSpan.Zero;
                Log.Rescheduled(logger, action.IncidentId, delay, attempt.Detail);
                return new Disposition.Rescheduled(In(delay, delivery));
            case ActionResult.Failed:
                Log.Failed(logger, action.IncidentId, action.ActionId, attempt.Detail);
                return new Disposition.DeadLettered(DeadLetterReasons.ActionFailed, attempt.Detail);
            case ActionResult.Parked:
                Log.Parked(logger, action.IncidentId, action.ActionId, attempt.Detail);
                return Disposition.Complete;
            default:
                Log.Done(logger, action.IncidentId, action.ActionId, attempt.Detail);
                return Disposition.Complete;
        }
    }

    private Reschedule In(TimeSpan delay, ActionDelivery delivery) =>
        new(time.GetUtcNow() + delay, new(MessageProperties.Attempts, delivery.Attempts + 1));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Incident {IncidentId}, action {ActionId}: {Detail}")]
        public static partial void Done(ILogger logger, string incidentId, string actionId, string detail);

        [LoggerMessage(2, LogLevel.Warning, "Incident {IncidentId}: the action is tried again in {Delay}: {Detail}")]
        public static partial void Rescheduled(ILogger logger, string incidentId, TimeSpan delay, string detail);

        [LoggerMessage(3, LogLevel.Error, "Incident {IncidentId}, action {ActionId} is parked: {Detail}")]
        public static partial void Parked(ILogger logger, string incidentId, string actionId, string detail);

        [LoggerMessage(4, LogLevel.Error, "Incident {IncidentId}, action {ActionId} has failed and is in the dead-letter queue: {Detail}")]
        public static partial void Failed(ILogger logger, string incidentId, string actionId, string detail);

        [LoggerMessage(5, LogLevel.Information, "Incident {IncidentId}: the action is back in the queue, without having been tried: {Reason}")]
        public static partial void GivenBack(ILogger logger, string incidentId, string reason);
    }
}
