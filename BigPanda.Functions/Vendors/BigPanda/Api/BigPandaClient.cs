using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Calls;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Vendors.BigPanda.Api;

/// <summary>
/// BigPanda's REST API. All calls share one rate limiter: BigPanda allows 5 requests a second for a token and documents no Retry-After. There is
/// no idempotency key, so a call without a response may have been carried out.
/// </summary>
public sealed class BigPandaClient(HttpClient http, [FromKeyedServices(BigPandaApi.Key)] ApiCaller caller, AppMetrics metrics)
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
        var call = Post($"{Incident(environmentId, incidentId)}/resolve", new ResolveBody(comments), BigPandaJson.Default.ResolveBody);
        return SendUnlessAsync(claim, call, objection, cancellationToken);
    }

    /// <summary>
    /// Adds a comment. Source: api-docs.bigpanda.io, incidents; the body's field is <c>comment</c>, singular, and the response 204.
    /// </summary>
    /// <param name="objection">Called directly before the call: a comment sent twice is there twice. It returns why not to send; null to send.</param>
    internal Task<ApiOutcome> CommentAsync(
        CallClaim claim, string environmentId, string incidentId, string comment, Func<CancellationToken, Task<string?>> objection,
        CancellationToken cancellationToken)
    {
        var call = Post($"{Incident(environmentId, incidentId)}/comments", new CommentBody(comment), BigPandaJson.Default.CommentBody);
        return SendUnlessAsync(claim, call, objection, cancellationToken);
    }

    /// <summary>
    /// Tells the callback service that the alert has been created. Source: docs.bigpanda.io/en/bigpanda-callback-service; exactly these three
    /// fields, and no other event type is documented.
    /// </summary>
    internal Task<ApiOutcome> SendCallbackAsync(CallClaim claim, string incidentId, string appKey, CancellationToken cancellationToken)
    {
        var body = new CallbackBody("incident#new", incidentId, appKey);
        var call = Post(CallbackPath, body, BigPandaJson.Default.CallbackBody);
        return SendAsync(claim, call with { Secret = appKey }, cancellationToken);
    }

    /// <returns>The incident's state in BigPanda; null unless the outcome is <see cref="ApiResult.Done"/>.</returns>
    internal async Task<(ApiOutcome Outcome, IncidentState? State)> GetIncidentAsync(
        CallClaim claim, string environmentId, string incidentId, CancellationToken cancellationToken)
    {
        var outcome = await SendAsync(claim, Get(Incident(environmentId, incidentId), BigPandaResponses.Object), cancellationToken);
        if (outcome.Result != ApiResult.Done) return (outcome, null);
        return IncidentResponse.Read(outcome.Body, incidentId) is { } state
            ? (outcome, state)
            : (Unclear(outcome, "BigPanda's response does not say whether the incident is active"), null);
    }

    /// <summary>The incident with its alerts, as the outcome's body has it.</summary>
    internal Task<ApiOutcome> ReadIncidentAsync(CallClaim claim, string environmentId, string incidentId, CancellationToken cancellationToken) =>
        SendAsync(claim, Get($"{Incident(environmentId, incidentId)}?expand=alerts", BigPandaResponses.Object), cancellationToken);

    /// <summary>
    /// Reads a page of the environment's active incidents. Source: docs.bigpanda.io/reference/search-incidents, which says neither the number of the first
    /// page nor, consistently, the shape of the response; results stop at the 10,000th.
    /// </summary>
    /// <returns>The incidents with what the response says of each; null unless the outcome is <see cref="ApiResult.Done"/>.</returns>
    internal async Task<(ApiOutcome Outcome, IReadOnlyList<(string Id, IncidentState State)>? Incidents)> SearchActiveAsync(
        CallClaim claim, string environmentId, int page, int pageSize, CancellationToken cancellationToken)
    {
        var path = $"{Environments}/{PathSegment.Of(environmentId)}/incidents?folder=active&page={page}&page_size={pageSize}";
        // It may fail although the connection works.
        var outcome = await SendAsync(claim, Get(path, null) with { IsRecorded = false }, cancellationToken);
        if (outcome.Result != ApiResult.Done) return (outcome, null);
        return IncidentResponse.Search(outcome.Body) is { } found
            ? (outcome, found)
            : (Unclear(outcome, "BigPanda's response is not a list of incidents"), null);
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
            var outcome = await SendAsync(claim, Get(path, BigPandaResponses.Array), cancellationToken);
            if (outcome.Result is ApiResult.NotAllowed) return (outcome, null);
            if (outcome.Result != ApiResult.Done)
                return (outcome with { Result = ApiResult.Unavailable, Detail = $"could not read the incident's activities: {outcome.Detail}" }, null);
            if (IncidentResponse.Activities(outcome.Body) is not { } read) return (Unclear(outcome, "BigPanda's response is not a list of activities"), null);
            all.AddRange(read);
            if (read.Count < ActivitiesPerPage || page == MaxActivityPages || isEnough(all)) return (outcome, all);
        }
    }

    /// <summary>Checks the key with the call that every role may make and that returns 401 for an unknown key.</summary>
    internal Task<ApiOutcome> CheckKeyAsync(CancellationToken cancellationToken) =>
        SendAsync(null, Get(Environments, BigPandaResponses.Array), cancellationToken);

    /// <summary>Checks a key that is not connected; its result is not recorded.</summary>
    internal Task<ApiOutcome> CheckKeyAsync(ApiCredential candidate, CancellationToken cancellationToken) =>
        caller.SendAsync(http, candidate, Get(Environments, null), cancellationToken);

    /// <summary>The result of the newest call that tells whether the connection works; calls BigPanda when there was none within a minute.</summary>
    internal Task<ApiOutcome> GetLatestAsync(CancellationToken cancellationToken) =>
        caller.GetLatestAsync(() => CheckKeyAsync(cancellationToken), cancellationToken);

    /// <summary>Reads one incident of the environment. It may fail although the connection works, so its result is not recorded.</summary>
    internal Task<ApiOutcome> ProbeIncidentsAsync(string environmentId, CancellationToken cancellationToken)
    {
        var path = $"{Environments}/{PathSegment.Of(environmentId)}/incidents?page_size=1";
        return SendAsync(null, Get(path, null) with { IsRecorded = false }, cancellationToken);
    }

    private static string Incident(string environmentId, string incidentId) =>
        $"{Environments}/{PathSegment.Of(environmentId)}/incidents/{PathSegment.Of(incidentId)}";

    private static ApiCall Get(string path, ResponseCheck? check) => Call(HttpMethod.Get, path, check);

    private static ApiCall Post<T>(string path, T body, JsonTypeInfo<T> type) =>
        Call(HttpMethod.Post, path, BigPandaResponses.Acknowledgement) with { Json = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    private static ApiCall Call(HttpMethod method, string path, ResponseCheck? check) => new(method, path, new ResponseRules(check), BigPandaApi.Authorize);

    private static ApiOutcome Unclear(ApiOutcome outcome, string why) => new(ApiResult.Unavailable, outcome.Status, why);

    /// <summary>Also measures from the check that the call is wanted to its sending: a reopen within that time is not seen.</summary>
    private Task<ApiOutcome> SendUnlessAsync(
        CallClaim claim, ApiCall call, Func<CancellationToken, Task<string?>> objection, CancellationToken cancellationToken)
    {
        var prepared = call with { Prepare = PreparedBody.Unless(objection, call.Json), OnSending = passed => metrics.RecordLag("window", passed) };
        return SendAsync(claim, prepared, cancellationToken);
    }

    private Task<ApiOutcome> SendAsync(CallClaim? claim, ApiCall call, CancellationToken cancellationToken) =>
        caller.SendAsync(http, claim, call, cancellationToken);
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
