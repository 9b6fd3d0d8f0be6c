using BigPanda.Functions.Alerts;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Resolution;

/// <summary>What people ask for on an alert. 202 once the request is stored; asking twice does it once.</summary>
public sealed partial class AlertRequestsFunction(AlertStore store, MessageSender sender, TimeProvider time, ILogger<AlertRequestsFunction> logger)
{
    /// <summary><c>POST /alerts/{incidentId}/resolve</c>: resolves the alert here and closes the incident in BigPanda.</summary>
    [Function("ResolveAlert")]
    public Task<IResult> ResolveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "alerts/{incidentId}/resolve")] HttpRequest request, string incidentId, CancellationToken cancellationToken) =>
        TakeAsync(request, incidentId, (alert, order) => SendResolveAsync(alert, order, cancellationToken), cancellationToken);

    /// <summary>
    /// <c>POST /alerts/{incidentId}/comments</c>: adds a comment to the timeline and to the BigPanda incident. The same comment by the same
    /// actor within ten minutes is one comment: a caller in doubt may send it again.
    /// </summary>
    [Function("CommentAlert")]
    public Task<IResult> CommentAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "alerts/{incidentId}/comments")] HttpRequest request, string incidentId, CancellationToken cancellationToken) =>
        TakeAsync(request, incidentId, (alert, order) => SendCommentAsync(alert, order, cancellationToken), cancellationToken);

    private async Task<IResult> TakeAsync(HttpRequest request, string incidentId, Func<Alert, AlertRequest, Task<IResult>> take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var (order, error) = await AlertRequest.ReadAsync(request, cancellationToken);
            if (order is null) return Problems.BadRequest(error);
            if (await store.FindAsync(incidentId, cancellationToken) is not { } stored) return Problems.NotFound("No alert has this incident id.");
            return await take(stored.Alert, order);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (MessageSender.IsOutage(e) || StorageError.IsOutage(e)))
        {
            Log.NotStored(logger, incidentId, StorageError.Describe(e));
            return Problems.Unavailable(request.HttpContext.Response, "The request could not be stored. Send it again.");
        }
    }

    private async Task<IResult> SendResolveAsync(Alert alert, AlertRequest order, CancellationToken cancellationToken)
    {
        if (alert is { IsFiring: false, Sync.State: SyncState.InSync }) return AlreadyResolved(alert);

        // What a person says of an episode's end is one request; after a close has failed, it is one more for each failure.
        var messageId = MessageIdentity.Of(
            "resolve", alert.IncidentId, $"{alert.Life.Episode}", alert.Sync.State == SyncState.Failed ? alert.Sync.CloseId ?? "" : "", order.By, order.Comment ?? "");
        var request = new ResolveRequested(alert.IncidentId, alert.Seen, ResolvedVia.Api, order.By, order.Comment, time.GetUtcNow(), messageId)
        {
            SeenBefore = alert.SeenByResolver,
            SeenGravity = Gravity.Of(alert.Content),
        };
        await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(request), cancellationToken);
        Log.Accepted(logger, alert.IncidentId, "resolve", messageId);
        return AlertRequest.Accepted(messageId, alert.IncidentId);
    }

    private async Task<IResult> SendCommentAsync(Alert alert, AlertRequest order, CancellationToken cancellationToken)
    {
        if (order.Comment is not { } comment) return Problems.BadRequest("comment must not be empty.");

        var messageId = MessageIdentity.Of("comment", alert.IncidentId, order.By, comment);
        var request = new CommentRequested(alert.IncidentId, ResolvedVia.Api, order.By, comment, time.GetUtcNow(), messageId);
        await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(request), cancellationToken);
        Log.Accepted(logger, alert.IncidentId, "comment on", messageId);
        return AlertRequest.Accepted(messageId, alert.IncidentId);
    }

    private static IResult AlreadyResolved(Alert alert) => Problems.Of(
        StatusCodes.Status409Conflict,
        "Already resolved",
        "The alert is resolved and BigPanda has closed the incident.",
        ("alertStatus", "resolved"),
        ("episode", alert.Life.Episode),
        ("resolvedBy", alert.Life.ResolvedBy ?? alert.Life.ResolvedVia));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Incident {IncidentId}: asked to {Order} the alert, {MessageId}")]
        public static partial void Accepted(ILogger logger, string incidentId, string order, string messageId);

        [LoggerMessage(2, LogLevel.Error, "Incident {IncidentId}: what was asked for could not be stored and is answered 503: {Reason}")]
        public static partial void NotStored(ILogger logger, string incidentId, string reason);
    }
}
