using System.Net.Http.Headers;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Calls;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Outbound.Limiter;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Vendors.PagerDuty.Api;

/// <summary>
/// PagerDuty's Events API v2. It has a limit for each routing key, so calls wait for those with the same key only. 202 means accepted; an event that
/// changes nothing (a resolve without an open alert, say) is dropped, and gets 202 as well.
/// Source: developer.pagerduty.com/docs/events-api-v2-overview.
/// </summary>
public sealed class PagerDutyEventsClient(
    HttpClient http, [FromKeyedServices(PagerDutyApi.EventsKey)] KeyedCallers callers, CredentialCache<PagerDutyCredential> credentials)
{
    internal const string NotConnected = "PagerDuty is not connected: store a routing key with PUT /pagerduty";

    private const string Path = "v2/enqueue";

    private static readonly ResponseRules Rules = new(PagerDutyResponses.Accepted, PagerDutyResponses.EventError, NeedsBody: false);

    /// <summary>Sends an event.</summary>
    /// <param name="key">Its routing key, which is looked up here and added to the body. If it is no longer stored, the result is NotAllowed.</param>
    /// <param name="prepare">
    /// Called after the wait for the rate limit, directly before the call: returns the event as a JSON object without <c>routing_key</c>, or why it is no
    /// longer wanted. May be called again when the turn was lost meanwhile.
    /// </param>
    /// <exception cref="TurnTimeoutException">Too many events of the key wait, or this one has waited too long.</exception>
    internal async Task<ApiOutcome> EnqueueAsync(
        CallClaim claim, PageKey key, Func<CancellationToken, Task<PreparedBody>> prepare, CancellationToken cancellationToken)
    {
        if (await credentials.GetAsync(cancellationToken) is not { } stored) return new ApiOutcome(ApiResult.NotAllowed, null, NotConnected);
        if ((key.Value ?? stored.FindRoutingKey(key.Id)) is not { } routingKey)
        {
            return new ApiOutcome(
                ApiResult.NotAllowed, null, $"the routing key {key.Id} that the page was opened with is no longer stored: store it with PUT /pagerduty");
        }

        var call = new ApiCall(HttpMethod.Post, Path, Rules, Authorize)
        {
            Prepare = async cancellation =>
            {
                var body = await prepare(cancellation);
                return body.Json is { } json ? body with { Json = PreparedBody.WithMember("routing_key", routingKey, json) } : body;
            },
        };
        return await callers.SendAsync(http, CredentialOf(routingKey, stored), claim, call, cancellationToken);
    }

    /// <summary>Whether the key is stored, or is known anyway.</summary>
    internal async ValueTask<bool> HasKeyAsync(PageKey key, CancellationToken cancellationToken) =>
        await credentials.GetAsync(cancellationToken) is { } stored && (key.Value ?? stored.FindRoutingKey(key.Id)) is not null;

    /// <summary>The outcome of the newest event that was sent from here, if it is not older than a minute.</summary>
    internal ApiOutcome? FindLatest() => callers.FindLatest();

    /// <summary>The id under which a key's calls are recorded.</summary>
    internal static string HistoryOf(string keyId) => $"key-{keyId}";

    private static ApiCredential CredentialOf(string routingKey, PagerDutyCredential stored) =>
        new(routingKey, stored.EventsBaseUrl) { ConnectionId = HistoryOf(PagerDutyCredential.IdOf(routingKey)) };

    /// <summary>The key is in the body.</summary>
    private static void Authorize(HttpRequestHeaders headers, ApiCredential credential) =>
        headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
}
