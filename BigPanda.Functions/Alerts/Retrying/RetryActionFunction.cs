using BigPanda.Functions.Alerts.Api;
using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Alerts.Retrying;

/// <summary><c>POST /alerts/{incidentId}/actions/{actionId}/retry</c>: tries an action again that has failed, if it is still wanted.</summary>
public sealed class RetryActionFunction(ActionRetry retry, ILogger<RetryActionFunction> logger)
{
    [Function("RetryAction")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "alerts/{incidentId}/actions/{actionId}/retry")] HttpRequest request,
        string incidentId,
        string actionId,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (body, error) = await RetryBody.ReadAsync(request, cancellationToken);
        if (body is null) return Problems.InvalidBody.With(error);
        var id = ActionOf(request) ?? actionId;
        RequestNote.Of(request).With(id);
        return await StoreOutage.Queues.CatchAsync(
            request, logger,
            async () => Answer(await retry.RunAsync(RouteText.Readings(incidentId), id, body.Actor, cancellationToken), request), cancellationToken);
    }

    private static IResult Answer(RetryResult result, HttpRequest request)
    {
        if (result is RetryResult.Refused { Problem: var problem, Detail: var detail, State: var state }) return problem.With(detail, ("state", state));
        var sent = (RetryResult.Sent)result;
        RequestNote.Of(request).On(sent.IncidentId);
        return AlertRequest.Accepted(sent.MessageId, sent.IncidentId);
    }

    /// <summary>From the path as it came: the host hands over <c>2.10</c> as the number 2.1, which is another close.</summary>
    private static string? ActionOf(HttpRequest request) => request.Path.Value?.TrimEnd('/').Split('/') is [.., var id, _] ? id : null;
}
