using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Vendors.BigPanda.Api;

/// <summary>
/// BigPanda's REST API. All calls share one rate limiter: BigPanda allows 5 requests a second for a token and documents no Retry-After. There is
/// no idempotency key, so a call without a response may have been carried out.
/// </summary>
public sealed class BigPandaClient(
    HttpClient http,
    [FromKeyedServices(BigPandaApi.Key)] RateLimiter limiter,
    [FromKeyedServices(BigPandaApi.Key)] CallPauses pauses,
    [FromKeyedServices(BigPandaApi.Key)] ApiCredentialCache credentials,
    [FromKeyedServices(BigPandaApi.Key)] ApiCalls calls,
    [FromKeyedServices(BigPandaApi.Key)] LatestCall latest,
    AppMetrics metrics, TimeProvider time)
{
    internal const string NoKey = "no BigPanda API key is stored: store one with PUT /connection";

    private const string CallbackPath = "resources/v2.1/outbound/callback";

    private const string Environments = "resources/v2.0/environments";
    private const int ActivitiesPerPage = 100;
    private const int MaxActivityPages = 10;

    /// <summary>
    /// Resolves an incident. Done means 202: BigPanda closes it later.
    /// Source: api-docs.bigpanda.io/resolve-incident-37770104e0.md. The body's field is <c>comments</c>, plural here only, and must not be empty.
    /// </summary>
    /// <param name="objection">
    /// Called after the wait for the rate limit, directly before the call: a resolve cannot be undone. Returns why the call is no longer wanted, or null.
    /// </param>
    internal Task<ApiOutcome> ResolveAsync(
        CallClaim claim, string environmentId, string incidentId, string comments, Func<CancellationToken, Task<string?>> objection,
        CancellationToken cancellationToken)
    {
        var call = Post(
            $"{Incident(environmentId, incidentId)}/resolve", new ResolveBody(comments), BigPandaJson.Default.ResolveBody, BigPandaResponses.Acknowledgement);
        return SendAsync(claim, call with { Objection = objection }, cancellationToken);
    }

    /// <summary>
    /// Adds a comment. Source: api-docs.bigpanda.io, incidents; the body's field is <c>comment</c>, singular, and the response 204.
    /// </summary>
    /// <param name="objection">Called directly before the call: a comment sent twice is there twice. It returns why not to send; null to send.</param>
    internal Task<ApiOutcome> CommentAsync(
        CallClaim claim, string environmentId, string incidentId, string comment, Func<CancellationToken, Task<string?>> objection,
        CancellationToken cancellationToken)
    {
        var call = Post(
            $"{Incident(environmentId, incidentId)}/comments", new CommentBody(comment), BigPandaJson.Default.CommentBody, BigPandaResponses.Acknowledgement);
        return SendAsync(claim, call with { Objection = objection }, cancellationToken);
    }

    /// <summary>
    /// Tells the callback service that the alert has been created. Source: docs.bigpanda.io/en/bigpanda-callback-service; exactly these three
    /// fields, and no other event type is documented.
    /// </summary>
    internal Task<ApiOutcome> SendCallbackAsync(CallClaim claim, string incidentId, string appKey, CancellationToken cancellationToken)
    {
        var body = new CallbackBody("incident#new", incidentId, appKey);
        var call = Post(CallbackPath, body, BigPandaJson.Default.CallbackBody, BigPandaResponses.Acknowledgement);
        return SendAsync(claim, call with { Secret = appKey }, cancellationToken);
    }

    /// <returns>The incident's state in BigPanda; null unless the outcome is <see cref="ApiResult.Done"/>.</returns>
    internal async Task<(ApiOutcome Outcome, IncidentState? State)> GetIncidentAsync(
        CallClaim claim, string environmentId, string incidentId, CancellationToken cancellationToken)
    {
        var outcome = await SendAsync(claim, new Call(HttpMethod.Get, Incident(environmentId, incidentId), BigPandaResponses.Object), cancellationToken);
        if (outcome.Result != ApiResult.Done) return (outcome, null);
        return IncidentResponse.Read(outcome.Body, incidentId) is { } state
            ? (outcome, state)
            : (Unclear(outcome, "BigPanda's response does not say whether the incident is active"), null);
    }

    /// <summary>
    /// Reads the incident's activities, newest first, page by page until <paramref name="isEnough"/>, a thousand at most. An unreadable response
    /// proves nothing, not even that an activity is missing: unless the key is at fault, the result is <see cref="ApiResult.Unavailable"/>.
    /// </summary>
    /// <returns>Null unless the outcome is <see cref="ApiResult.Done"/>.</returns>
    internal async Task<(ApiOutcome Outcome, IReadOnlyList<IncidentActivity>? Activities)> GetActivitiesAsync(
        CallClaim claim, string incidentId, Predicate<IReadOnlyList<IncidentActivity>> isEnough, CancellationToken cancellationToken)
    {
        List<IncidentActivity> all = [];
        for (var page = 1; ; page++)
        {
            var path = $"resources/v2.0/incidents/{PathSegment.Of(incidentId)}/activities?page={page}&per_page={ActivitiesPerPage}";
            var outcome = await SendAsync(claim, new Call(HttpMethod.Get, path, BigPandaResponses.Array), cancellationToken);
            if (outcome.Result is ApiResult.NotAllowed) return (outcome, null);
            if (outcome.Result != ApiResult.Done)
                return (outcome with { Result = ApiResult.Unavailable, Detail = $"could not read the incident's activities: {outcome.Detail}" }, null);
            if (IncidentResponse.Activities(outcome.Body) is not { } read) return (Unclear(outcome, "BigPanda's response is not a list of activities"), null);
            all.AddRange(read);
            if (read.Count < ActivitiesPerPage || page == MaxActivityPages || isEnough(all)) return (outcome, all);
        }
    }

    /// <summary>Checks the key with the call that every role may make and that returns 401 for an unknown key.</summary>
    internal async Task<ApiOutcome> CheckKeyAsync(CancellationToken cancellationToken) =>
        await SendAsync(null, new Call(HttpMethod.Get, Environments, BigPandaResponses.Array), cancellationToken);

    /// <summary>Checks a key that is not connected; its result is not recorded. It may be the connected key again, whose calls may be paused.</summary>
    internal async Task<ApiOutcome> CheckKeyAsync(ApiCredential candidate, CancellationToken cancellationToken)
    {
        await limiter.WaitDirectAsync(cancellationToken);
        return limiter.GetPauseLeft(candidate) is var left && left > TimeSpan.Zero
            ? Paused(left)
            : await CallAsync(candidate, new Call(HttpMethod.Get, Environments, null), null, cancellationToken);
    }

    /// <summary>The result of the newest call that tells whether the connection works; calls BigPanda when there was none within a minute.</summary>
    internal async Task<ApiOutcome> GetLatestAsync(CancellationToken cancellationToken) =>
        await credentials.GetAsync(cancellationToken) is { } credential
            ? await latest.GetAsync(credential, () => CheckKeyAsync(cancellationToken), cancellationToken)
            : new ApiOutcome(ApiResult.NotAllowed, null, NoKey);

    /// <summary>Reads one incident of the environment. It may fail although the connection works, so its result is not recorded.</summary>
    internal Task<ApiOutcome> ProbeIncidentsAsync(string environmentId, CancellationToken cancellationToken)
    {
        var path = $"{Environments}/{PathSegment.Of(environmentId)}/incidents?page_size=1";
        return SendAsync(null, new Call(HttpMethod.Get, path, null) { IsRecorded = false }, cancellationToken);
    }

    private static string Incident(string environmentId, string incidentId) =>
        $"{Environments}/{PathSegment.Of(environmentId)}/incidents/{PathSegment.Of(incidentId)}";

    private static Call Post<T>(string path, T body, JsonTypeInfo<T> type, ResponseCheck check) =>
        new(HttpMethod.Post, path, check) { Json = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    private static ApiOutcome Unclear(ApiOutcome outcome, string why) => new(ApiResult.Unavailable, outcome.Status, why);

    /// <param name="claim">Null for a call that bypasses the queue.</param>
    private async Task<ApiOutcome> SendAsync(CallClaim? claim, Call call, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await GetServedCredentialAsync(cancellationToken) is not { } credential) return new ApiOutcome(ApiResult.NotAllowed, null, NoKey);
            if (claim is not { } claimed) return await SendAtOnceAsync(credential, call, cancellationToken);

            using var turn = await limiter.TakeAsync(claimed, cancellationToken);
            // The wait may have taken minutes: the key may have been replaced.
            if (await GetServedCredentialAsync(cancellationToken) is not { } current) continue;
            if (await pauses.GetLeftAsync(current, cancellationToken) > TimeSpan.Zero) continue;
            // Nothing else may run between this check and the call: an incident that reopens in between is closed by mistake.
            long? checkedAt = call.Objection is null ? null : time.GetTimestamp();
            if (call.Objection is { } check && await check(cancellationToken) is { } objection) return new ApiOutcome(ApiResult.NotSent, null, objection);
            if (turn.TryUse()) return await SendConnectedAsync(current, call, checkedAt, cancellationToken);
        }
    }

    private async ValueTask<ApiCredential?> GetServedCredentialAsync(CancellationToken cancellationToken)
    {
        var credential = await credentials.GetAsync(cancellationToken);
        if (credential is not null) limiter.Serve(credential);
        return credential;
    }

    private async Task<ApiOutcome> SendAtOnceAsync(ApiCredential credential, Call call, CancellationToken cancellationToken)
    {
        await limiter.WaitDirectAsync(cancellationToken);
        return await pauses.GetKnownLeftAsync(credential, cancellationToken) is var left && left > TimeSpan.Zero
            ? Paused(left)
            : await SendConnectedAsync(credential, call, null, cancellationToken);
    }

    private async Task<ApiOutcome> SendConnectedAsync(ApiCredential credential, Call call, long? checkedAt, CancellationToken cancellationToken)
    {
        var outcome = await CallAsync(credential, call, checkedAt, cancellationToken);
        if (outcome.Status == 401) credentials.Expire();
        if (!call.IsRecorded) return outcome;
        latest.Record(credential, outcome);
        await calls.RecordAsync(credential, outcome, cancellationToken);
        return outcome;
    }

    private async Task<ApiOutcome> CallAsync(ApiCredential credential, Call call, long? checkedAt, CancellationToken cancellationToken)
    {
        using var request = call.Request(credential, () => MeasureWindow(checkedAt));
        string[] secrets = call.Secret is { } secret ? [credential.ApiKey, secret] : [credential.ApiKey];
        var outcome = await ApiResponses.SendAsync(http, request, time, secrets, call.Check, cancellationToken);
        await pauses.RecordAsync(credential, outcome, cancellationToken);
        return outcome;
    }

    private ApiOutcome Paused(TimeSpan left) => new(
        ApiResult.Unavailable, 429,
        string.Create(CultureInfo.InvariantCulture, $"BigPanda returned 429 before; no call is made until {time.GetUtcNow() + left:HH:mm:ss} UTC"), left);

    /// <summary>Measures from the last check that the call is wanted to its sending: a reopen within that time is not seen.</summary>
    private void MeasureWindow(long? checkedAt)
    {
        if (checkedAt is { } at) metrics.RecordLag("window", time.GetElapsedTime(at));
    }

    private sealed record Call(HttpMethod Method, string Path, ResponseCheck? Check)
    {
        public byte[]? Json { get; init; }
        public string? Secret { get; init; }
        public Func<CancellationToken, Task<string?>>? Objection { get; init; }
        public bool IsRecorded { get; init; } = true;

        /// <summary>The body has a known length: some gateways answer 411 to a chunked one.</summary>
        public HttpRequestMessage Request(ApiCredential credential, Action sending)
        {
            var request = new HttpRequestMessage(Method, new Uri(credential.BaseAddress, Path));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential.ApiKey);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            if (Json is not null)
            {
                request.Content = new MeasuredJson(Json, sending) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } };
            }

            return request;
        }
    }

    /// <summary>Signals when the body is sent: after connecting and after the headers.</summary>
    private sealed class MeasuredJson(byte[] json, Action sending) : ByteArrayContent(json)
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            sending();
            return base.SerializeToStreamAsync(stream, context, cancellationToken);
        }
    }
}

internal sealed record ResolveBody([property: JsonPropertyName("comments")] string Comments);

internal sealed record CommentBody([property: JsonPropertyName("comment")] string Comment);

internal sealed record CallbackBody(
    [property: JsonPropertyName("event_type")] string EventType,
    [property: JsonPropertyName("incident_id")] string IncidentId,
    [property: JsonPropertyName("app_key")] string AppKey);

[JsonSerializable(typeof(ResolveBody))]
[JsonSerializable(typeof(CommentBody))]
[JsonSerializable(typeof(CallbackBody))]
internal sealed partial class BigPandaJson : JsonSerializerContext;
