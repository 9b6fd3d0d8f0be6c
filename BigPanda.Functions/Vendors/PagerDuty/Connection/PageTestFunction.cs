using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Http;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

/// <summary><c>POST /pagerduty/test</c>: opens a page with a stored routing key and resolves it. It may notify the person on call.</summary>
public sealed class PageTestFunction(CredentialCache<PagerDutyCredential> credentials, PageTest test, ILogger<PageTestFunction> logger)
{
    private const int MaxText = 200;

    [Function("TestPagerDuty")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "pagerduty/test")] HttpRequest request, CancellationToken cancellationToken) =>
        StoreOutage.Connections.CatchAsync(request, logger, () => TestAsync(request, cancellationToken), cancellationToken);

    private async Task<IResult> TestAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, error) = await JsonBody.ReadAsync(request, PagerDutyConnectionJson.Default.PageTestRequest, PageTestRequest.Shape, cancellationToken);
        if (body is null) return Problems.InvalidBody.With(error);
        if (body.Actor?.Length > MaxText || body.Actor?.Any(char.IsControl) == true)
            return Problems.InvalidBody.With($"actor must have at most {MaxText} characters, on one line.");
        RequestNote.Of(request).By(body.Actor);
        if (await credentials.GetAsync(cancellationToken) is not { } stored)
            return Problems.ConnectionNotFound.With("PagerDuty is not connected. Store a routing key with PUT /pagerduty.");
        var named = stored.RoutingKeys.FirstOrDefault(key => key.Key.Equals(body.Key?.Trim(), StringComparison.OrdinalIgnoreCase)).Value;
        if ((string.IsNullOrWhiteSpace(body.Key) ? stored.RoutingKey : named) is not { } key)
            return Problems.RoutingKeyNotFound.With("No routing key with this name is stored. GET /pagerduty lists the names.");

        var page = new PageKey(PagerDutyCredential.IdOf(key));
        var (dedupKey, triggered, resolved) = await test.RunAsync(page, body.Actor, cancellationToken);
        if (triggered.Result == ApiResult.Done && resolved is not null)
            return JsonResponse.Of(new PageTestView(page.Id, dedupKey, StepOf(triggered), StepOf(resolved)), PagerDutyConnectionJson.Default.PageTestView);
        return triggered.Result == ApiResult.Unavailable
            ? Problems.PagerDutyUnavailable.RetryLater(
                request.HttpContext.Response, $"PagerDuty is unavailable ({triggered.Detail}). {WhatIsOpen(resolved, dedupKey)}")
            : Problems.RoutingKeyRejected.With($"PagerDuty rejected the event ({triggered.Detail}). No page was opened.");
    }

    private static string WhatIsOpen(ApiOutcome? resolved, string dedupKey) => resolved switch
    {
        null => "No page was opened.",
        { Result: ApiResult.Done } => "If a page was opened all the same, it was resolved.",
        _ => $"A page may be open, and could not be resolved ({resolved.Detail}): look in PagerDuty for the alert key {dedupKey}.",
    };

    private static PageTestStep StepOf(ApiOutcome outcome) => new(outcome.Result == ApiResult.Done, outcome.Status, outcome.Detail);
}
