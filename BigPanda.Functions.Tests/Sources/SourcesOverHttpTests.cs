using System.Net;
using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Sources;

public sealed class SourcesOverHttpTests(RunningBridgeFixture fixture) : IClassFixture<RunningBridgeFixture>
{
    private readonly RunningBridge _bridge = fixture.Bridge;

    [Fact]
    public async Task A_source_is_created_used_rotated_without_a_refused_webhook_and_deleted()
    {
        var (status, made) = await _bridge.PostAsync(
            "/sources", new { name = "Production", titleTemplate = "[{severity}] {primary}", appKey = "app-key-1234" });
        Assert.Equal(HttpStatusCode.Created, status);
        var (id, url, old) = ((string?)made["source"]?["id"] ?? "", (string?)made["source"]?["callbackUrl"] ?? "", (string?)made["bearerToken"] ?? "");
        Assert.Equal($"{_bridge.Host.BaseUrl.OriginalString}/api/webhooks/bigpanda/{id}", url);
        Assert.Equal(43, old.Length);
        Assert.Equal($"Bearer {old}", (string?)made["header"]?["value"]);
        Assert.Equal("bigpanda", (string?)made["source"]?["kind"]);
        await AcceptedAsync(url, old, "one");

        var (added, second) = await _bridge.PostAsync($"/sources/{id}/tokens");
        Assert.Equal(HttpStatusCode.Created, added);
        await AcceptedAsync(url, old, "two");
        await AcceptedAsync(url, (string?)second["bearerToken"] ?? "", "three");
        Assert.Equal(HttpStatusCode.Conflict, (await _bridge.PostAsync($"/sources/{id}/tokens")).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await _bridge.DeleteAsync($"/sources/{id}/tokens/{(string?)made["source"]?["tokens"]?[0]?["id"]}")).Status);
        using (var refused = await BridgeDeliverAsync(url, old, "four")) Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await _bridge.DeleteAsync($"/sources/{id}/tokens/{(string?)second["id"]}")).Status);

        // A read while the counts are saved lacks them.
        var seen = await _bridge.UntilAsync(
            $"/sources/{id}", source => ((int?)source["last24Hours"]?["deliveries"], (int?)source["last24Hours"]?["rejections"]) == (3, 1));
        Assert.NotNull((string?)seen["lastDeliveryAt"]);
        Assert.NotNull((string?)seen["tokens"]?[0]?["lastUsedAt"]);
        Assert.Equal(((string?)second["bearerToken"])?[..6], (string?)seen["tokens"]?[0]?["prefix"]);
        Assert.Equal("…1234", (string?)seen["appKey"]);
        Assert.Equal(24, (int?)seen["silentAfterHours"]);
        Assert.DoesNotContain(old, (await _bridge.GetAsync("/sources")).Body.ToJsonString(), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NoContent, (await _bridge.DeleteAsync($"/sources/{id}")).Status);
        using (var gone = await BridgeDeliverAsync(url, (string?)second["bearerToken"] ?? "", "five"))
            Assert.Equal(HttpStatusCode.Unauthorized, gone.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _bridge.DeleteAsync($"/sources/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _bridge.GetAsync($"/sources/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _bridge.PostAsync($"/sources/{id}/tokens")).Status);
    }

    [Fact]
    public async Task An_unknown_source_a_wrong_token_and_one_in_the_wrong_header_get_the_same_answer_to_the_byte()
    {
        using var unknown = await BridgeDeliverAsync($"{_bridge.Host.BaseUrl}api/webhooks/bigpanda/unknown", _bridge.Host.BearerToken, "x");
        using var wrong = await BridgeDeliverAsync(_bridge.Host.CallbackUrl.AbsoluteUri, "wrong", "x");
        var (_, made) = await _bridge.PostAsync("/sources", new { name = "Own header", authHeader = "X-Bridge-Token" });
        using var missing = await BridgeDeliverAsync((string?)made["source"]?["callbackUrl"] ?? "", (string?)made["bearerToken"] ?? "", "x");

        foreach (var refused in new[] { unknown, wrong, missing })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal(await unknown.Content.ReadAsByteArrayAsync(), await refused.Content.ReadAsByteArrayAsync());
            Assert.Equal(unknown.Headers.WwwAuthenticate, refused.Headers.WwwAuthenticate);
        }
    }

    [Fact]
    public async Task A_source_with_a_custom_header_and_title_is_served()
    {
        var (_, made) = await _bridge.PostAsync(
            "/sources",
            new { name = "Staging", authHeader = "X-Bridge-Token", silentAfterHours = 2, titleTemplate = "{environment}: {incidentId} {{{severity}}}" });
        Assert.Equal((string?)made["bearerToken"], (string?)made["header"]?["value"]);
        Assert.Equal(2, (int?)made["source"]?["silentAfterHours"]);

        using var answer = await RunningBridge.DeliverAsync(
            (string?)made["source"]?["callbackUrl"] ?? "", "X-Bridge-Token", (string?)made["bearerToken"] ?? "", Incident("own-title"));

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var alert = await _bridge.UntilAsync("/alerts/own-title", _ => true);
        Assert.Equal("All: own-title {critical}", (string?)alert["title"]);
    }

    [Fact]
    public async Task A_source_is_changed_and_its_next_webhook_is_served_by_it()
    {
        var (_, made) = await _bridge.PostAsync(
            "/sources", new { name = "Staging", appKey = "app-key-1234", authHeader = "X-Bridge-Token", silentAfterHours = 2 });
        var id = (string?)made["source"]?["id"];

        var (status, changed) = await _bridge.SendAsync(
            HttpMethod.Patch, $"/sources/{id}", new { titleTemplate = "{incidentId} changed", silentAfterHours = (int?)null });
        using var answer = await RunningBridge.DeliverAsync(
            (string?)made["source"]?["callbackUrl"] ?? "", "X-Bridge-Token", (string?)made["bearerToken"] ?? "", Incident("changed-title"));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            ("Staging", "…1234", "X-Bridge-Token", 24),
            ((string?)changed["name"], (string?)changed["appKey"], (string?)changed["authHeader"], (int?)changed["silentAfterHours"]));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("changed-title changed", (string?)(await _bridge.UntilAsync("/alerts/changed-title", _ => true))["title"]);
    }

    [Fact]
    public async Task A_source_that_cannot_be_is_refused_with_the_field_and_its_place()
    {
        var (status, problem) = await _bridge.PostAsync("/sources", new { name = "a", titleTemplate = "{primary} {host}" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(("titleTemplate", 11), ((string?)problem["field"], (int?)problem["position"]));
        Assert.Equal(HttpStatusCode.BadRequest, (await _bridge.PostAsync("/sources", new { name = 1 })).Status);
    }

    [Theory]
    [InlineData("bigpanda", HttpStatusCode.Created)]
    [InlineData(" ", HttpStatusCode.Created)]
    [InlineData(null, HttpStatusCode.Created)]
    [InlineData("BigPanda", HttpStatusCode.BadRequest)]
    [InlineData("Monitor", HttpStatusCode.BadRequest)]
    [InlineData("0", HttpStatusCode.BadRequest)]
    public async Task A_source_has_a_kind_that_exists(string? kind, HttpStatusCode expected)
    {
        var (status, body) = await _bridge.PostAsync("/sources", new { name = "One", kind });

        Assert.Equal(expected, status);
        if (status == HttpStatusCode.Created)
            Assert.Equal("bigpanda", (string?)(await _bridge.GetAsync($"/sources/{(string?)body["source"]?["id"]}")).Body["kind"]);
        else Assert.Equal(("kind must be bigpanda or monitor.", "kind"), ((string?)body["detail"], (string?)body["field"]));
    }

    [Fact]
    public async Task A_monitor_has_a_format_and_its_own_route()
    {
        var (status, made) = await _bridge.PostAsync("/sources", new { name = "Azure", kind = "monitor", format = "AzureMonitor", okAfterHours = 12 });
        var source = made["source"];
        var (id, url) = ((string?)source?["id"], (string?)source?["callbackUrl"]);
        var (_, changed) = await _bridge.SendAsync(HttpMethod.Patch, $"/sources/{id}", new { name = "Monitor", flatten = true, okAfterHours = (int?)null });

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal($"{_bridge.Host.BaseUrl.OriginalString}/api/monitors/{id}/alerts", url);
        Assert.Equal($"{url}?access_token={(string?)made["bearerToken"]}", (string?)made["tokenUrl"]);
        Assert.Equal(("monitor", "azureMonitor", false, 12), Shown(source));
        Assert.Equal(("monitor", "azureMonitor", true, 24), Shown(changed));
        Assert.Equal(("bigpanda", null, null, null), Shown((await _bridge.GetAsync("/sources/local")).Body));

        static (string?, string?, bool?, int?) Shown(JsonNode? source) =>
            ((string?)source?["kind"], (string?)source?["format"], (bool?)source?["flatten"], (int?)source?["okAfterHours"]);
    }

    [Theory]
    [InlineData("HTTP/1.0", "")]
    [InlineData("HTTP/1.0", "Host: foo:99999\r\n")]
    [InlineData("HTTP/1.1", "Host: foo:99999\r\n")]
    [InlineData("HTTP/1.1", "Host:\r\n")]
    public async Task Without_a_usable_host_no_source_is_made_and_no_answer_is_500(string version, string host)
    {
        var before = await CountAsync();

        Assert.Matches("^HTTP/1.1 400 ", await _bridge.SendRawAsync($"POST /api/sources {version}\r\n{host}", """{"name":"A"}"""));
        Assert.Matches("^HTTP/1.1 400 ", await _bridge.SendRawAsync($"GET /api/sources {version}\r\n{host}"));
        Assert.Equal(before, await CountAsync());
    }

    private async Task<int> CountAsync() => (await _bridge.GetAsync("/sources")).Body["items"]?.AsArray().Count ?? 0;

    private static async Task AcceptedAsync(string url, string token, string incident)
    {
        using var answer = await BridgeDeliverAsync(url, token, incident);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private static Task<HttpResponseMessage> BridgeDeliverAsync(string url, string token, string incident) =>
        RunningBridge.DeliverAsync(url, "Authorization", $"Bearer {token}", Incident(incident));

    private static byte[] Incident(string id) => System.Text.Encoding.UTF8.GetBytes($$"""
        {"incident":{"id":"{{id}}","active":true,"severity":"Critical","changedOn":1793527200,"alerts":[]},
         "metadata":{"environment":"All","environment_id":"55550bc8c481fd1100abc398"},"event_types":[{"event":"incident#new","time":1793527200}]}
        """);
}
