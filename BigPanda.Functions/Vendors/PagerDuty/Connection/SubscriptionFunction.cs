using BigPanda.Functions.Http;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

/// <summary><c>POST /pagerduty/subscription</c>: checks the webhook subscriptions that send here, and enables those that PagerDuty has disabled.</summary>
public sealed class SubscriptionFunction(
    CredentialCache<PagerDutyCredential> credentials, WebhookSubscriptions subscriptions, ILogger<SubscriptionFunction> logger)
{
    [Function("EnablePagerDutySubscription")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "pagerduty/subscription")] HttpRequest request, CancellationToken cancellationToken) =>
        StoreOutage.Connections.CatchAsync(request, logger, () => EnableAsync(request.HttpContext.Response, cancellationToken), cancellationToken);

    private async Task<IResult> EnableAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        if (await credentials.GetAsync(cancellationToken) is not { } stored)
            return Problems.ConnectionNotFound.With("PagerDuty is not connected. Store keys with PUT /pagerduty.");
        if (stored.RestKey is null) return Problems.RestKeyMissing.With("Subscriptions are read and enabled with a REST key. Store one with PUT /pagerduty.");
        var (outcome, known) = await subscriptions.EnableAsync(cancellationToken);
        if (known is not null)
        {
            return known.Count > 0
                ? JsonResponse.Of(new SubscriptionListView([.. known.Select(SubscriptionView.Of)]), PagerDutyConnectionJson.Default.SubscriptionListView)
                : Problems.SubscriptionNotFound.With(
                    "No webhook subscription of the PagerDuty account has sent a webhook here, or has this app's address. "
                    + "Create one in PagerDuty: docs/setup.md.");
        }

        return outcome.Result switch
        {
            ApiResult.Unavailable => Problems.PagerDutyUnavailable.RetryLater(response, $"PagerDuty is unavailable: {outcome.Detail}"),
            ApiResult.NotAllowed when outcome.Status == 401 => Problems.ApiKeyRejected.With($"PagerDuty rejected the REST key ({outcome.Detail})."),
            _ => Problems.ApiKeyForbidden.With($"The REST key may not read or enable webhook subscriptions ({outcome.Detail})."),
        };
    }
}
