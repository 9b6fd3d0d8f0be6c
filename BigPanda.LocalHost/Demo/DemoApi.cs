using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.LocalHost.Demo;

/// <summary>The demo's HTTP calls.</summary>
internal sealed class DemoApi : IDisposable
{
    private readonly HttpClient _bridge;
    private readonly HttpClient _simulator;
    private readonly HttpClient _pagerDuty;

    public DemoApi(Setup setup)
    {
        _bridge = new HttpClient { BaseAddress = setup.BaseUrl };
        _bridge.DefaultRequestHeaders.Add("x-functions-key", setup.FunctionKey);
        _simulator = new HttpClient { BaseAddress = setup.SimulatorUrl };
        _pagerDuty = new HttpClient { BaseAddress = new Uri($"{setup.PagerDutyUrl}/_simulator/") };
    }

    /// <summary>Plays one step of the incident in the simulator, which sends the webhook.</summary>
    public async Task PlayAsync(string incidentId, string title, string step, CancellationToken cancellationToken)
    {
        var play = new JsonObject
        {
            ["id"] = incidentId,
            ["title"] = title,
            ["severity"] = "critical",
            ["steps"] = new JsonArray(step),
            ["wait"] = true,
        };
        using var response = await _simulator.PostAsJsonAsync("/_simulator/incidents", play, cancellationToken);
        await ExpectAsync(response, response.IsSuccessStatusCode, cancellationToken);
    }

    /// <returns>null if there is no such alert yet.</returns>
    public async Task<JsonObject?> FindAlertAsync(string incidentId, CancellationToken cancellationToken)
    {
        using var response = await _bridge.GetAsync(AlertPath(incidentId), cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;

        await ExpectAsync(response, response.StatusCode == HttpStatusCode.OK, cancellationToken);
        return await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
    }

    /// <summary>Creates a monitor source, and stores its keys.</summary>
    public async Task<DemoMonitor> AddMonitorAsync(string organisationToken, CancellationToken cancellationToken)
    {
        var source = new JsonObject { ["name"] = "Demo monitor", ["kind"] = "monitor", ["format"] = "bigpanda" };
        using var made = await _bridge.PostAsJsonAsync("/api/sources", source, cancellationToken);
        await ExpectAsync(made, made.StatusCode == HttpStatusCode.Created, cancellationToken);
        var created = await made.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        var keys = new JsonObject { ["orgToken"] = organisationToken, ["alertsAppKey"] = "demo-monitor" };
        using var stored = await _bridge.PutAsJsonAsync($"/api/monitors/{(string?)created?["source"]?["id"]}/connection", keys, cancellationToken);
        await ExpectAsync(stored, stored.StatusCode == HttpStatusCode.OK, cancellationToken);
        return new DemoMonitor((string?)created?["source"]?["callbackUrl"] ?? "", (string?)created?["bearerToken"] ?? "");
    }

    /// <summary>As a monitoring system does.</summary>
    public async Task SendAlertAsync(DemoMonitor monitor, JsonObject alert, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, monitor.Url)
        {
            Content = JsonContent.Create(alert),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", monitor.Token) },
        };
        using var response = await _bridge.SendAsync(request, cancellationToken);
        await ExpectAsync(response, response.StatusCode == HttpStatusCode.Accepted, cancellationToken);
    }

    /// <returns>null if there is no such alert yet.</returns>
    public async Task<JsonObject?> SearchAlertAsync(string text, CancellationToken cancellationToken)
    {
        using var response = await _bridge.GetAsync($"/api/alerts?search={Uri.EscapeDataString(text)}", cancellationToken);
        await ExpectAsync(response, response.StatusCode == HttpStatusCode.OK, cancellationToken);
        var page = await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        return page?["items"] is JsonArray { Count: > 0 } items ? items[0] as JsonObject : null;
    }

    public async Task ResolveAsync(string incidentId, string comment, string actor, CancellationToken cancellationToken)
    {
        var resolve = new JsonObject { ["comment"] = comment, ["actor"] = actor };
        using var response = await _bridge.PostAsJsonAsync($"{AlertPath(incidentId)}/resolve", resolve, cancellationToken);
        await ExpectAsync(response, response.StatusCode == HttpStatusCode.Accepted, cancellationToken);
    }

    /// <summary>The requests about the incident that the simulator has received.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListRequestsAsync(string incidentId, CancellationToken cancellationToken)
    {
        var requests = await _simulator.GetFromJsonAsync<JsonObject[]>("/_simulator/requests", cancellationToken) ?? [];
        return [.. requests.Where(request => ((string?)request["path"])?.Contains(incidentId, StringComparison.Ordinal) == true)];
    }

    /// <summary>PagerDuty's incidents that the bridge opened for the incident, oldest first.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListPagesAsync(string incidentId, CancellationToken cancellationToken)
    {
        var all = await _pagerDuty.GetFromJsonAsync<JsonObject[]>("incidents", cancellationToken) ?? [];
        return [.. all.Where(shown => ((string?)shown["alerts"]?[0]?["key"])?.StartsWith($"bigpanda:{incidentId}:", StringComparison.Ordinal) == true)];
    }

    /// <summary>Resolves PagerDuty's incident there, as a person.</summary>
    public async Task ResolvePageAsync(string pageId, string by, string note, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["by"] = by, ["note"] = note };
        using var response = await _pagerDuty.PostAsJsonAsync($"incidents/{pageId}/resolve", body, cancellationToken);
        await ExpectAsync(response, response.IsSuccessStatusCode, cancellationToken);
    }

    public void Dispose()
    {
        _bridge.Dispose();
        _simulator.Dispose();
        _pagerDuty.Dispose();
    }

    private static string AlertPath(string incidentId) => $"/api/alerts/{Uri.EscapeDataString(incidentId)}";

    private static async Task ExpectAsync(HttpResponseMessage response, bool expected, CancellationToken cancellationToken)
    {
        if (expected)
            return;

        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        throw new DemoFailedException(
            $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.AbsolutePath} returned {(int)response.StatusCode} {body}");
    }
}

/// <summary>Where a monitoring system sends its alerts.</summary>
internal sealed record DemoMonitor(string Url, string Token)
{
    // A record prints its members; the token must not reach a log.
    public override string ToString() => nameof(DemoMonitor);
}
