using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Actions;

/// <summary>PagerDuty in virtual time, as far as pages need it: events open, update and resolve incidents by their dedup keys, REST shows them.</summary>
internal sealed class PlayedPagerDuty(TimeProvider time) : HttpMessageHandler
{
    public List<PlayedIncident> Incidents { get; } = [];

    /// <summary>The events and REST calls, oldest first: "trigger", "resolve", "GET incidents", "POST notes".</summary>
    public List<(DateTimeOffset At, string What)> Calls { get; } = [];

    /// <summary>The accepted bodies of triggers.</summary>
    public List<JsonNode> Triggers { get; } = [];

    /// <summary>By how much its clock, whose time its responses then have, is ahead of ours; null for responses without a time.</summary>
    public TimeSpan? IsAheadBy { get; set; }

    /// <summary>How long REST's search lags behind.</summary>
    public TimeSpan SearchLag { get; set; }

    /// <summary>What becomes of a call, by its name in <see cref="Calls"/>; null: what should.</summary>
    public Func<string, Fate?> Fates { get; set; } = _ => null;

    public int Count(string what) => Calls.Count(call => call.What == what);

    public IEnumerable<PlayedIncident> Open => Incidents.Where(incident => incident.Status != "resolved");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The caller's timeout is real time's.
        var body = request.Content is null ? null : JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellationToken));
        var uri = request.RequestUri ?? throw new InvalidOperationException("No address.");
        var what = uri.AbsolutePath == "/v2/enqueue" ? (string?)body?["event_action"] ?? "" : $"{request.Method} {uri.AbsolutePath.Split('/')[^1]}";
        Calls.Add((time.GetUtcNow(), what));
        var fate = Fates(what) ?? Fate.Normal;
        if (fate.Status is { } status) return Json(status, fate.Body ?? """{"status":"invalid event","message":"no","errors":["why"]}""", fate.RetryAfter);
        if (fate.IsDropped) return Json(202, "{}");
        if (fate.ArrivesAfter is { } later)
        {
            _ = ApplyLaterAsync(later, request.Method, uri, body);
            throw new TaskCanceledException("No response.");
        }

        var response = Apply(request.Method, uri, body);
        if (IsAheadBy is { } ahead) response.Headers.Date = time.GetUtcNow() + ahead;
        return fate.LosesAnswer ? throw new TaskCanceledException("No response.") : response;
    }

    private async Task ApplyLaterAsync(TimeSpan after, HttpMethod method, Uri uri, JsonNode? body)
    {
        await Task.Delay(after, time);
        Apply(method, uri, body);
    }

    private HttpResponseMessage Apply(HttpMethod method, Uri uri, JsonNode? body)
    {
        string[] path = uri.AbsolutePath.Trim('/').Split('/');
        if (path is ["v2", "enqueue"]) return Take(body ?? throw new InvalidOperationException("An event without a body."));
        if (path is ["users"]) return Json(200, """{"users":[]}""");
        var query = uri.Query.TrimStart('?').Split('&').Select(part => part.Split('=')).ToLookup(part => part[0], part => Uri.UnescapeDataString(part[^1]));
        if (path is ["incidents"])
        {
            var found = Incidents.Where(one => one.Key == query["incident_key"].Single() && time.GetUtcNow() >= one.OpenedAt + SearchLag).Reverse();
            return Json(200, $$"""{"incidents":[{{string.Join(',', found.Select(one => one.ToJson()))}}],"more":false}""");
        }

        if (Incidents.Find(one => one.Id == path[1]) is not { } incident) return Json(404, """{"error":{"message":"Not Found","code":2100}}""");
        switch ((method.Method, path))
        {
            case ("GET", [_, _]):
                return Json(200, $$"""{"incident":{{incident.ToJson()}}}""");
            case ("GET", [_, _, "alerts"]) when incident.IsMerged:
                return Json(200, """{"alerts":[],"more":false}""");
            case ("GET", [_, _, "alerts"]):
                return Json(200, $$"""{"alerts":[{"id":"A1","alert_key":"{{incident.Key}}","status":"{{incident.Status}}"}],"more":false}""");
            case ("GET", [_, _, "notes"]):
                return Json(200, new JsonObject { ["notes"] = new JsonArray([.. incident.Notes.Select(NoteJson)]) }.ToJsonString());
            case ("POST", [_, _, "notes"]):
                incident.Notes.Add((string?)body?["note"]?["content"] ?? "");
                return Json(200, new JsonObject { ["note"] = NoteJson(incident.Notes[^1]) }.ToJsonString());
            default:
                return Json(404, """{"error":{"message":"Not Found","code":2100}}""");
        }
    }

    private HttpResponseMessage Take(JsonNode body)
    {
        var (action, key, routing) = ((string?)body["event_action"], (string?)body["dedup_key"] ?? "", (string?)body["routing_key"]);
        var open = Incidents.Find(incident => incident.Key == key && incident.RoutingKey == routing && incident.Status != "resolved");
        if (action == "trigger")
        {
            Triggers.Add(body);
            if (open is null) Incidents.Add(new PlayedIncident($"P{Incidents.Count + 1}", key, routing, time.GetUtcNow()) { ChangedAt = time.GetUtcNow() });
        }
        else
        {
            open?.Change(action == "resolve" ? "resolved" : "acknowledged", null, time.GetUtcNow());
        }

        return Json(202, """{"status":"success","message":"Event processed"}""");
    }

    private static JsonObject NoteJson(string text) => new() { ["id"] = "N1", ["content"] = text };

    private static HttpResponseMessage Json(int status, string json, string? retryAfter = null)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (retryAfter is not null) response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return response;
    }
}

/// <param name="LosesAnswer">It is carried out, and the caller does not learn of it.</param>
/// <param name="ArrivesAfter">The same, later.</param>
/// <param name="IsDropped">It is accepted and has no effect.</param>
internal sealed record Fate(
    int? Status = null, string? Body = null, string? RetryAfter = null, bool LosesAnswer = false, TimeSpan? ArrivesAfter = null, bool IsDropped = false)
{
    public static Fate Normal { get; } = new();

    public static Fate Lost { get; } = new(LosesAnswer: true);
}

internal sealed record PlayedIncident(string Id, string Key, string? RoutingKey, DateTimeOffset OpenedAt)
{
    public string Status { get; private set; } = "triggered";
    public string? ChangedBy { get; private set; }
    public DateTimeOffset ChangedAt { get; set; }
    public List<string> Notes { get; } = [];

    public bool IsMerged { get; private set; }

    /// <summary>Its alert goes on in the other incident.</summary>
    public PlayedIncident Merge(string person, DateTimeOffset at)
    {
        IsMerged = true;
        Change("resolved", person, at);
        return this with { Id = $"{Id}-2", IsMerged = false, Status = "triggered" };
    }

    public void Change(string status, string? person, DateTimeOffset at) => (Status, ChangedBy, ChangedAt) = (status, person, at);

    public string ToJson() => new JsonObject
    {
        ["id"] = Id,
        ["status"] = Status,
        ["html_url"] = $"https://acme.pagerduty.com/incidents/{Id}",
        ["incident_key"] = null,
        ["resolve_reason"] = IsMerged ? new JsonObject { ["type"] = "merge_resolve_reason" } : null,
        ["last_status_change_at"] = ChangedAt.ToString("O"),
        ["last_status_change_by"] = ChangedBy is null
            ? new JsonObject { ["type"] = "inbound_integration_reference", ["summary"] = "Events API V2" }
            : new JsonObject { ["type"] = "user_reference", ["summary"] = ChangedBy },
    }.ToJsonString();
}
