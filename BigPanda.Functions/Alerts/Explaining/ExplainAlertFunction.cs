using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Alerts.Explaining;

/// <summary><c>GET /alerts/{incidentId}/explain</c>: the chain from each message to what came of it, a page of the timeline at a time.</summary>
public sealed class ExplainAlertFunction(Explainer explainer, ILogger<ExplainAlertFunction> logger)
{
    [Function("ExplainAlert")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "alerts/{incidentId}/explain")] HttpRequest request,
        string incidentId,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (TimelinePage.RowBefore(request.Query["continuation"].ToString()) is not { } after)
            return Task.FromResult(Problems.InvalidContinuation.With("Invalid continuation. Omit it to start from the first row."));
        return StoreOutage.Tables.CatchAsync(
            request, logger,
            async () => await explainer.RunAsync(RouteText.Readings(incidentId), after, cancellationToken) is { } explanation
                ? JsonResponse.Of(explanation, ExplanationJson.Default.Explanation)
                : Problems.NoAlert,
            cancellationToken);
    }
}
