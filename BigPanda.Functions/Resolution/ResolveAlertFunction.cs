using BigPanda.Functions.Alerts;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Resolution;

/// <summary>
/// <c>POST /alerts/{incidentId}/resolve</c>: resolves the alert here and closes the incident in BigPanda. 202 once the request is
/// stored; asking twice does it once.
/// </summary>
public sealed partial class ResolveAlertFunction(AlertStore store, MessageSender sender, TimeProvider time, ILogger<ResolveAlertFunction> logger)
{
    [Function("ResolveAlert")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "alerts/{incidentId}/resolve")] HttpRequest request, string incidentId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var (order, fault) = await AlertOrder.ReadAsync(request, cancellationToken);
            if (order is null) return Problems.BadRequest(fault);
            if (await store.FindAsync(incidentId, cancellationToken) is not { } stored) return Problems.NotFound("No alert has this incident id.");
            if (stored.Alert is { IsFiring: false, Sync.State: SyncState.InSync }) return AlreadyResolved(stored.Alert);
            return await SendAsync(stored.Alert, order, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (MessageSender.IsOutage(e) || StorageFault.IsOutage(e)))
        {
            Log.NotStored(logger, incidentId, e.Message);
            return Problems.Unavailable(request.HttpContext.Response, "The request could not be stored. Send it again.");
        }
    }

    private async Task<IResult> SendAsync(Alert alert, AlertOrder order, CancellationToken cancellationToken)
    {
        // One resolve for an episode; after a close has failed, one more for each failure.
        var messageId = MessageIdentity.Of("resolve", alert.IncidentId, $"{alert.Life.Episode}", alert.Sync.State == SyncState.Failed ? alert.Sync.CloseId ?? "" : "");
        var seen = alert.History.Marks is [.., var newest] ? newest.Stamp : alert.ContentStamp;
        var request = new ResolveRequested(alert.IncidentId, seen, ResolvedVia.Api, order.By, order.Comment, time.GetUtcNow(), messageId);
        await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(request), cancellationToken);
        Log.Accepted(logger, alert.IncidentId, messageId);
        return AlertOrder.Accepted(messageId, alert.IncidentId);
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
        [LoggerMessage(1, LogLevel.Information, "Incident {IncidentId}: asked to resolve the alert, {MessageId}")]
        public static partial void Accepted(ILogger logger, string incidentId, string messageId);

        [LoggerMessage(2, LogLevel.Error, "Incident {IncidentId}: the request to resolve could not be stored and is answered 503: {Reason}")]
        public static partial void NotStored(ILogger logger, string incidentId, string reason);
    }
}
