using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;

namespace BigPanda.Functions.Tests.Monitors.Relay;

/// <summary>
/// BigPanda's Alerts API in virtual time: the simulator's checks, limit and duplicates without its sockets, which would take the code off the one thread.
/// </summary>
internal sealed class ScriptedAlertsApi(TimeProvider time, int perMinute = 300) : HttpMessageHandler
{
    private readonly RateWindow _rate = new(() => perMinute, TimeSpan.FromMinutes(1), time);
    private readonly AlertIntake _intake = new();

    /// <summary>Every call, with the status of its response.</summary>
    public List<ApiCallSeen> Calls { get; } = [];

    /// <summary>Those that were accepted, duplicates included.</summary>
    public IEnumerable<ApiCallSeen> Accepted => Calls.Where(call => call.Status is 201 or 204 && call.Alert["alerts"] is null);

    /// <summary>Answers in place of the usual response; null for that.</summary>
    public Func<ApiCallSeen, HttpResponseMessage?> Answer { get; set; } = _ => null;

    /// <summary>The largest number of accepted alerts in any minute.</summary>
    public int MostInAMinute
    {
        get
        {
            var (most, from, accepted) = (0, 0, Accepted.ToList());
            for (var to = 0; to < accepted.Count; to++)
            {
                while (accepted[to].At - accepted[from].At >= TimeSpan.FromMinutes(1)) from++;
                most = Math.Max(most, to - from + 1);
            }

            return most;
        }
    }

    public static HttpResponseMessage Json(int status, string json, string? retryAfter = null)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (retryAfter is not null) response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return response;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Assert.True(request.Content?.Headers.ContentLength > 0);
        Assert.Equal("/data/v2/alerts", request.RequestUri?.AbsolutePath);
        using var body = new StreamReader(request.Content.ReadAsStream(cancellationToken));
        var alert = JsonNode.Parse(body.ReadToEnd())?.AsObject() ?? [];
        var call = new ApiCallSeen(time.GetUtcNow(), request.RequestUri?.Host ?? "", request.Headers.Authorization?.Parameter ?? "", alert);
        Calls.Add(call);
        var response = Answer(call) ?? Usual(alert);
        call.Status = (int)response.StatusCode;
        return Task.FromResult(response);
    }

    private HttpResponseMessage Usual(JsonObject alert)
    {
        if (alert["alerts"] is not null) return Json(400, """{"status":400,"errors":["alerts must not be empty"]}""");
        if (!_rate.Admit()) return Json(429, """{"status":429,"errors":["Too Many Requests"]}""");
        if (AlertIntake.Problem(alert) is { } problem) return Json(400, new JsonObject { ["errors"] = new JsonArray(problem) }.ToJsonString());
        return _intake.TryTake(alert) ? Json(201, """{"status":201,"data":{}}""") : new HttpResponseMessage(HttpStatusCode.NoContent);
    }
}

internal sealed record ApiCallSeen(DateTimeOffset At, string Host, string Token, JsonObject Alert)
{
    public int Status { get; set; }

    public string AppKey => Alert["app_key"]?.ToString() ?? "";

    public string Text(string name) => Alert[name]?.ToString() ?? "";
}
