using System.Text;
using System.Text.Json;
using BigPanda.LocalHost.Simulator;

namespace BigPanda.Functions.Tests.Support;

/// <summary>A monitoring system: a source of its format, connected with the simulated BigPanda, and what BigPanda got of its alerts.</summary>
internal sealed class MonitorClient
{
    private readonly AppFixture _app;
    private readonly string _token;

    private MonitorClient(AppFixture app, string id, string token) => (_app, Id, _token) = (app, id, token);

    public string Id { get; }

    /// <summary>The alerts of this source alone have it.</summary>
    public string AppKey => $"app-key-of-{Id}";

    public static async Task<MonitorClient> CreateAsync(AppFixture app, string format, bool flatten = false, bool connects = true)
    {
        var body = JsonSerializer.Serialize(new { name = format, kind = "monitor", format, flatten });
        var made = (await app.Bridge.PostAsync("/api/sources", body)).Expect(201).Json;
        var monitor = new MonitorClient(
            app, made.GetProperty("source").GetProperty("id").GetString() ?? "", made.GetProperty("bearerToken").GetString() ?? "");
        if (connects) await monitor.ConnectAsync();
        return monitor;
    }

    public async Task ConnectAsync() => (await _app.Bridge.PutAsync(
        $"/api/monitors/{Id}/connection", JsonSerializer.Serialize(new { orgToken = _app.SimulatorKey, alertsAppKey = AppKey }))).Expect(200);

    public Task<TextResponse> PostAsync(string body, string route = "alerts") => PostAsync(Encoding.UTF8.GetBytes(body), route);

    public Task<TextResponse> PostAsync(byte[] body, string route = "alerts") => SendAsync(body, route, $"Bearer {_token}");

    /// <summary>As a sender that cannot set a header.</summary>
    public Task<TextResponse> PostWithUrlAsync(byte[] body) => SendAsync(body, $"alerts?access_token={_token}", null);

    /// <summary>Waits until BigPanda has accepted this many alerts of the source, and returns them in their order.</summary>
    public async Task<IReadOnlyList<JsonElement>> WaitForAlertsAsync(int count)
    {
        await Eventually.Async(() => Task.FromResult(Accepted.Count), accepted => accepted >= count, $"BigPanda has {count} alerts of {Id}");
        return [.. Accepted.Select(request => JsonElement.Parse(request.Body ?? "{}"))];
    }

    public IReadOnlyList<RecordedRequest> Calls =>
    [
        .. _app.BigPanda.Requests.Where(
            request => request.Path == "/data/v2/alerts" && request.Body?.Contains($"\"{AppKey}\"", StringComparison.Ordinal) == true
                && !request.Body.Contains("\"alerts\":[]", StringComparison.Ordinal)),
    ];

    private List<RecordedRequest> Accepted => [.. Calls.Where(call => call.Status is 201 or 204)];

    private Task<TextResponse> SendAsync(byte[] body, string route, string? authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _app.Bridge.At($"/api/monitors/{Id}/{route}")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return BridgeClient.SendAsync(request);
    }
}
