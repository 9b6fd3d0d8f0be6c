using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization;
using BigPanda.Functions.Http;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>
/// BigPanda's REST API. Every call goes through one limiter: BigPanda allows 5 requests a second for a token and documents no
/// Retry-After. There is no idempotency key, so a call whose answer was lost may have been carried out.
/// </summary>
public sealed class BigPandaClient(HttpClient http, BigPandaLimiter limiter, ApiCredentialCache credentials, ApiCalls calls, TimeProvider time)
{
    internal const string NoKey = "no BigPanda API key is connected";

    internal const string CallbackPath = "resources/v2.1/outbound/callback";

    private const string Environments = "resources/v2.0/environments";

    /// <summary>
    /// Asks BigPanda to resolve an incident. Done means 202: accepted, closed later.
    /// Source: api-docs.bigpanda.io/resolve-incident-37770104e0.md. The body's field is <c>comments</c>, plural here only, and must not be empty.
    /// </summary>
    internal Task<ApiOutcome> ResolveAsync(string environmentId, string incidentId, string comments, CancellationToken cancellationToken) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, $"{Incident(environmentId, incidentId)}/resolve") { Content = JsonContent.Create(new ResolveBody(comments), BigPandaJson.Default.ResolveBody) },
            cancellationToken);

    /// <summary>
    /// Adds a comment. Source: api-docs.bigpanda.io, incidents; the body's field is <c>comment</c>, singular, and the answer 204.
    /// </summary>
    internal Task<ApiOutcome> CommentAsync(string environmentId, string incidentId, string comment, CancellationToken cancellationToken) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, $"{Incident(environmentId, incidentId)}/comments") { Content = JsonContent.Create(new CommentBody(comment), BigPandaJson.Default.CommentBody) },
            cancellationToken);

    /// <summary>
    /// Tells the callback service that what the webhook asked for is there. Source: docs.bigpanda.io/en/bigpanda-callback-service; exactly
    /// these three fields, and no other event type is shown.
    /// </summary>
    internal Task<ApiOutcome> CallBackAsync(string incidentId, string appKey, CancellationToken cancellationToken)
    {
        var body = JsonContent.Create(new CallbackBody("incident#new", incidentId, appKey), BigPandaJson.Default.CallbackBody);
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, CallbackPath) { Content = body }, cancellationToken, secrets: appKey);
    }

    /// <summary>Whether BigPanda shows the incident as active; null when the outcome is not <see cref="ApiResult.Done"/> or the answer is unclear.</summary>
    internal async Task<(ApiOutcome Outcome, bool? IsActive)> IsActiveAsync(string environmentId, string incidentId, CancellationToken cancellationToken)
    {
        var outcome = await SendAsync(new HttpRequestMessage(HttpMethod.Get, Incident(environmentId, incidentId)), cancellationToken);
        if (outcome.Result != ApiResult.Done) return (outcome, null);
        return IncidentAnswer.IsActive(outcome.Body) is { } isActive ? (outcome, isActive) : (new ApiOutcome(ApiResult.Unavailable, outcome.Status, "BigPanda's answer does not say whether the incident is active"), null);
    }

    /// <summary>Whether the incident's activities show the comment. False when that cannot be told.</summary>
    internal async Task<bool> HasCommentAsync(string incidentId, string comment, CancellationToken cancellationToken)
    {
        var outcome = await SendAsync(new HttpRequestMessage(HttpMethod.Get, $"resources/v2.0/incidents/{Uri.EscapeDataString(incidentId)}/activities?per_page=100"), cancellationToken);
        return outcome.Result == ApiResult.Done && IncidentAnswer.HasComment(outcome.Body, comment);
    }

    /// <summary>Whether the key is good: the call that BigPanda answers for every role, and with 401 for a key it does not know.</summary>
    internal Task<ApiOutcome> CheckKeyAsync(CancellationToken cancellationToken) => SendAsync(new HttpRequestMessage(HttpMethod.Get, Environments), cancellationToken);

    /// <summary>The same with a key that is not connected; nothing is remembered of it.</summary>
    internal Task<ApiOutcome> CheckKeyAsync(ApiCredential candidate, CancellationToken cancellationToken) =>
        SendAsync(candidate, new HttpRequestMessage(HttpMethod.Get, Environments), cancellationToken);

    /// <summary>A call by its method, path and JSON body. That it fails says nothing of the connection, so it is not remembered.</summary>
    internal Task<ApiOutcome> AskAsync(HttpMethod method, string path, string? json, CancellationToken cancellationToken) => SendAsync(
        new HttpRequestMessage(method, path) { Content = json is null ? null : new StringContent(json, new MediaTypeHeaderValue("application/json")) }, cancellationToken, isRemembered: false);

    internal static string Incident(string environmentId, string incidentId) =>
        $"{Environments}/{Uri.EscapeDataString(environmentId)}/incidents/{Uri.EscapeDataString(incidentId)}";

    private async Task<ApiOutcome> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken, bool isRemembered = true, params string[] secrets)
    {
        if (await credentials.GetAsync(cancellationToken) is not { } credential)
        {
            request.Dispose();
            return new ApiOutcome(ApiResult.NotAllowed, null, NoKey);
        }

        var outcome = await SendAsync(credential, request, cancellationToken, secrets);
        if (outcome.Status == 401) credentials.Expire();
        if (isRemembered) await calls.NoteAsync(credential, outcome, cancellationToken);
        return outcome;
    }

    private async Task<ApiOutcome> SendAsync(ApiCredential credential, HttpRequestMessage request, CancellationToken cancellationToken, params string[] secrets)
    {
        using (request)
        {
            request.RequestUri = new Uri(credential.BaseAddress, request.RequestUri ?? throw new InvalidOperationException("A call without a path."));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential.ApiKey);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            // Last of all: what comes between a call's turn and its sending narrows the space to the next.
            if (!await limiter.WaitAsync(cancellationToken)) return new ApiOutcome(ApiResult.Unavailable, null, "too many calls wait for BigPanda's limit of 5 a second");
            return await ApiResponses.SendAsync(http, request, time, [credential.ApiKey, .. secrets], cancellationToken);
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
