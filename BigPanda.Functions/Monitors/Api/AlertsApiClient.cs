using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Calls;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Vendors.BigPanda.Api;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Monitors.Api;

/// <summary>
/// BigPanda's Alerts API. It counts alerts and not calls, so that a batch would gain nothing. The calls with one organisation token share its limit, and those
/// with another never wait for them. Source: docs.bigpanda.io/reference/alerts.
/// </summary>
public sealed class AlertsApiClient(HttpClient http, [FromKeyedServices(AlertsApiClient.Key)] KeyedCallers callers)
{
    internal const string Key = "bigpanda-alerts";

    /// <summary>BigPanda documents no header that says how long; its limit is by the minute.</summary>
    internal static CalledApi Called { get; } = new(
        Key, "BigPanda's Alerts API", "The alerts of the sources with it are parked. Store a valid organisation token with PUT /monitors/{sourceId}/connection")
    {
        UsualPause = TimeSpan.FromSeconds(10),
    };

    private const string Path = "data/v2/alerts";

    /// <summary>The body of a success is not documented, so it is not read.</summary>
    private static readonly ResponseRules Rules = new(FindError, NeedsBody: false);

    /// <summary>Sends one alert. Done means that BigPanda has accepted it (201), or has it already (204).</summary>
    /// <param name="alert">A JSON object without <c>app_key</c>.</param>
    /// <param name="objection">Called after the wait for the rate limit, directly before the call. Returns why not to send; null to send.</param>
    /// <exception cref="TurnTimeoutException">The claim's wait limit was reached.</exception>
    internal Task<ApiOutcome> SendAsync(
        CallClaim claim, SourceKeys keys, ReadOnlyMemory<byte> alert, Func<CancellationToken, Task<string?>> objection, CancellationToken cancellationToken)
    {
        var json = PreparedBody.WithMember("app_key", keys.AppKey, alert.Span);
        return callers.SendAsync(http, keys.Credential, claim, Call(keys, json) with { Prepare = PreparedBody.Unless(objection, json) }, cancellationToken);
    }

    /// <summary>
    /// Checks a token with a batch that has no alerts, at once. Done means that BigPanda accepts the token. It says nothing about the app key, which only
    /// alerts are checked against.
    /// </summary>
    internal async Task<ApiOutcome> CheckAsync(SourceKeys keys, CancellationToken cancellationToken)
    {
        var call = Call(keys, PreparedBody.WithMember("app_key", keys.AppKey, "{\"alerts\":[]}"u8));
        var outcome = await callers.SendAtOnceAsync(http, keys.Credential, call, cancellationToken);
        // The batch is refused for having no alerts after the token was accepted. Any other refusal, such as 405, may be another host's.
        return outcome is { Result: ApiResult.Rejected or ApiResult.Conflict, Status: 400 or 409 or 422 } ? outcome with { Result = ApiResult.Done } : outcome;
    }

    private static ApiCall Call(SourceKeys keys, byte[] json) => new(HttpMethod.Post, Path, Rules, BigPandaApi.Authorize) { Json = json, Secret = keys.AppKey };

    /// <summary>A gateway or sign-in page in between answers 200 with another page.</summary>
    private static string? FindError(int status, string? mediaType, string body) => status switch
    {
        201 => ApiResponses.IsPage(mediaType) ? "the response is a web page, not BigPanda's" : null,
        _ => BigPandaResponses.Acknowledgement(status, mediaType, body),
    };
}
