using System.Text.Json.Nodes;

namespace BigPanda.Functions.Tests.Simulator.BigPanda;

public sealed class IncidentReadTests
{
    private const string Incidents = $"{SimulatorDriver.Environment}/incidents";

    [Fact]
    public async Task One_incident_has_the_API_names_not_the_webhooks()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.PlayAsync("""{"id":"incident-1","environment":"env-1","alerts":3,"steps":["new","close"],"wait":true}""");

        var incident = (await driver.GetAsync($"{Incidents}/incident-1?expand=alerts")).Node;

        Assert.False((bool?)incident["active"]);
        Assert.Equal("Ok", (string?)incident["status"]);
        Assert.True((long?)incident["end"] > (long?)incident["start"]);
        Assert.Contains("resolved", Assert.IsType<JsonArray>(incident["folders"]).Select(f => (string?)f));
        Assert.Equal(3, incident["alerts"]?.AsArray().Count);
        Assert.Equal("ok", (string?)incident["alerts"]?[0]?["status"]);
    }

    [Fact]
    public async Task Without_expand_an_alert_is_its_id()
    {
        await using var driver = await SimulatorDriver.StartAsync();

        var incident = (await driver.GetAsync($"{Incidents}/never-seen")).Node;

        Assert.True((bool?)incident["active"]);
        Assert.Equal(["alert_id"], incident["alerts"]?[0]?.AsObject().Select(p => p.Key));
    }

    [Fact]
    public async Task A_search_goes_page_by_page()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        for (var i = 1; i <= 5; i++)
            await driver.PlayAsync($$"""{"id":"incident-{{i}}","environment":"env-1","wait":true}""");
        await driver.PlayAsync("""{"id":"elsewhere","environment":"env-2","wait":true}""");

        var pages = new List<string?>();
        for (var page = 1; page <= 3; page++)
        {
            var found = (await driver.GetAsync($"{Incidents}?page={page}&page_size=2")).Node;
            Assert.Equal(5, (int?)found["total"]);
            pages.AddRange(found["items"]?.AsArray().Select(i => (string?)i?["id"]) ?? []);
        }

        Assert.Equal(["incident-1", "incident-2", "incident-3", "incident-4", "incident-5"], pages.Order());
    }

    [Fact]
    public async Task A_search_can_ask_for_the_active_ones()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.PlayAsync("""{"id":"open","environment":"env-1","wait":true}""");
        await driver.PlayAsync("""{"id":"shut","environment":"env-1","steps":["new","close"],"wait":true}""");

        var found = (await driver.GetAsync($"{Incidents}?folder=active")).Node;

        Assert.Equal("open", (string?)Assert.Single(Assert.IsType<JsonArray>(found["items"]))?["id"]);
    }

    [Theory]
    [InlineData("page_size=11&expand=alerts")]
    [InlineData("page_size=101")]
    [InlineData("page_size=0")]
    [InlineData("page=x")]
    public async Task A_search_beyond_the_limits_is_malformed(string query)
    {
        await using var driver = await SimulatorDriver.StartAsync();

        Assert.Equal(400, (await driver.GetAsync($"{Incidents}?{query}")).Status);
    }

    [Fact]
    public async Task Activities_come_newest_first_with_their_API_names()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.PlayAsync("""{"id":"incident-1","steps":["new","tag","comment","snooze","close","reopen"],"wait":true}""");

        var all = (await driver.GetAsync("/resources/v2.0/incidents/incident-1/activities")).Node.AsArray();
        var second = (await driver.GetAsync("/resources/v2.0/incidents/incident-1/activities?page=2&per_page=1")).Node.AsArray();

        Assert.Equal(
            [
                "incident_reopen", "incident_resolved_api", "incident_snoozed", "incident_commented", "incident_tag_updated", "incident_shared",
                "incident_created",
            ],
            all.Select(a => (string?)a?["type"]));
        Assert.Equal("incident_resolved_api", (string?)Assert.Single(second)?["type"]);
    }
}
