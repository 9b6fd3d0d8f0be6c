using BigPanda.Functions.Http;
using BigPanda.Functions.Incidents;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Webhooks;

/// <summary>
/// <c>POST /webhooks/bigpanda/{sourceId}</c>. BigPanda documents no second delivery: a webhook is answered 202 only once the broker
/// has stored it, and refused only when it can never become an alert.
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
        if (!sources.IsLoaded && !await sources.EnsureLoadedAsync(cancellationToken)) return NotNow(request, "The webhook could not be checked. Send it again.");
        var source = sources.Find(sourceId);
        if (!SourceAuthenticator.IsAuthentic(source, request.Headers, time.GetUtcNow())) return Refuse(source, "unauthorized", WebhookResults.Unauthorized(request.HttpContext.Response));
        if (WebhookResults.UnsupportedMediaType(request) is { } unsupported) return Refuse(source, "media_type", unsupported);

        using var share = await budget.TakeAsync(request.ContentLength, cancellationToken);
        if (share is null) return NotNow(request, "Too many large webhooks at once. Send it again.");
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
            return Refuse(source, "broken_request", Problems.Of(e.StatusCode, "The request could not be read", e.Message));
        }
    }

    private async Task<IResult> AcceptAsync(SourceEntry source, string incidentId, ReadOnlyMemory<byte> body, HttpRequest request, CancellationToken cancellationToken)
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
            metrics.CountWebhook("unavailable");
            Log.NotStored(logger, incidentId, StorageError.Describe(e));
            return Problems.Unavailable(request.HttpContext.Response, "The webhook could not be stored. Send it again.");
        }

        source.Traffic.Delivered(now);
        metrics.CountWebhook("accepted");
        Log.Accepted(logger, incidentId, messageId);
        return new WebhookAccepted(messageId, incidentId);
    }

    /// <summary>503, not 401 or 413: the caller may be authentic (the sources have not been read since the start), and its webhook must not be refused for good.</summary>
    private IResult NotNow(HttpRequest request, string detail)
    {
        metrics.CountWebhook("unavailable");
        return Problems.Unavailable(request.HttpContext.Response, detail);
    }

    private IResult Refuse(SourceEntry source, string outcome, IResult answer)
    {
        source.Traffic.Rejected();
        metrics.CountWebhook(outcome);
        refusals.Add(source.Source.Id, outcome);
        return answer;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Incident {IncidentId}: webhook accepted as {MessageId}")]
        public static partial void Accepted(ILogger logger, string incidentId, string messageId);

        [LoggerMessage(2, LogLevel.Error, "Incident {IncidentId}: the webhook could not be stored and is answered 503: {Reason}")]
        public static partial void NotStored(ILogger logger, string incidentId, string reason);
    }
}
