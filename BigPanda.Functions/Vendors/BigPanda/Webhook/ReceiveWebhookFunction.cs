using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Vendors.BigPanda.Incidents;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.BigPanda.Webhook;

/// <summary>
/// <c>POST /webhooks/bigpanda/{sourceId}</c>. BigPanda documents no retry: a webhook gets 202 only once the broker has stored it, and is refused only
/// when it can never become an alert.
/// </summary>
public sealed partial class ReceiveWebhookFunction(
    SourceCatalog sources, MessageBodies bodies, MessageSender sender, AppMetrics metrics, RefusalLog refusals, IntakeBudget budget, TimeProvider time,
    IOptions<IntakeOptions> options, ILogger<ReceiveWebhookFunction> logger)
{
    [Function("ReceiveWebhook")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/bigpanda/{sourceId}")] HttpRequest request,
        string sourceId,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!sources.IsLoaded && !await sources.EnsureLoadedAsync(cancellationToken))
            return RetryLater(request, Problems.SourcesNotLoaded, "The sources are not loaded yet. Send the webhook again after the Retry-After delay.");
        var source = sources.Find(sourceId);
        if (!SourceAuthenticator.IsAuthentic(source, request.Headers, time.GetUtcNow()))
            return Refuse(source, "unauthorized", WebhookResults.Unauthorized(request.HttpContext.Response));
        if (WebhookResults.UnsupportedMediaType(request) is { } unsupported) return Refuse(source, "media_type", unsupported);

        using var share = await budget.TakeAsync(request.ContentLength, cancellationToken);
        if (share is null)
            return RetryLater(request, Problems.IntakeOverloaded, "Too many large webhooks at once. Send the webhook again after the Retry-After delay.");
        try
        {
            using var body = await BoundedBody.ReadAsync(request, options.Value.MaxBodyBytes, cancellationToken);
            if (body is null) return Refuse(source, "too_large", WebhookResults.TooLarge(options.Value.MaxBodyBytes));
            if (!IncidentScanner.TryScan(body.Memory.Span, out var incidentId, out var error))
                return Refuse(source, error.IsJson ? "not_an_incident" : "not_json", WebhookResults.Of(error));
            return await AcceptAsync(source, incidentId, body.Memory, request, cancellationToken);
        }
        catch (BadHttpRequestException e)
        {
            return Refuse(source, "broken_request", Problems.Unreadable(e.StatusCode).With(e.Message));
        }
    }

    private async Task<IResult> AcceptAsync(
        SourceEntry source, string incidentId, ReadOnlyMemory<byte> body, HttpRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var messageId = MessageIdentity.OfDelivery(source.Source.Id, body.Span, out _);
        var message = AlertEventMessages.OfDelivery(
            incidentId, messageId, source.Source.Id, now, source.Source.TitleTemplate, source.Source.AppKey is not null, source.Source.OneTime);
        try
        {
            await bodies.PackAsync(message, body, cancellationToken);
            await sender.SendAsync(Queues.AlertEvents, message, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (MessageSender.IsOutage(e) || StorageError.IsOutage(e)))
        {
            Log.NotEnqueued(logger, incidentId, StorageError.Describe(e));
            return RetryLater(request, Problems.EnqueueFailed, "Could not enqueue the webhook. Send it again after the Retry-After delay.");
        }

        source.Traffic.Delivered(now);
        metrics.CountWebhook("accepted");
        Log.Accepted(logger, incidentId, messageId);
        return new WebhookAccepted(messageId, incidentId);
    }

    private IResult RetryLater(HttpRequest request, Problem problem, string detail)
    {
        metrics.CountWebhook("unavailable");
        return problem.RetryLater(request.HttpContext.Response, detail);
    }

    private IResult Refuse(SourceEntry source, string outcome, IResult response)
    {
        source.Traffic.Rejected();
        metrics.CountWebhook(outcome);
        refusals.Add(source.Source.Id, outcome);
        return response;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Incident {IncidentId}: webhook accepted as {MessageId}")]
        public static partial void Accepted(ILogger logger, string incidentId, string messageId);

        [LoggerMessage(2, LogLevel.Error, "Incident {IncidentId}: could not enqueue the webhook; returned 503: {Reason}")]
        public static partial void NotEnqueued(ILogger logger, string incidentId, string reason);
    }
}
