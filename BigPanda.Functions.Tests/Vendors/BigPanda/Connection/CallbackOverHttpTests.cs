using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Connection;

public sealed class CallbackOverHttpTests
{
    private const string CallbackPath = "/resources/v2.1/outbound/callback";

    [Fact]
    public async Task BigPanda_is_called_back_once_the_alert_is_stored_again_after_a_failure_and_only_for_the_first_delivery()
    {
        await using var bridge = await RunningBridge.StartAsync();
        bridge.Simulator.Faults.Add(new Fault(FaultMatch.Callback, Status: 500));
        var (_, made) = await bridge.PostAsync("/sources", new { name = "With callbacks", appKey = "the-app-key" });
        var (url, header) = ((string?)made["source"]?["callbackUrl"] ?? "", (string?)made["header"]?["value"] ?? "");

        foreach (var body in new[] { Samples.Published, Samples.Published, Changed })
        {
            using var accepted = await RunningBridge.DeliverAsync(url, "Authorization", header, body);
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        }

        var alert = await bridge.UntilAsync($"/alerts/{Deliveries.IncidentId}", seen => Callbacks(seen).Length == 2);
        Assert.Contains("attempt 1 failed and will be retried", Callbacks(alert)[0], StringComparison.Ordinal);
        Assert.Matches(@"BigPanda accepted the callback; the incident was locked for (?:[2-9]|\d\d+)\.\d seconds", Callbacks(alert)[1]);
        var calls = bridge.Simulator.Requests.Where(request => request.Path == CallbackPath).ToList();
        Assert.Equal([500, 200], calls.Select(call => call.Status));
        Assert.True(JsonNode.DeepEquals(
            new JsonObject { ["event_type"] = "incident#new", ["incident_id"] = Deliveries.IncidentId, ["app_key"] = "the-app-key" },
            JsonNode.Parse(calls[1].Body ?? "")));
    }

    /// <summary>Another delivery of the same incident.</summary>
    private static byte[] Changed =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Samples.Published).Replace("Critical", "Warning", StringComparison.Ordinal));

    private static string[] Callbacks(JsonNode alert) =>
        [.. alert["timeline"]?.AsArray().Where(entry => (string?)entry?["kind"] == "callback").Select(entry => (string?)entry?["reason"] ?? "") ?? []];
}
