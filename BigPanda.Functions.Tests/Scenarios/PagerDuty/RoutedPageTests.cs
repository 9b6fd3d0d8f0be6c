using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator.PagerDuty.Account;

namespace BigPanda.Functions.Tests.Scenarios.PagerDuty;

/// <summary>The headers of BigPanda's webhook say through which key an incident is paged, and which tags fill the page's fields.</summary>
public sealed class RoutedPageTests(PagerDutyFixture app) : IClassFixture<PagerDutyFixture>
{
    private const string TeamKey = "R0UTINGKEY00000000000000000TEAM0";
    private const string StoredKey = "R0UTINGKEY0000000000000000STORED";
    private const string LaterKey = "R0UTINGKEY000000000000000000LATE";

    private readonly BridgeClient _bridge = app.Bridge;

    [Theory]
    [InlineData(TeamKey, TeamKey)]
    [InlineData("Database", StoredKey)]
    public async Task Key_and_fields_are_as_the_headers_say_and_the_key_that_opened_a_page_resolves_it(string tag, string key)
    {
        (await _bridge.PutAsync("/api/pagerduty", $$"""{"routingKeys":{"database":"{{StoredKey}}"} }""")).Expect(200);
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(With(IncidentWebhook.New(id), tag));
        await app.PagerDuty.WaitForPageAsync(id);

        await _bridge.PostWebhooksAsync(With(IncidentWebhook.Updated(id, 60), LaterKey), With(IncidentWebhook.Closed(id, 120), LaterKey));
        await app.PagerDuty.WaitForPageAsync(id, status: IncidentStatus.Resolved);
        await _bridge.PostWebhooksAsync(With(IncidentWebhook.Reopened(id, 180), LaterKey));
        await app.PagerDuty.WaitForPageAsync(id, count: 2);

        // The page is there before the event is recorded.
        var recorded = await Eventually.Async(() => Task.FromResult(app.PagerDuty.Events(id)), events => events.Count >= 3, "the events are recorded");
        var events = recorded.Select(request => JsonNode.Parse(request.Body ?? "")).ToList();
        Assert.Equal(
            [("trigger", key), ("resolve", key), ("trigger", LaterKey)],
            events.Select(sent => ((string?)sent?["event_action"], (string?)sent?["routing_key"])));
        var payload = events[0]?["payload"];
        Assert.Equal(
            ("CPU", "modiin-prod", "modiin-prod"),
            ((string?)payload?["component"], (string?)payload?["group"], (string?)payload?["custom_details"]?["Cluster"]));
        Assert.DoesNotContain(key, payload?.ToJsonString(), StringComparison.Ordinal);
    }

    private static IncidentWebhook With(IncidentWebhook webhook, string key) => webhook with
    {
        Tags = new Dictionary<string, string> { ["team_key"] = key },
        Headers = new Dictionary<string, string>
        {
            ["x-bp-config-pdfield"] = "Team_Key",
            ["x-bp-mapping-fields"] = "_cluster=group, _cluster=custom_details.Cluster",
            ["x-bp-field-component"] = "check",
        },
    };
}
