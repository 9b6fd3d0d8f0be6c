using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Http;
using BigPanda.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Alerts.Api;

/// <summary>Passes on what API callers request on an alert. 202 once the broker has stored it.</summary>
public sealed partial class AlertRequestsFunction(AlertStore store, AlertRequests requests, ILogger<AlertRequestsFunction> logger)
{
    /// <summary><c>POST /alerts/{incidentId}/resolve</c>: resolves the alert here and closes the incident in BigPanda.</summary>
    [Function("ResolveAlert")]
    public Task<IResult> ResolveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "alerts/{incidentId}/resolve")] HttpRequest request,
        string incidentId,
        CancellationToken cancellationToken) =>
        HandleAsync(request, incidentId, (alert, body) => EnqueueResolveAsync(alert, body, cancellationToken), cancellationToken);

    /// <summary><c>POST /alerts/{incidentId}/comments</c>: adds a comment to the timeline and to the BigPanda incident.</summary>
    [Function("CommentAlert")]
    public Task<IResult> CommentAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "alerts/{incidentId}/comments")] HttpRequest request,
        string incidentId,
        CancellationToken cancellationToken) =>
        HandleAsync(request, incidentId, (alert, body) => EnqueueCommentAsync(alert, body, cancellationToken), cancellationToken);

    private Task<IResult> HandleAsync(
        HttpRequest request, string incidentId, Func<Alert, AlertRequest, Task<IResult>> send, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StorageError.CatchOutageAsync(
            async () =>
            {
                var (body, error) = await AlertRequest.ReadAsync(request, cancellationToken);
                if (body is null) return Problems.InvalidBody.With(error);
                if (await store.FindAsync(RouteText.Readings(incidentId), cancellationToken) is not { } stored)
                    return Problems.NoAlert;
                RequestNote.Of(request).On(stored.Alert.IncidentId);
                return await send(stored.Alert, body);
            },
            reason =>
            {
                Log.NotEnqueued(logger, incidentId, reason);
                return Problems.EnqueueFailed.RetryLater(
                    request.HttpContext.Response, "Could not enqueue the request. Send it again after the Retry-After delay.");
            },
            cancellationToken);
    }

    private async Task<IResult> EnqueueResolveAsync(Alert alert, AlertRequest body, CancellationToken cancellationToken)
    {
        if (alert.IsFiring && alert.Life.Episode > body.Episode)
        {
            return Problems.FiredAgain.With(
                $"Nothing was resolved: after episode {body.Episode} the alert has fired again and is in episode {alert.Life.Episode}. Read it again first.",
                ("episode", alert.Life.Episode));
        }

        return await requests.ResolveAsync(alert, ResolvedVia.Api, body.By, body.Comment, cancellationToken) is { } messageId
            ? AlertRequest.Accepted(messageId, alert.IncidentId)
            : Problems.AlreadyResolved.With(
                "The alert is already resolved and the incident is closed in BigPanda.",
                ("alertStatus", "resolved"),
                ("episode", alert.Life.Episode),
                ("resolvedBy", alert.Life.ResolvedBy ?? alert.Life.ResolvedVia));
    }

    private async Task<IResult> EnqueueCommentAsync(Alert alert, AlertRequest body, CancellationToken cancellationToken) => body switch
    {
        { Episode: not null } => Problems.InvalidBody.With("episode is a member of a resolve, not of a comment."),
        { Comment: { } comment } =>
            AlertRequest.Accepted(await requests.CommentAsync(alert, ResolvedVia.Api, body.By, comment, cancellationToken), alert.IncidentId),
        _ => Problems.InvalidBody.With("comment must not be empty."),
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Incident {IncidentId}: could not enqueue the request; returned 503: {Reason}")]
        public static partial void NotEnqueued(ILogger logger, string incidentId, string reason);
    }
}
