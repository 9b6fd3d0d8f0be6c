using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Alerts.Rebuilding;

/// <summary>What can be done with the deliveries that are kept of an incident.</summary>
public sealed class RebuildAlertFunction(Rebuilder rebuilder, DeliveryRemoval removal, ILogger<RebuildAlertFunction> logger)
{
    /// <summary><c>POST /alerts/{incidentId}/rebuild</c>: folds the alert again and reports how it differs from the stored one. Changes nothing.</summary>
    [Function("RebuildAlert")]
    public Task<IResult> RebuildAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "alerts/{incidentId}/rebuild")] HttpRequest request,
        string incidentId,
        CancellationToken cancellationToken) => StoreOutage.Tables.CatchAsync(
        request, logger,
        async () => await rebuilder.RunAsync(RouteText.Readings(incidentId), cancellationToken) is { } report
            ? JsonResponse.Of(report, RebuildJson.Default.RebuildReport)
            : Problems.NoAlert,
        cancellationToken);

    /// <summary><c>DELETE /alerts/{incidentId}/deliveries</c>: removes what is kept of the incident's deliveries; the alert and its timeline stay.</summary>
    [Function("RemoveDeliveries")]
    public Task<IResult> RemoveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "alerts/{incidentId}/deliveries")] HttpRequest request,
        string incidentId,
        CancellationToken cancellationToken) => StoreOutage.Tables.CatchAsync(
        request, logger,
        async () => await removal.RunAsync(RouteText.Readings(incidentId), cancellationToken) is { } removed
            ? JsonResponse.Of(removed, RebuildJson.Default.DeliveriesRemoved)
            : Problems.NoAlert,
        cancellationToken);
}
