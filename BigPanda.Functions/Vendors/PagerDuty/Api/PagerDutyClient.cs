using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using BigPanda.Functions.Json;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Calls;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Outbound.Limiter;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Vendors.PagerDuty.Api;

/// <summary>
/// PagerDuty's REST API v2, with the connection's REST key. Without one every call's result is NotAllowed: ask <see cref="HasKeyAsync"/> where calls are
/// optional. All calls share one rate limiter. Each may throw <see cref="TurnTimeoutException"/>.
/// Source: developer.pagerduty.com/api-reference.
/// </summary>
public sealed class PagerDutyClient(
    HttpClient http, [FromKeyedServices(PagerDutyApi.Key)] ApiCaller caller, CredentialCache<PagerDutyCredential> credentials)
{
    internal const string NoKey = "no PagerDuty REST key is stored: store one with PUT /pagerduty";

    private const int PerPage = 100;

    /// <summary>An incident has at most 1,000 alerts; an account's subscriptions are tens.</summary>
    private const int MaxPages = 10;

    /// <summary>Several incidents have one key only after a retrigger, which the bridge does not make.</summary>
    private const int MaxCandidates = 5;

    /// <summary>Whether calls can be made: a REST key is stored.</summary>
    internal async ValueTask<bool> HasKeyAsync(CancellationToken cancellationToken) =>
        await credentials.GetAsync(cancellationToken) is { RestKey: not null };

    /// <summary>The same where a missing key ends an action for good: another instance may just have stored one.</summary>
    internal async ValueTask<bool> HasNewestKeyAsync(CancellationToken cancellationToken) =>
        await HasKeyAsync(cancellationToken) || await credentials.GetNewestAsync(cancellationToken) is { Credential.RestKey: not null };

    /// <summary>
    /// Finds the incident that has an alert with this key: an open one before a resolved one, the newest first. The search lags behind the acceptance of an
    /// event, so that a missing incident proves nothing at first. What it finds is checked: PagerDuty ignores a filter that it does not understand, and the
    /// incident's own <c>incident_key</c> is null.
    /// </summary>
    /// <returns>Done and null when there is none; otherwise null unless the outcome is Done.</returns>
    internal async Task<(ApiOutcome Outcome, FoundIncident? Found)> FindIncidentAsync(CallClaim claim, string dedupKey, CancellationToken cancellationToken)
    {
        // PagerDuty would return all incidents.
        ArgumentException.ThrowIfNullOrWhiteSpace(dedupKey);
        var path = $"incidents?incident_key={Uri.EscapeDataString(dedupKey)}&date_range=all"
            + $"&statuses%5B%5D=triggered&statuses%5B%5D=acknowledged&statuses%5B%5D=resolved&sort_by=created_at%3Adesc&limit={PerPage}";
        var outcome = await SendAsync(claim, Get(path, "incidents"), cancellationToken);
        if (outcome.Result != ApiResult.Done) return (outcome, null);
        foreach (var incident in ReadAll(outcome.Body, "incidents", PagerDutyIncident.Read).OrderBy(one => one.IsResolved).Take(MaxCandidates))
        {
            var alertsPath = $"{Incident(incident.Id)}/alerts?alert_key={Uri.EscapeDataString(dedupKey)}";
            var (search, alerts) = await ListAsync(claim, alertsPath, "alerts", PagerDutyAlert.Read, cancellationToken);
            if (alerts is null && search.Result != ApiResult.NotFound) return (search, null);
            var found = alerts?.Where(alert => alert.AlertKey == dedupKey).OrderBy(alert => alert.IsResolved).FirstOrDefault();
            if (found is not null) return (outcome, new FoundIncident(incident, found));
        }

        return (outcome, null);
    }

    /// <returns>Null unless the outcome is Done.</returns>
    internal Task<(ApiOutcome Outcome, PagerDutyIncident? Incident)> GetIncidentAsync(
        CallClaim claim, string incidentId, CancellationToken cancellationToken) =>
        ReadAsync(claim, Get(Incident(incidentId), "incident"), "incident", PagerDutyIncident.Read, cancellationToken);

    /// <returns>Null unless the outcome is Done.</returns>
    internal Task<(ApiOutcome Outcome, IReadOnlyList<PagerDutyAlert>? Alerts)> ListAlertsAsync(
        CallClaim claim, string incidentId, CancellationToken cancellationToken) =>
        ListAsync(claim, $"{Incident(incidentId)}/alerts", "alerts", PagerDutyAlert.Read, cancellationToken);

    /// <returns>All notes, at most 2,000; null unless the outcome is Done.</returns>
    internal async Task<(ApiOutcome Outcome, IReadOnlyList<PagerDutyNote>? Notes)> ListNotesAsync(
        CallClaim claim, string incidentId, CancellationToken cancellationToken)
    {
        // Not in pages.
        var outcome = await SendAsync(claim, Get($"{Incident(incidentId)}/notes", "notes"), cancellationToken);
        return (outcome, outcome.Result == ApiResult.Done ? [.. ReadAll(outcome.Body, "notes", PagerDutyNote.Read)] : null);
    }

    /// <summary>Adds a note, also to a resolved incident. There is no idempotency key: without a response it may be there.</summary>
    /// <param name="objection">Called directly before the call. Returns why the note is no longer wanted, or null.</param>
    /// <returns>Null unless the outcome is Done.</returns>
    internal Task<(ApiOutcome Outcome, PagerDutyNote? Note)> AddNoteAsync(
        CallClaim claim, string incidentId, string content, Func<CancellationToken, Task<string?>> objection, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new NoteBody(new NoteContent(content)), PagerDutyJson.Default.NoteBody);
        var call = Post($"{Incident(incidentId)}/notes", "note") with { Prepare = PreparedBody.Unless(objection, json) };
        return ReadAsync(claim, call, "note", PagerDutyNote.Read, cancellationToken);
    }

    /// <returns>Null unless the outcome is Done.</returns>
    internal Task<(ApiOutcome Outcome, IReadOnlyList<WebhookSubscription>? Subscriptions)> ListSubscriptionsAsync(CancellationToken cancellationToken) =>
        ListAsync(null, "webhook_subscriptions", "webhook_subscriptions", WebhookSubscription.Read, cancellationToken, Unrecorded);

    /// <summary>Switches a subscription on that PagerDuty has switched off.</summary>
    internal Task<(ApiOutcome Outcome, WebhookSubscription? Subscription)> EnableSubscriptionAsync(string id, CancellationToken cancellationToken) =>
        ReadAsync(
            null, Unrecorded(Post($"{Subscription(id)}/enable", "webhook_subscription")), "webhook_subscription", WebhookSubscription.Read, cancellationToken);

    /// <summary>Checks the REST key with a call that reads the user of the From address. Read-only keys pass: only a note shows that one may write.</summary>
    internal async Task<ApiOutcome> CheckKeyAsync(CancellationToken cancellationToken) =>
        await credentials.GetAsync(cancellationToken) is { Rest: { } credential }
            ? await SendAsync(null, Users(credential), cancellationToken)
            : new ApiOutcome(ApiResult.NotAllowed, null, NoKey);

    /// <summary>Checks a key that is not connected; its result is not recorded.</summary>
    /// <returns>Whether there is a user with the From address; null unless the outcome is Done.</returns>
    internal async Task<(ApiOutcome Outcome, bool? KnowsUser)> CheckKeyAsync(RestCredential candidate, CancellationToken cancellationToken)
    {
        var outcome = await caller.SendAsync(http, candidate, Users(candidate), cancellationToken);
        if (outcome.Result != ApiResult.Done) return (outcome, null);
        var users = ReadAll(outcome.Body, "users", user => JsonReading.Text(user, "email"));
        return (outcome, users.Contains(candidate.From, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The result of the newest call that tells whether the REST key works; asks PagerDuty when there was none within a minute.</summary>
    internal Task<ApiOutcome> GetLatestAsync(CancellationToken cancellationToken) =>
        caller.GetLatestAsync(() => CheckKeyAsync(cancellationToken), cancellationToken);

    /// <summary>The same outcome if PagerDuty has rejected the key within a minute; makes no call.</summary>
    internal async ValueTask<ApiOutcome?> FindRejectionAsync(CancellationToken cancellationToken) =>
        await caller.FindLatestAsync(cancellationToken) is { Status: 401 } rejected ? rejected : null;

    private static string Incident(string id) => $"incidents/{Segment(id)}";

    private static string Subscription(string id) => $"webhook_subscriptions/{Segment(id)}";

    /// <summary>PagerDuty knows no such id: the call gets 404.</summary>
    private static string Segment(string id) => PathSegment.IsPossible(id) ? PathSegment.Of(id) : "-";

    private static ApiCall Users(RestCredential credential) => Get($"users?query={Uri.EscapeDataString(credential.From)}&limit={PerPage}", "users");

    private static ApiCall Get(string path, string member) => new(HttpMethod.Get, path, RulesFor(member), Authorize);

    private static ApiCall Post(string path, string member) => new(HttpMethod.Post, path, RulesFor(member), AuthorizeWrite) { Json = "{}"u8.ToArray() };

    /// <summary>It may fail although the connection works: a key may be without the right to subscriptions.</summary>
    private static ApiCall Unrecorded(ApiCall call) => call with { IsRecorded = false };

    private static ResponseRules RulesFor(string member) => new(PagerDutyResponses.Has(member), PagerDutyResponses.RestError);

    private static void Authorize(HttpRequestHeaders headers, ApiCredential credential)
    {
        headers.TryAddWithoutValidation("Authorization", $"Token token={credential.ApiKey}");
        headers.Accept.ParseAdd("application/vnd.pagerduty+json;version=2");
    }

    /// <summary>A write names the user as whom it is made.</summary>
    private static void AuthorizeWrite(HttpRequestHeaders headers, ApiCredential credential)
    {
        Authorize(headers, credential);
        if (credential is RestCredential { From: var from }) headers.TryAddWithoutValidation("From", from);
    }

    private async Task<(ApiOutcome Outcome, T? Value)> ReadAsync<T>(
        CallClaim? claim, ApiCall call, string member, Func<JsonElement, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        var outcome = await SendAsync(claim, call, cancellationToken);
        if (outcome.Result != ApiResult.Done) return (outcome, null);
        return JsonReading.Read(outcome.Body, root => JsonReading.Member(root, member) is { } value ? read(value) : null) is { } known
            ? (outcome, known)
            : (Unclear(outcome, member), null);
    }

    private async Task<(ApiOutcome Outcome, IReadOnlyList<T>? Items)> ListAsync<T>(
        CallClaim? claim, string path, string member, Func<JsonElement, T?> read, CancellationToken cancellationToken, Func<ApiCall, ApiCall>? adapt = null)
        where T : class
    {
        List<T> all = [];
        for (var page = 0; ; page++)
        {
            var query = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var call = Get($"{path}{query}limit={PerPage}&offset={page * PerPage}", member);
            var outcome = await SendAsync(claim, adapt?.Invoke(call) ?? call, cancellationToken);
            if (outcome.Result != ApiResult.Done) return (outcome, null);
            all.AddRange(ReadAll(outcome.Body, member, read));
            if (page == MaxPages - 1 || !HasMore(outcome.Body)) return (outcome, all);
        }
    }

    private static List<T> ReadAll<T>(string? body, string member, Func<JsonElement, T?> read)
        where T : class => JsonReading.Read(body, root => JsonReading.Items(root, member).Select(read).OfType<T>().ToList()) ?? [];

    private static bool HasMore(string? body) =>
        JsonReading.Matches(body, root => JsonReading.Member(root, "more") is { ValueKind: JsonValueKind.True }) == true;

    private static ApiOutcome Unclear(ApiOutcome outcome, string member) =>
        new(ApiResult.Unavailable, outcome.Status, $"PagerDuty's response has no readable {member}");

    private Task<ApiOutcome> SendAsync(CallClaim? claim, ApiCall call, CancellationToken cancellationToken) =>
        caller.SendAsync(http, claim, call, cancellationToken);
}

internal sealed record NoteBody([property: JsonPropertyName("note")] NoteContent Note);

internal sealed record NoteContent([property: JsonPropertyName("content")] string Content);

[JsonSerializable(typeof(NoteBody))]
internal sealed partial class PagerDutyJson : JsonSerializerContext;
