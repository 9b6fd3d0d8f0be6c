using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Vendors.PagerDuty.Webhook;

/// <summary><c>POST /webhooks/pagerduty</c>. Everything authentic gets 202 once it is stored, or at once when it can never matter.</summary>
public sealed partial class ReceivePagerDutyWebhookFunction(
    PagerDutyGate gate, MessageBodies bodies, MessageSender sender, SubscriptionStore subscriptions, TimeProvider time,
    ILogger<ReceivePagerDutyWebhookFunction> logger)
{
    private const string SubscriptionHeader = "X-Webhook-Subscription";
    private const string DeliveryHeader = "X-Webhook-Id";

    /// <summary>PagerDuty waits for five seconds, and sends the webhook again after a 503.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(4);

    [Function("ReceivePagerDutyWebhook")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/pagerduty")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var late = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        return await StorageError.CatchOutageAsync(
            () => ReceiveAsync(request, either.Token),
            reason =>
            {
                Log.NotEnqueued(logger, reason);
                return gate.RetryLater(request, Problems.EnqueueFailed, "Could not enqueue the webhook. PagerDuty sends it again.");
            },
            cancellationToken);
    }

    private async Task<IResult> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (admitted, response) = await gate.AdmitAsync(request, cancellationToken);
        if (admitted is null) return response ?? throw new InvalidOperationException("The gate neither admitted nor refused the webhook.");
        using var webhook = admitted;
        var evt = PagerDutyEvent.Read(webhook.Body);
        if (evt is not null) await EnqueueAsync(webhook, evt, request.Headers[DeliveryHeader], cancellationToken);
        gate.Count(evt is null ? "ignored" : "accepted");
        await subscriptions.NoteAsync(request.Headers[SubscriptionHeader], cancellationToken);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    private async Task EnqueueAsync(AuthenticWebhook webhook, PagerDutyEvent evt, string? deliveryId, CancellationToken cancellationToken)
    {
        var message = PagerDutyEventMessages.Of(evt, deliveryId, webhook.Body.Span, time.GetUtcNow());
        await bodies.PackAsync(message, webhook.Body, webhook.ReportStored, cancellationToken);
        await sender.SendAsync(Queues.PagerDutyEvents, message, cancellationToken);
        Log.Accepted(logger, evt.IncidentId, evt.Type, message.MessageId);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "PagerDuty's incident {IncidentId}: webhook {Type} accepted as {MessageId}")]
        public static partial void Accepted(ILogger logger, string incidentId, string type, string messageId);

        [LoggerMessage(2, LogLevel.Error, "Could not enqueue a webhook of PagerDuty; returned 503, and PagerDuty sends it again: {Reason}")]
        public static partial void NotEnqueued(ILogger logger, string reason);
    }
}
