using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Alerts.Api;

/// <summary>
/// Enqueues what people request on an alert. 202 once the broker has stored it. The same text of the same person about the same view of the alert is
/// one request, so a caller may safely retry; after newer news from BigPanda, or a failed close or comment, it is a new request.
/// </summary>
public sealed partial class AlertRequestsFunction(AlertStore store, MessageSender sender, TimeProvider time, ILogger<AlertRequestsFunction> logger)
{
    /// <summary><c>POST /alerts/{incidentId}/resolve</c>: resolves the alert here and closes the incident in BigPanda.</summary>
    [Function("ResolveAlert")]
    public Task<IResult> ResolveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "alerts/{incidentId}/resolve")] HttpRequest request,
        string incidentId,
        CancellationToken cancellationToken) =>
        HandleAsync(request, incidentId, (alert, body) => SendResolveAsync(alert, body, cancellationToken), cancellationToken);

    /// <summary><c>POST /alerts/{incidentId}/comments</c>: adds a comment to the timeline and to the BigPanda incident.</summary>
    [Function("CommentAlert")]
    public Task<IResult> CommentAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "alerts/{incidentId}/comments")] HttpRequest request,
        string incidentId,
        CancellationToken cancellationToken) =>
        HandleAsync(request, incidentId, (alert, body) => SendCommentAsync(alert, body, cancellationToken), cancellationToken);

    private async Task<IResult> HandleAsync(
        HttpRequest request, string incidentId, Func<Alert, AlertRequest, Task<IResult>> send, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var (body, error) = await AlertRequest.ReadAsync(request, cancellationToken);
            if (body is null) return Problems.InvalidBody.With(error);
            if (await store.FindAsync(RouteText.Readings(incidentId), cancellationToken) is not { } stored)
                return Problems.AlertNotFound.With("No alert has this incident id.");
            return await send(stored.Alert, body);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (MessageSender.IsOutage(e) || StorageError.IsOutage(e)))
        {
            Log.NotEnqueued(logger, incidentId, StorageError.Describe(e));
            return Problems.EnqueueFailed.RetryLater(request.HttpContext.Response, "Could not enqueue the request. Send it again after the Retry-After delay.");
        }
    }

    private async Task<IResult> SendResolveAsync(Alert alert, AlertRequest body, CancellationToken cancellationToken)
    {
        if (alert is { IsFiring: false, Sync.State: SyncState.InSync }) return AlreadyResolved(alert);

        var failedCloseId = alert.Sync.State == SyncState.Failed ? alert.Sync.CloseId ?? "" : "";
        var messageId = MessageIdentity.Of("resolve", alert.IncidentId, ViewOf(alert), failedCloseId, body.By, body.Comment ?? "");
        var request = new ResolveRequested(alert.IncidentId, alert.Seen, ResolvedVia.Api, body.By, body.Comment, time.GetUtcNow(), messageId)
        {
            SeenBefore = alert.SeenByResolver,
            SeenGravity = Gravity.Of(alert.Content),
        };
        await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(request), cancellationToken);
        Log.Accepted(logger, alert.IncidentId, "resolve", messageId);
        return AlertRequest.Accepted(messageId, alert.IncidentId);
    }

    private async Task<IResult> SendCommentAsync(Alert alert, AlertRequest body, CancellationToken cancellationToken)
    {
        if (body.Comment is not { } comment) return Problems.InvalidBody.With("comment must not be empty.");

        var messageId = MessageIdentity.Of("comment", alert.IncidentId, ViewOf(alert), $"{alert.FailedComments}", body.By, comment);
        var request = new CommentRequested(alert.IncidentId, ResolvedVia.Api, body.By, comment, time.GetUtcNow(), messageId);
        await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(request), cancellationToken);
        Log.Accepted(logger, alert.IncidentId, "comment", messageId);
        return AlertRequest.Accepted(messageId, alert.IncidentId);
    }

    /// <summary>What the author of a request has seen of BigPanda.</summary>
    private static string ViewOf(Alert alert) => $"{alert.Life.Episode} {alert.LatestNews:x}";

    private static IResult AlreadyResolved(Alert alert) => Problems.AlreadyResolved.With(
        "The alert is already resolved and the incident is closed in BigPanda.",
        ("alertStatus", "resolved"),
        ("episode", alert.Life.Episode),
        ("resolvedBy", alert.Life.ResolvedBy ?? alert.Life.ResolvedVia));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Incident {IncidentId}: enqueued the {Request} request as {MessageId}")]
        public static partial void Accepted(ILogger logger, string incidentId, string request, string messageId);

        [LoggerMessage(2, LogLevel.Error, "Incident {IncidentId}: could not enqueue the request; returned 503: {Reason}")]
        public static partial void NotEnqueued(ILogger logger, string incidentId, string reason);
    }
}
