using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Outbound.Limiter;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.BigPanda.Actions;

/// <summary>
/// Carries out the actions in BigPanda: retries on the schedule, parks an action that needs another key or setting, dead-letters one that has
/// failed for good. An accepted close is scheduled once more, to verify that the incident is closed.
/// </summary>
public sealed partial class ActInBigPandaFunction(
    BigPandaActions bigPanda, Settlement settlement, IOptions<ResolutionOptions> options, TimeProvider time, ILogger<ActInBigPandaFunction> logger)
{
    private static readonly KeyValuePair<string, object> Verification = new(MessageProperties.Stage, MessageProperties.Verify);
    private static readonly KeyValuePair<string, object> Unanswered = new(MessageProperties.Unanswered, true);

    [Function("ActInBigPanda")]
    public async Task RunAsync(
        [ServiceBusTrigger(Queues.BigPandaActions, Connection = Queues.Connection, IsSessionsEnabled = true)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        using var activity = MessageTrace.Continue("ActInBigPanda", message);
        // A message may wait for the rate limit as long as for an outage.
        using var waitLimit = new CancellationTokenSource(OutageWait.MaxWait, time);
        // Kept across the retries of an outage: BigPanda must not be called a second time because the result could not be stored.
        ActionAttempt? made = null;
        await settlement.RunAsync(Queues.BigPandaActions, message, actions, ActAsync, cancellationToken);

        async Task<Disposition> ActAsync(Delivery received, CancellationToken cancellationToken)
        {
            var delivery = ReadDelivery(received, waitLimit.Token);
            try
            {
                made ??= await bigPanda.TryAsync(delivery, cancellationToken);
            }
            catch (TurnTimeoutException e)
            {
                Log.Returned(logger, message.SessionId, e.Message);
                return received.Release();
            }

            await bigPanda.ReportAsync(delivery, made, cancellationToken);
            return Decide(delivery, made);
        }
    }

    private static ActionDelivery ReadDelivery(Delivery received, CancellationToken waitLimit)
    {
        var action = ActionMessages.Read(received.Message);
        var attempts = received.Count(MessageProperties.Attempts) + action.AttemptsBefore;
        return new ActionDelivery(
            action, attempts + 1, received.Text(MessageProperties.Stage) is not null,
            MayHaveBeenSent: attempts > 0 || received.MayHaveRun || received.IsSentAgain,
            MayBeDone: received.Interruptions > 0 || received.IsSentAgain
                || received.Message.ApplicationProperties.ContainsKey(MessageProperties.Unanswered),
            waitLimit);
    }

    private Disposition Decide(ActionDelivery delivery, ActionAttempt attempt)
    {
        var action = delivery.Action;
        switch (attempt.Result)
        {
            case ActionResult.Accepted when action.Kind == ActionKinds.Close:
                Log.Done(logger, action.IncidentId, action.ActionId, attempt.Detail);
                return new Disposition.Rescheduled(In(options.Value.VerifyAfter, delivery), Verification);
            case ActionResult.Retrying:
                var delay = attempt.After ?? TimeSpan.Zero;
                Log.Rescheduled(logger, action.IncidentId, delay, attempt.Detail);
                return new Disposition.Rescheduled(In(delay, delivery), attempt.IsUnanswered ? Unanswered : null);
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

        [LoggerMessage(2, LogLevel.Warning, "Incident {IncidentId}: the action failed. Will retry in {Delay}: {Detail}")]
        public static partial void Rescheduled(ILogger logger, string incidentId, TimeSpan delay, string detail);

        [LoggerMessage(3, LogLevel.Error, "Incident {IncidentId}, action {ActionId} is parked: {Detail}")]
        public static partial void Parked(ILogger logger, string incidentId, string actionId, string detail);

        [LoggerMessage(
            4, LogLevel.Error,
            "Incident {IncidentId}, action {ActionId} failed and is in the dead-letter queue. Fix the cause, then resolve or comment again: {Detail}")]
        public static partial void Failed(ILogger logger, string incidentId, string actionId, string detail);

        [LoggerMessage(5, LogLevel.Information, "Incident {IncidentId}: the action was returned to the queue without an attempt: {Reason}")]
        public static partial void Returned(ILogger logger, string incidentId, string reason);
    }
}
