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

    /// <summary>
    /// From the request to the answer at most. PagerDuty waits for five seconds, of which the way to here and a start of the app take their part. A 503 costs
    /// nothing: what was begun goes on, and PagerDuty sends the webhook again for two days, while a webhook that it drops is lost and three disable the
    /// subscription. Source: developer.pagerduty.com/docs/webhooks/webhook-behavior.
    /// </summary>
    internal static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(900);

    /// <summary>A connection to the broker that hangs must not hold memory for longer.</summary>
    internal static readonly TimeSpan MaxStoring = TimeSpan.FromSeconds(30);

    [Function("ReceivePagerDutyWebhook")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/pagerduty")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var late = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        // What it cannot read it refuses and logs itself, once a minute: only an authentic webhook may have a line for each.
        var (webhook, response) = await gate.AdmitAsync(request, either.Token);
        if (webhook is null) return response ?? throw new InvalidOperationException("The gate neither admitted nor refused the webhook.");
        return await StorageError.CatchOutageAsync(
            () => ReceiveAsync(request, webhook, either.Token),
            reason =>
            {
                if (late.IsCancellationRequested) Log.Late(logger, Deadline.TotalMilliseconds);
                else Log.NotStored(logger, reason);
                return gate.RetryLater(request, Problems.EnqueueFailed, "Could not enqueue the webhook in time. PagerDuty sends it again.");
            },
            cancellationToken);
    }

    private async Task<IResult> ReceiveAsync(HttpRequest request, AuthenticWebhook webhook, CancellationToken cancellationToken)
    {
        if (await StoreAsync(webhook, request.Headers[DeliveryHeader]).WaitAsync(cancellationToken) is not { } outcome)
            return gate.RetryLater(request, Problems.EnqueueFailed, "Could not enqueue the webhook. PagerDuty sends it again.");
        gate.Count(outcome);
        await subscriptions.NoteAsync(request.Headers[SubscriptionHeader], cancellationToken);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    /// <summary>
    /// Goes on after a 503 that did not wait for it: then the first connection to the broker is there for the next webhook, and of this one, which PagerDuty
    /// sends again, the broker drops the second message.
    /// </summary>
    /// <returns>How it is counted: "accepted", or "ignored" when it can never matter. Null when it could not be stored.</returns>
    private async Task<string?> StoreAsync(AuthenticWebhook webhook, string? deliveryId)
    {
        using var limit = new CancellationTokenSource(MaxStoring, time);
        using (webhook)
        {
            if (PagerDutyEvent.Read(webhook.Body) is not { } evt) return "ignored";
            return await StorageError.CatchOutageAsync(
                () => EnqueueAsync(webhook, evt, deliveryId, limit.Token),
                reason =>
                {
                    Log.NotStored(logger, reason);
                    return null;
                },
                CancellationToken.None);
        }
    }

    private async Task<string?> EnqueueAsync(AuthenticWebhook webhook, PagerDutyEvent evt, string? deliveryId, CancellationToken cancellationToken)
    {
        var message = PagerDutyEventMessages.Of(evt, deliveryId, webhook.Body.Span, time.GetUtcNow());
        await bodies.PackAsync(message, webhook.Body, webhook.ReportStored, cancellationToken);
        await sender.SendAsync(Queues.PagerDutyEvents, message, cancellationToken);
        Log.Accepted(logger, evt.IncidentId, evt.Type, message.MessageId);
        return "accepted";
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "PagerDuty's incident {IncidentId}: webhook {Type} accepted as {MessageId}")]
        public static partial void Accepted(ILogger logger, string incidentId, string type, string messageId);

        [LoggerMessage(2, LogLevel.Error, "Could not enqueue a webhook of PagerDuty; returned 503, and PagerDuty sends it again: {Reason}")]
        public static partial void NotStored(ILogger logger, string reason);

        [LoggerMessage(
            3, LogLevel.Warning, "A webhook of PagerDuty was not enqueued within {Milliseconds} ms; returned 503, and PagerDuty sends it again")]
        public static partial void Late(ILogger logger, double milliseconds);
    }
}
