using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using BigPanda.Functions.Http;
using BigPanda.Functions.Telemetry;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>
/// BigPanda's REST API. Calls wait for their turn in one limiter: BigPanda allows 5 requests a second for a token and documents no
/// Retry-After. There is no idempotency key, so a call whose answer was lost may have been carried out.
/// </summary>
public sealed class BigPandaClient(HttpClient http, BigPandaLimiter limiter, ApiCredentialCache credentials, ApiCalls calls, LatestCall latest, AppMetrics metrics, TimeProvider time)
{
    internal const string NoKey = "no BigPanda API key is connected";

    internal const string CallbackPath = "resources/v2.1/outbound/callback";

    private const string Environments = "resources/v2.0/environments";
    private const int ActivitiesPerPage = 100;
    private const int MaxActivityPages = 10;

    /// <summary>
    /// Asks BigPanda to resolve an incident. Done means 202: accepted, closed later.
    /// Source: api-docs.bigpanda.io/resolve-incident-37770104e0.md. The body's field is <c>comments</c>, plural here only, and must not be empty.
    /// </summary>
    /// <param name="objection">Asked after the call's turn has come, directly before it is made: there is no way to take a resolve back. Null: none.</param>
    internal Task<ApiOutcome> ResolveAsync(
        CallClaim claim, string environmentId, string incidentId, string comments, Func<CancellationToken, Task<string?>> objection, CancellationToken cancellationToken) =>
        SendAsync(claim, Post($"{Incident(environmentId, incidentId)}/resolve", new ResolveBody(comments), BigPandaJson.Default.ResolveBody, BigPandaResponses.Acknowledgement) with { Objection = objection }, cancellationToken);

    /// <summary>
    /// Adds a comment. Source: api-docs.bigpanda.io, incidents; the body's field is <c>comment</c>, singular, and the answer 204.
    /// </summary>
    internal Task<ApiOutcome> CommentAsync(CallClaim claim, string environmentId, string incidentId, string comment, CancellationToken cancellationToken) =>
        SendAsync(claim, Post($"{Incident(environmentId, incidentId)}/comments", new CommentBody(comment), BigPandaJson.Default.CommentBody, BigPandaResponses.Acknowledgement), cancellationToken);

    /// <summary>
    /// Tells the callback service that what the webhook asked for is there. Source: docs.bigpanda.io/en/bigpanda-callback-service; exactly
    /// these three fields, and no other event type is shown.
    /// </summary>
    internal Task<ApiOutcome> SendCallbackAsync(CallClaim claim, string incidentId, string appKey, CancellationToken cancellationToken)
    {
        var body = new CallbackBody("incident#new", incidentId, appKey);
        return SendAsync(claim, Post(CallbackPath, body, BigPandaJson.Default.CallbackBody, BigPandaResponses.Acknowledgement) with { Secret = appKey }, cancellationToken);
    }

    /// <summary>What BigPanda shows of the incident; null when the outcome is not <see cref="ApiResult.Done"/>.</summary>
    internal async Task<(ApiOutcome Outcome, IncidentState? State)> GetIncidentAsync(CallClaim claim, string environmentId, string incidentId, CancellationToken cancellationToken)
    {
        var outcome = await SendAsync(claim, new Call(HttpMethod.Get, Incident(environmentId, incidentId), BigPandaResponses.Object), cancellationToken);
        if (outcome.Result != ApiResult.Done) return (outcome, null);
        return IncidentResponse.Read(outcome.Body, incidentId) is { } state ? (outcome, state) : (Unclear(outcome, "BigPanda's answer does not say whether the incident is active"), null);
    }

    /// <summary>
    /// The incident's activities, newest first, page by page until the reader has what it looks for, a thousand at most. An answer that cannot be read
    /// says nothing, not even that something is missing: whatever it is but a matter of the key, it has to be asked for again.
    /// </summary>
    /// <returns>Null, unless the outcome is <see cref="ApiResult.Done"/>.</returns>
    internal async Task<(ApiOutcome Outcome, IReadOnlyList<IncidentActivity>? Activities)> GetActivitiesAsync(
        CallClaim claim, string incidentId, Predicate<IReadOnlyList<IncidentActivity>> isEnough, CancellationToken cancellationToken)
    {
        List<IncidentActivity> all = [];
        for (var page = 1; ; page++)
        {
            var path = $"resources/v2.0/incidents/{PathSegment.Of(incidentId)}/activities?page={page}&per_page={ActivitiesPerPage}";
            var outcome = await SendAsync(claim, new Call(HttpMethod.Get, path, BigPandaResponses.Array), cancellationToken);
            if (outcome.Result is ApiResult.NotAllowed) return (outcome, null);
            if (outcome.Result != ApiResult.Done) return (outcome with { Result = ApiResult.Unavailable, Detail = $"the incident's activities cannot be read: {outcome.Detail}" }, null);
            if (IncidentResponse.Activities(outcome.Body) is not { } read) return (Unclear(outcome, "BigPanda's answer is no list of activities"), null);
            all.AddRange(read);
            if (read.Count < ActivitiesPerPage || page == MaxActivityPages || isEnough(all)) return (outcome, all);
        }
    }

    /// <summary>Whether the key is good: the call that BigPanda answers for every role, and with 401 for a key it does not know.</summary>
    internal async Task<ApiOutcome> CheckKeyAsync(CancellationToken cancellationToken) =>
        await SendAsync(null, new Call(HttpMethod.Get, Environments, BigPandaResponses.Array), cancellationToken);

    /// <summary>The same with a key that is not connected; nothing is remembered of it.</summary>
    internal Task<ApiOutcome> CheckKeyAsync(ApiCredential candidate, CancellationToken cancellationToken) =>
        SendAsync(candidate, null, new Call(HttpMethod.Get, Environments, null), cancellationToken);

    /// <summary>What the newest call says of the connection; BigPanda is asked when none was made within a minute.</summary>
    internal async Task<ApiOutcome> GetLatestAsync(CancellationToken cancellationToken) =>
        await credentials.GetAsync(cancellationToken) is { } credential
            ? await latest.GetAsync(credential, () => CheckKeyAsync(cancellationToken), cancellationToken)
            : new ApiOutcome(ApiResult.NotAllowed, null, NoKey);

    /// <summary>A call by its method, path and JSON body, for a person who waits. That it fails says nothing of the connection, so it is not remembered.</summary>
    internal Task<ApiOutcome> SendProbeAsync(HttpMethod method, string path, string? json, CancellationToken cancellationToken) =>
        SendAsync(null, new Call(method, path, null) { Json = json is null ? null : System.Text.Encoding.UTF8.GetBytes(json), IsRemembered = false }, cancellationToken);

    internal static string Incident(string environmentId, string incidentId) =>
        $"{Environments}/{PathSegment.Of(environmentId)}/incidents/{PathSegment.Of(incidentId)}";

    private static Call Post<T>(string path, T body, JsonTypeInfo<T> type, ResponseCheck check) =>
        new(HttpMethod.Post, path, check) { Json = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    private static ApiOutcome Unclear(ApiOutcome outcome, string why) => new(ApiResult.Unavailable, outcome.Status, why);

    /// <param name="claim">Null for a call that does not queue.</param>
    private async Task<ApiOutcome> SendAsync(CallClaim? claim, Call call, CancellationToken cancellationToken)
    {
        if (await credentials.GetAsync(cancellationToken) is not { } credential) return new ApiOutcome(ApiResult.NotAllowed, null, NoKey);
        var outcome = await SendAsync(credential, claim, call, cancellationToken);
        if (outcome.Status == 401) credentials.Expire();
        if (!call.IsRemembered || outcome.Result == ApiResult.NotSent) return outcome;
        latest.Record(credential, outcome);
        await calls.RecordAsync(credential, outcome, cancellationToken);
        return outcome;
    }

    private async Task<ApiOutcome> SendAsync(ApiCredential credential, CallClaim? claim, Call call, CancellationToken cancellationToken)
    {
        long? asked = null;
        using var request = call.Request(credential, () => Measure(asked));
        string[] secrets = call.Secret is { } secret ? [credential.ApiKey, secret] : [credential.ApiKey];
        if (claim is not { } claimed)
        {
            await limiter.WaitDirectAsync(cancellationToken);
            return await ApiResponses.SendAsync(http, request, time, secrets, call.Check, cancellationToken);
        }

        while (true)
        {
            // What comes between a call's turn and its sending is a time in which it may become unwanted: nothing but the question itself.
            using var turn = await limiter.TakeAsync(claimed, cancellationToken);
            asked = call.Objection is null ? null : time.GetTimestamp();
            if (call.Objection is { } ask && await ask(cancellationToken) is { } objection) return new ApiOutcome(ApiResult.NotSent, null, objection);
            if (turn.TryUse()) return await ApiResponses.SendAsync(http, request, time, secrets, call.Check, cancellationToken);
        }
    }

    /// <summary>From asking for the last time whether the call is wanted, to its sending: the time in which it may become unwanted unseen.</summary>
    private void Measure(long? asked)
    {
        if (asked is { } at) metrics.RecordLag("window", time.GetElapsedTime(at));
    }

    private sealed record Call(HttpMethod Method, string Path, ResponseCheck? Check)
    {
        public byte[]? Json { get; init; }
        public string? Secret { get; init; }
        public Func<CancellationToken, Task<string?>>? Objection { get; init; }
        public bool IsRemembered { get; init; } = true;

        /// <summary>The body's length is known, so it is not sent in chunks: some gateways answer those with 411.</summary>
        public HttpRequestMessage Request(ApiCredential credential, Action sending)
        {
            var request = new HttpRequestMessage(Method, new Uri(credential.BaseAddress, Path));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential.ApiKey);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            if (Json is not null) request.Content = new SentJson(Json, sending) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } };
            return request;
        }
    }

    /// <summary>Says when it is being sent: behind the headers, on a connection that is there.</summary>
    private sealed class SentJson(byte[] json, Action sending) : ByteArrayContent(json)
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
    [property: JsonPropertyName("event_type")] string EventType, [property: JsonPropertyName("incident_id")] string IncidentId, [property: JsonPropertyName("app_key")] string AppKey);

[JsonSerializable(typeof(ResolveBody))]
[JsonSerializable(typeof(CommentBody))]
[JsonSerializable(typeof(CallbackBody))]
internal sealed partial class BigPandaJson : JsonSerializerContext;
