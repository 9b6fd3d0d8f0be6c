using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;

namespace BigPanda.Functions.Tests.Monitors.Connection;

public sealed class MonitorConnectionOverHttpTests : IAsyncLifetime
{
    private const string AppKey = "the-app-key-of-the-integration";
    private const string Alert = """{"status":"critical","host":"db-1","check":"disk","timestamp":1793527100}""";

    private RunningBridge? _bridge;
    private string _id = "";
    private string _token = "";

    private string OrgToken { get; set; } = "";

    private RunningBridge Bridge => _bridge ?? throw new InvalidOperationException("xunit has not started the bridge.");

    private string Connection => $"/monitors/{_id}/connection";

    public async Task InitializeAsync()
    {
        _bridge = await RunningBridge.StartAsync();
        var (_, made) = await Bridge.PostAsync("/sources", new { name = "M", kind = "monitor", format = "bigpanda" });
        OrgToken = await Bridge.GetSimulatorKeyAsync();
        (_id, _token) = ((string?)made["source"]?["id"] ?? "", (string?)made["bearerToken"] ?? "");
    }

    public async Task DisposeAsync() => await Bridge.DisposeAsync();

    [Fact]
    public async Task Alerts_wait_for_the_keys_and_are_sent_with_the_sources_app_key_once_they_are_stored()
    {
        Assert.Equal(false, (bool?)(await Bridge.GetAsync(Connection)).Body["connected"]);
        await DeliverAsync(Alert);
        await Bridge.UntilAsync(Connection, shown => (int?)shown["parkedAlerts"] == 1);

        var (status, connection) = await Bridge.PutAsync(Connection, new { orgToken = OrgToken, alertsAppKey = AppKey });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            (true, OrgToken[^4..], AppKey[^4..]),
            ((bool?)connection["connected"], (string?)connection["orgTokenSuffix"], (string?)connection["alertsAppKeySuffix"]));
        Assert.Contains("app key only with the first alert", (string?)connection["note"], StringComparison.Ordinal);
        Assert.DoesNotContain(OrgToken, connection.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(AppKey, connection.ToJsonString(), StringComparison.Ordinal);
        var sent = await WaitForAlertAsync("db-1");
        Assert.Equal(AppKey, sent.GetProperty("app_key").GetString());
        await Bridge.UntilAsync(Connection, shown => (int?)shown["parkedAlerts"] == 0 && (string?)shown["lastSuccessAt"] is not null);
    }

    [Theory]
    [InlineData(401, 422, "api-key-rejected")]
    [InlineData(403, 422, "api-key-forbidden")]
    [InlineData(404, 422, "wrong-region")]
    [InlineData(302, 422, "not-bigpanda")]
    [InlineData(405, 422, "not-bigpanda")]
    [InlineData(410, 422, "not-bigpanda")]
    [InlineData(413, 422, "not-bigpanda")]
    [InlineData(415, 422, "not-bigpanda")]
    [InlineData(501, 422, "not-bigpanda")]
    [InlineData(429, 503, "bigpanda-unavailable")]
    [InlineData(500, 503, "bigpanda-unavailable")]
    public async Task A_token_that_BigPanda_does_not_accept_changes_nothing(int bigPanda, int status, string code)
    {
        Bridge.Simulator.Faults.Add(new Fault(FaultMatch.Alerts, Status: bigPanda));

        var (answered, problem) = await Bridge.PutAsync(Connection, new { orgToken = "a-token-of-another-account", alertsAppKey = AppKey });

        Assert.Equal((status, code), ((int)answered, (string?)problem["code"]));
        Assert.EndsWith("Nothing was changed.", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain("a-token-of-another-account", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(false, (bool?)(await Bridge.GetAsync(Connection)).Body["connected"]);
    }

    [Theory]
    [InlineData("""{}""", "orgToken")]
    [InlineData("""{"orgToken":"a b","alertsAppKey":"k"}""", "orgToken")]
    [InlineData("""{"orgToken":"t"}""", "alertsAppKey")]
    [InlineData("""{"orgToken":"t","alertsAppKey":"k\n\u0001"}""", "alertsAppKey")]
    [InlineData("""{"orgToken":"t","alertsAppKey":"key&more"}""", "alertsAppKey")]
    [InlineData("""{"orgToken":"t","alertsAppKey":"k","region":"mars"}""", "region")]
    [InlineData("""{"orgToken":"t","alertsAppKey":"k","region":"eu","apiBaseUrl":"https://api.example.com"}""", "apiBaseUrl")]
    [InlineData("""{"orgToken":"t","alertsAppKey":"k","apiBaseUrl":"http://api.example.com"}""", "apiBaseUrl")]
    [InlineData("""{"orgToken":"t","alertsAppKey":"k","apiBaseUrl":"https://169.254.169.254"}""", "apiBaseUrl")]
    public async Task An_invalid_member_is_named(string body, string field)
    {
        var (status, problem) = await Bridge.PutAsync(Connection, JsonNode.Parse(body));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, field), (status, (string?)problem["field"]));
    }

    [Fact]
    public async Task Deleted_keys_and_those_of_a_deleted_source_are_gone()
    {
        var store = Path.Combine(Bridge.Folder, "monitor-keys.json");
        foreach (var path in new[] { Connection, $"/sources/{_id}" })
        {
            Assert.Equal(HttpStatusCode.OK, (await Bridge.PutAsync(Connection, new { orgToken = OrgToken, alertsAppKey = AppKey })).Status);
            Assert.Contains(AppKey, await File.ReadAllTextAsync(store), StringComparison.Ordinal);

            Assert.Equal(HttpStatusCode.NoContent, (await Bridge.DeleteAsync(path)).Status);

            Assert.DoesNotContain(AppKey, await File.ReadAllTextAsync(store), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await Bridge.GetAsync(Connection)).Status);
    }

    [Fact]
    public async Task Only_a_monitor_has_this_connection()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await Bridge.GetAsync("/monitors/local/connection")).Status);
        Assert.Equal(
            HttpStatusCode.NotFound, (await Bridge.PutAsync("/monitors/unknown/connection", new { orgToken = OrgToken, alertsAppKey = AppKey })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Bridge.DeleteAsync("/monitors/local/connection")).Status);
    }

    private async Task DeliverAsync(string body)
    {
        using var answer = await RunningBridge.DeliverAsync(
            $"{Bridge.Host.BaseUrl}api/monitors/{_id}/alerts", "Authorization", $"Bearer {_token}", System.Text.Encoding.UTF8.GetBytes(body));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private async Task<JsonElement> WaitForAlertAsync(string host)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline, TimeProvider.System);
        var requests = await Bridge.Simulator.WaitForRequestsAsync(all => all.Any(IsAlert), deadline.Token);
        return JsonElement.Parse(requests.First(IsAlert).Body ?? "{}");

        bool IsAlert(RecordedRequest request) =>
            request.Path == "/data/v2/alerts" && request.Status == 201 && request.Body?.Contains($"\"{host}\"", StringComparison.Ordinal) == true;
    }
}
