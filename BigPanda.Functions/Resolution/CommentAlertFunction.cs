using BigPanda.Functions.Alerts;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Resolution;

/// <summary>
/// <c>POST /alerts/{incidentId}/comments</c>: adds a comment to the timeline and to the BigPanda incident. 202 once the request is
/// stored. The same comment by the same actor within ten minutes is one comment: a caller in doubt may send it again.
/// </summary>
public sealed partial class CommentAlertFunction(AlertStore store, MessageSender sender, TimeProvider time, ILogger<CommentAlertFunction> logger)
{
    [Function("CommentAlert")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "alerts/{incidentId}/comments")] HttpRequest request, string incidentId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var (order, fault) = await AlertOrder.ReadAsync(request, cancellationToken);
            if (order is null) return Problems.BadRequest(fault);
            if (order.Comment is not { } comment) return Problems.BadRequest("comment must not be empty.");
            if (await store.FindAsync(incidentId, cancellationToken) is not { } stored) return Problems.NotFound("No alert has this incident id.");

            var id = stored.Alert.IncidentId;
            var messageId = MessageIdentity.Of("comment", id, order.By, comment);
            var evt = new CommentRequested(id, ResolvedVia.Api, order.By, comment, time.GetUtcNow(), messageId);
            await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(evt), cancellationToken);
            return AlertOrder.Accepted(messageId, id);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (MessageSender.IsOutage(e) || StorageFault.IsOutage(e)))
        {
            Log.NotStored(logger, incidentId, e.Message);
            return Problems.Unavailable(request.HttpContext.Response, "The comment could not be stored. Send it again.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Incident {IncidentId}: a comment could not be stored and is answered 503: {Reason}")]
        public static partial void NotStored(ILogger logger, string incidentId, string reason);
    }
}
