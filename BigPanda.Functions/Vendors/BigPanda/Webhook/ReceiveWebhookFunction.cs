using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Vendors.BigPanda.Incidents;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Vendors.BigPanda.Webhook;

/// <summary>
/// <c>POST /webhooks/bigpanda/{sourceId}</c>. BigPanda documents no retry: a webhook gets 202 only once the broker has stored it, and is refused only
/// when it can never become an alert.
/// </summary>
public sealed partial class ReceiveWebhookFunction(
    SourceGate gate, MessageBodies bodies, MessageSender sender, TimeProvider time, ILogger<ReceiveWebhookFunction> logger)
{
    [Function("ReceiveWebhook")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/bigpanda/{sourceId}")] HttpRequest request,
        string sourceId,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (admitted, refusal) = await gate.AdmitAsync(request, sourceId, SourceKind.BigPanda, cancellationToken);
        if (admitted is null) return refusal ?? throw new InvalidOperationException("The gate neither admitted nor refused the webhook.");
        using var webhook = admitted;
        return IncidentScanner.TryScan(webhook.Body.Span, out var incidentId, out var error)
            ? await EnqueueAsync(webhook, incidentId, DeliveryHeaders.Capture(request.Headers, webhook.Source.HeaderName), cancellationToken)
            : webhook.Refuse(error.IsJson ? "not_an_incident" : "not_json", error.ToProblem(Problems.InvalidIncident));
    }

    private async Task<IResult> EnqueueAsync(
        AdmittedWebhook webhook, string incidentId, IReadOnlyDictionary<string, string>? headers, CancellationToken cancellationToken)
    {
        var (source, now) = (webhook.Source, time.GetUtcNow());
        var messageId = MessageIdentity.OfDelivery(source.Id, webhook.Body.Span, out _);
        var message = DeliveryMessages.Of(
            incidentId, messageId, source.Id, now, source.TitleTemplate, source.AppKey is not null, source.OneTime, headers);
        return await StorageError.CatchOutageAsync<IResult>(
            async () =>
            {
                await bodies.PackAsync(message, webhook.Body, webhook.ReportStored, cancellationToken);
                await sender.SendAsync(Queues.AlertEvents, message, cancellationToken);
                webhook.CountAccepted(now);
                Log.Accepted(logger, incidentId, messageId);
                return new WebhookAccepted(messageId, incidentId);
            },
            reason =>
            {
                Log.NotEnqueued(logger, incidentId, reason);
                return webhook.RetryLater(Problems.EnqueueFailed, "Could not enqueue the webhook. Send it again after the Retry-After delay.");
            },
            cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Incident {IncidentId}: webhook accepted as {MessageId}")]
        public static partial void Accepted(ILogger logger, string incidentId, string messageId);

        [LoggerMessage(2, LogLevel.Error, "Incident {IncidentId}: could not enqueue the webhook; returned 503: {Reason}")]
        public static partial void NotEnqueued(ILogger logger, string incidentId, string reason);
    }
}
