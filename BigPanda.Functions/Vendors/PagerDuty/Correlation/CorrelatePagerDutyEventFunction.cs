using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Vendors.PagerDuty.Correlation;

/// <summary>Finds the alerts that PagerDuty's events are about, one event of an incident at a time.</summary>
public sealed partial class CorrelatePagerDutyEventFunction(
    PagerDutyCorrelator correlator, MessageBodies bodies, Settlement settlement, AppMetrics metrics, TimeProvider time,
    ILogger<CorrelatePagerDutyEventFunction> logger)
{
    [Function("CorrelatePagerDutyEvent")]
    public async Task RunAsync(
        [ServiceBusTrigger(Queues.PagerDutyEvents, Connection = Queues.Connection, IsSessionsEnabled = true)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        using var activity = MessageTrace.Continue("CorrelatePagerDutyEvent", message);
        // A message may wait for the rate limit as long as for an outage.
        using var waitLimit = new CancellationTokenSource(OutageWait.MaxWait, time);
        await settlement.RunAsync(
            Queues.PagerDutyEvents, message, actions,
            (delivery, token) => CorrelateAsync(delivery, new CallClaim(CallPriority.High, waitLimit.Token), token), cancellationToken);
    }

    private async Task<Disposition> CorrelateAsync(Delivery delivery, CallClaim claim, CancellationToken cancellationToken)
    {
        using var body = await bodies.UnpackAsync(delivery.Message, cancellationToken);
        var (evt, receivedAt) = PagerDutyEventMessages.Read(delivery.Message, body.Memory);
        try
        {
            var result = await correlator.CorrelateAsync(evt, delivery.Identity, receivedAt, claim, cancellationToken);
            return Settle(delivery, evt, result, receivedAt);
        }
        catch (TurnTimeoutException e)
        {
            return e.After is { } after ? Again(after, delivery.Count(MessageProperties.Attempts)) : delivery.Release();
        }
    }

    private Disposition Settle(Delivery delivery, PagerDutyEvent evt, CorrelationResult result, DateTimeOffset receivedAt)
    {
        var attempts = delivery.Count(MessageProperties.Attempts);
        var delay = CorrelationSchedule.Next(result, delivery.AttemptsSinceReplay, time.GetUtcNow() - receivedAt, Random.Shared.NextDouble());
        if (delay is { } wait)
        {
            Log.Again(logger, evt.IncidentId, evt.Type, wait, result.Detail);
            return Again(wait, attempts + 1);
        }

        metrics.CountPagerDutyEvent(evt.Type, result.Name);
        if (result is CorrelationResult.Unanswered) Log.GivenUp(logger, evt.IncidentId, evt.Type, result.Detail);
        else Log.Done(logger, evt.IncidentId, evt.Type, result.Detail);
        return Disposition.Complete;
    }

    private static Disposition.Rescheduled Again(TimeSpan after, int attempts) => new(new Reschedule(after, new(MessageProperties.Attempts, attempts)));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "PagerDuty's incident {IncidentId}, {Type}: {Detail}")]
        public static partial void Done(ILogger logger, string incidentId, string type, string detail);

        [LoggerMessage(2, LogLevel.Information, "PagerDuty's incident {IncidentId}, {Type}: checked again in {Delay}: {Detail}")]
        public static partial void Again(ILogger logger, string incidentId, string type, TimeSpan delay, string detail);

        [LoggerMessage(
            3, LogLevel.Error,
            "PagerDuty's incident {IncidentId}, {Type}: PagerDuty did not say which alerts it has. Compare it with BigPanda by hand: {Detail}")]
        public static partial void GivenUp(ILogger logger, string incidentId, string type, string detail);
    }
}
