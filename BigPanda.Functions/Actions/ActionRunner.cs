using System.Diagnostics;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Brake;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Outbound.Limiter;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Actions;

/// <summary>
/// Runs the actions of all destinations: retries on the target's schedule, parks an action that needs another key or setting, dead-letters one that
/// has failed for good, and reports each result to the alert. An accepted action may be scheduled once more, to verify that it took effect.
/// </summary>
public sealed partial class ActionRunner(
    ActionReports reports, ParkedActions parked, ActionBrake brake, AlertPolicy policy, TimeProvider time, ILogger<ActionRunner> logger)
{
    private static readonly KeyValuePair<string, object> Verification = new(MessageProperties.Stage, MessageProperties.Verify);
    private static readonly KeyValuePair<string, object> Unanswered = new(MessageProperties.Unanswered, true);

    /// <param name="settle">Settles the message by the result of the work that it is given.</param>
    internal async Task RunAsync(IActionTarget target, Func<Func<Delivery, CancellationToken, Task<Disposition>>, Task> settle)
    {
        // A message may wait for the rate limit as long as for an outage.
        using var waitLimit = new CancellationTokenSource(OutageWait.MaxWait, time);
        // Kept across the retries of an outage: the destination must not be called a second time because the result could not be stored.
        Outcome? outcome = null;
        await settle(ActAsync);

        async Task<Disposition> ActAsync(Delivery received, CancellationToken cancellationToken)
        {
            var delivery = ActionDelivery.Of(received, waitLimit.Token);
            outcome ??= Interpret(await TryAsync(target, delivery, received, cancellationToken), delivery, received, target.Schedule);
            if (outcome.Parking is { } parking)
            {
                await parked.AddAsync(delivery, parking, cancellationToken);
                // Once: it may be released while the report waits for the broker.
                outcome = outcome with { Parking = null };
            }

            if (outcome.Report is { } report) await reports.SendAsync(report, cancellationToken);
            outcome.Log();
            return outcome.Settled;
        }
    }

    /// <summary>An action that was planned before the mode was changed waits for the mode to be on again. A verification only reads.</summary>
    private async Task<ActionAttempt> TryAsync(IActionTarget target, ActionDelivery delivery, Delivery received, CancellationToken cancellationToken)
    {
        if (policy.ModeOf(target.Destination) != DestinationMode.On && !delivery.IsVerification)
            return new ActionAttempt.Park($"the mode of {target.Name} is no longer on: the action waits until it is");
        if (await FindDropAsync(delivery, received, cancellationToken) is { } dropped) return new ActionAttempt.Moot(dropped);
        try
        {
            // Asked again directly before the call: this one keeps what is held from waiting for turns.
            if (!delivery.IsVerification) await brake.CheckAsync(delivery.Action, cancellationToken);
            return await target.TryAsync(delivery, cancellationToken);
        }
        catch (BrakeEngagedException e)
        {
            return new ActionAttempt.Held(e.Message, e.Kind, e.Engagement);
        }
        catch (TurnTimeoutException e)
        {
            return new ActionAttempt.GivenBack(e.Message, e.After);
        }
    }

    /// <summary>A message that was held, and whose process died before it was settled, comes again: a person may have dropped its action meanwhile.</summary>
    private async Task<string?> FindDropAsync(ActionDelivery delivery, Delivery received, CancellationToken cancellationToken)
    {
        if (!received.MayHaveRun || BrakeKinds.OfHeld(delivery.Action) is not { } kind) return null;
        var messageId = received.Message.MessageId;
        // The row first: it is removed after the drop is recorded. It may be long until the decision has reached each row.
        return (await parked.FindHoldAsync(kind, delivery.Action, cancellationToken) is { } hold && hold.MessageId == messageId
                && await brake.IsDroppedAsync(kind, hold.Engagement, cancellationToken))
            || await parked.IsDroppedAsync(kind, delivery.Action, messageId, cancellationToken)
            ? DestinationSync.Dropped
            : null;
    }

    private Outcome Interpret(ActionAttempt attempt, ActionDelivery delivery, Delivery received, RetrySchedule schedule)
    {
        var (action, now) = (delivery.Action, time.GetUtcNow());
        var at = delivery.ReportTime(now);
        return attempt switch
        {
            ActionAttempt.Done => Finished(Report(ActionResult.Accepted, attempt.Detail), Disposition.Complete),
            ActionAttempt.DoneAndVerifyAfter(_, var delay) => Finished(
                Report(ActionResult.Accepted, attempt.Detail), new Disposition.Rescheduled(Next(delay), Verification)),
            ActionAttempt.NotShown(_, var delay) => Finished(null, new Disposition.Rescheduled(Next(delay), Verification)),
            ActionAttempt.Confirmed(_, var external) => Finished(
                Report(ActionResult.Closed, attempt.Detail) with { External = external }, Disposition.Complete),
            ActionAttempt.Observed or ActionAttempt.Moot => Finished(null, Disposition.Complete),
            ActionAttempt.Retry when delivery.ScheduledAttempt >= schedule.Tries =>
                Failed($"failed after {delivery.Attempt} attempts; the last error: {attempt.Detail}"),
            ActionAttempt.Retry retry => Retried(
                schedule.GetDelay(delivery.ScheduledAttempt, retry.After, Random.Shared.NextDouble()), retry.IsUnanswered ? Unanswered : null),
            ActionAttempt.Park(_, var rest, var isReported) => new Outcome(
                isReported ? Report(ActionResult.Parked, attempt.Detail) : null, Disposition.Complete,
                () => Log.Parked(logger, action.IncidentId, action.ActionId, attempt.Detail))
            { Parking = new Parking(at, now + rest - at, isReported) },
            ActionAttempt.Held(_, var kind, var engagement) => new Outcome(
                Report(ActionResult.Parked, attempt.Detail), Disposition.Complete,
                () => Log.Held(logger, action.IncidentId, action.ActionId, attempt.Detail))
            { Parking = new Parking(at, TimeSpan.Zero) { Hold = new Hold(kind, engagement, received.Message.MessageId) } },
            ActionAttempt.Fail => Failed(attempt.Detail),
            ActionAttempt.GivenBack given => new Outcome(null, Return(given), () => Log.Returned(logger, action.IncidentId, attempt.Detail)),
            _ => throw new UnreachableException($"No rule for {attempt}."),
        };

        Outcome Finished(ActionReported? report, Disposition settled) =>
            new(report, settled, () => Log.Done(logger, action.IncidentId, action.ActionId, attempt.Detail));

        Outcome Failed(string detail) => new(
            Report(ActionResult.Failed, detail), new Disposition.DeadLettered(DeadLetterReasons.ActionFailed, detail),
            () => Log.Failed(logger, action.IncidentId, action.ActionId, detail));

        Outcome Retried(TimeSpan delay, KeyValuePair<string, object>? property)
        {
            var detail = $"attempt {delivery.Attempt} failed and will be retried: {attempt.Detail}";
            return new Outcome(
                Report(ActionResult.Retrying, detail) with { NextAttemptAt = now + delay }, new Disposition.Rescheduled(Next(delay), property),
                () => Log.Rescheduled(logger, action.IncidentId, delay, detail));
        }

        // A copy has no delivery count: what that says of earlier deliveries is kept as a property.
        Disposition Return(ActionAttempt.GivenBack given) => given.After is { } after
            ? new Disposition.Rescheduled(new Reschedule(after), received.MayHaveRun ? Unanswered : null)
            : received.Release();

        ActionReported Report(ActionResult result, string detail) => ActionReports.Of(delivery, result, detail, at);

        Reschedule Next(TimeSpan after) => new(after, new(MessageProperties.Attempts, delivery.Attempts + 1));
    }

    /// <param name="Report">Null when the alert has nothing to learn.</param>
    private sealed record Outcome(ActionReported? Report, Disposition Settled, Action Log)
    {
        public Parking? Parking { get; init; }
    }

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
            "Incident {IncidentId}, action {ActionId} failed and is in the dead-letter queue. Fix the cause, then try it again: {Detail}")]
        public static partial void Failed(ILogger logger, string incidentId, string actionId, string detail);

        [LoggerMessage(5, LogLevel.Information, "Incident {IncidentId}: the action was returned to the queue without an attempt: {Reason}")]
        public static partial void Returned(ILogger logger, string incidentId, string reason);

        [LoggerMessage(6, LogLevel.Information, "Incident {IncidentId}, action {ActionId}: {Detail}")]
        public static partial void Held(ILogger logger, string incidentId, string actionId, string detail);
    }
}
