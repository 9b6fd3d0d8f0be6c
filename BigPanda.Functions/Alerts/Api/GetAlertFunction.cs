using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Alerts.Api;

/// <summary><c>GET /alerts/{incidentId}</c>: one alert with a page of its timeline, the first or the one after <c>timelineContinuation</c>.</summary>
public sealed class GetAlertFunction(AlertStore store, ILogger<GetAlertFunction> logger)
{
    [Function("GetAlert")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "alerts/{incidentId}")] HttpRequest request,
        string incidentId,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (TimelinePage.RowBefore(request.Query["timelineContinuation"].ToString()) is not { } after)
            return Task.FromResult(Problems.InvalidContinuation.With("Invalid timelineContinuation. Omit it to start from the first event."));
        return StoreOutage.Tables.CatchAsync(request, logger, () => ReadAsync(incidentId, after, cancellationToken), cancellationToken);
    }

    private async Task<IResult> ReadAsync(string incidentId, int after, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(RouteText.Readings(incidentId), cancellationToken) is not { } stored)
            return Problems.NoAlert;
        var timeline = await store.TimelineAsync(stored.Alert.IncidentId, after, stored.Alert.TimelineLength, cancellationToken);
        return JsonResponse.Of(AlertView.Of(stored.Alert, timeline), AlertViewJson.Default.AlertView);
    }
}
