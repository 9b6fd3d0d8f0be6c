using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Hosting;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Tests.Monitors.Intake;

/// <summary>A monitor's token may be in the URL: everything that the bridge emits is searched for it, whatever the request was answered.</summary>
public sealed class TokenInUrlTests
{
    private const string Wrong = "canary-wrong-token-in-url-58d1";
    private const string Alert = """{"status":"critical","host":"db-1","timestamp":1793527100}""";

    [Fact]
    public async Task A_token_in_the_URL_is_in_nothing_that_the_bridge_emits()
    {
        using var written = new SecretSearch();
        using var trace = new TracedWork(allSources: true);
        await using var bridge = await RunningBridge.StartAsync(options => options with
        {
            InMemoryTables = false,
            ConfigureLogging = logging =>
            {
                options.ConfigureLogging(logging);
                logging.SetMinimumLevel(LogLevel.Trace).AddFilter(nameof(BigPanda), LogLevel.Trace);
            },
        });
        var (_, made) = await bridge.PostAsync("/sources", new { name = "Canary", kind = "monitor", format = "bigpanda" });
        var (id, token) = ((string?)made["source"]?["id"] ?? "", (string?)made["bearerToken"] ?? "");

        (string Path, string Body, int Status)[] requests =
        [
            ($"/api/monitors/{id}/alerts?access_token={token}", Alert, 202),
            ($"/api/monitors/{id}/data/v2/alerts?x=1&access_token={token}", Alert, 202),
            ($"/api/monitors/{id}/alerts?access_token={token}", "{\"", 400),
            ($"/api/monitors/{id}/alerts?access_token={token}", "[]", 422),
            ($"/api/monitors/{id}/alerts?access_token={token}", """{"status":"broken"}""", 400),
            ($"/api/monitors/{id}/alerts?access_token={token}&access_token={token}", Alert, 401),
            ($"/api/webhooks/bigpanda/{id}?access_token={token}", Alert, 401),
            ($"/api/monitors/local/alerts?access_token={token}", Alert, 401),
            ($"/api/monitors/{id}/nothing?access_token={token}", Alert, 404),
            ($"/api/monitors/{id}/preview?access_token={token}", Alert, 200),
            .. Enumerable.Repeat(($"/api/monitors/{id}/alerts?access_token={Wrong}", Alert, 401), 25),
            ($"/api/monitors/{Wrong}/alerts?access_token={Wrong}", Alert, 401),
        ];
        foreach (var (path, body, status) in requests)
        {
            var head = $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\ntraceparent: {trace.TraceParent}\r\n";
            var answer = await bridge.SendRawAsync(head, body);
            written.Add("an answer", answer);
            Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        }

        written.Add("an answer", await bridge.SendRawAsync($"POST /api/monitors/{id}/alerts?access_token={token} HTTP/1.1\r\nHost: a b\r\n", Alert));
        written.Add("an answer", (await bridge.GetAsync("/sources")).Body.ToJsonString());
        written.Add("health", (await bridge.GetReadyAsync()).Body.ToJsonString());
        await written.ReadAsync(bridge);
        written.Add(trace);

        Assert.True(written.Count("span") > 20 && written.Count("metric http.server") > 20 && written.Count("the log") > 5, "Not all was captured.");
        written.AssertNone([token, Wrong], (where, secret) => secret == token && where is LocalSecrets.FileName or Setup.FileName);
    }
}
