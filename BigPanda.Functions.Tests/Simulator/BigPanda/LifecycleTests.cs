using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Simulator.BigPanda;

public sealed class LifecycleTests
{
    [Fact]
    public async Task A_lifecycle_is_sent_step_by_step_in_increasing_seconds_that_end_now()
    {
        var time = new ManualTimeProvider();
        await using var driver = await SimulatorDriver.StartAsync(time: time);

        var played = await driver.PlayAsync(
            """{"id":"i","steps":["new","update","tag","comment","snooze","close","reopen"],"wait":true}""");

        Assert.Equal(200, played.Status);
        Assert.Equal(Enumerable.Repeat<int?>(202, 7), played.Node["webhooks"]?.AsArray().Select(w => (int?)w?["status"]));
        Assert.Equal(
            ["incident#new", "incident#updated", "incident-tag#upserted", "incident#commented", "incident#snoozed", "incident#closed", "incident#reopen"],
            driver.Receiver.Webhooks.Select(w => w.Events[0]));
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(Enumerable.Range(0, 7).Select(i => now - 6 + i), driver.Receiver.Webhooks.Select(w => w.Time));
        Assert.All(driver.Receiver.Webhooks, w => Assert.Equal(w.Time, (long?)w.Json["incident"]?["updatedOn"]));
    }

    [Fact]
    public async Task Sharing_by_hand_is_sent_without_an_event()
    {
        await using var driver = await SimulatorDriver.StartAsync();

        await driver.PlayAsync("""{"id":"i","steps":["share","close"],"wait":true}""");

        Assert.Equal([0, 1], driver.Receiver.Webhooks.Select(w => w.Json["event_types"]?.AsArray().Count));
        Assert.Equal("Simulator", (string?)driver.Receiver.Webhooks[0].Json["metadata"]?["sender"]?["name"]);
    }

    [Fact]
    public async Task A_lifecycle_can_happen_in_one_second()
    {
        await using var driver = await SimulatorDriver.StartAsync();

        await driver.PlayAsync("""{"steps":["new","close","reopen"],"sameSecond":true,"wait":true}""");

        Assert.Single(driver.Receiver.Webhooks.Select(w => w.Time).Distinct());
        Assert.Equal([true, false, true], driver.Receiver.Webhooks.Select(w => (bool?)w.Json["incident"]?["active"] ?? false));
    }

    [Fact]
    public async Task Without_wait_the_answer_is_the_id_and_the_webhooks_follow()
    {
        await using var driver = await SimulatorDriver.StartAsync();

        var answer = await driver.PlayAsync("""{"title":"Disk full","severity":"warning","alerts":300}""");
        var webhook = await driver.Receiver.FirstAsync("incident#new");

        Assert.Equal(202, answer.Status);
        Assert.Equal((string?)answer.Node["id"], (string?)webhook.Json["incident"]?["id"]);
        Assert.Matches("^[0-9a-f]{24}$", (string?)answer.Node["id"]);
        Assert.Equal("Warning", (string?)webhook.Json["incident"]?["status"]);
        Assert.Equal("Disk full", (string?)webhook.Json["incident"]?["alerts"]?[0]?["description"]);
        Assert.Equal(300, webhook.Json["incident"]?["alerts"]?.AsArray().Count);
    }

    [Fact]
    public async Task An_incident_can_be_played_on_later()
    {
        await using var driver = await SimulatorDriver.StartAsync(time: new ManualTimeProvider());
        await driver.PlayAsync("""{"id":"i","steps":["new","close"],"wait":true}""");

        await driver.PlayAsync("""{"id":"i","steps":["reopen"],"wait":true}""");

        var times = driver.Receiver.Webhooks.Select(w => w.Time).ToList();
        Assert.Equal(times.Order().Distinct(), times);
        Assert.True((bool?)(await driver.GetAsync("/_simulator/incidents/i")).Node["active"]);
    }

    [Fact]
    public async Task A_resolved_incident_can_be_reopened_and_resolved_again()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.PlayAsync("""{"id":"i","wait":true}""");
        await driver.ResolveAsync("i");
        await driver.Receiver.FirstAsync("incident#closed");

        await driver.PlayAsync("""{"id":"i","steps":["reopen"],"wait":true}""");

        Assert.Equal(202, (await driver.ResolveAsync("i")).Status);
    }

    [Fact]
    public async Task The_state_can_be_read()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.PlayAsync("""{"id":"i","steps":["new","snooze"],"wait":true}""");

        var all = (await driver.GetAsync("/_simulator/incidents")).Node.AsArray();

        Assert.True((bool?)Assert.Single(all)?["snoozed"]);
        Assert.Equal(404, (await driver.GetAsync("/_simulator/incidents/other")).Status);
    }

    [Fact]
    public async Task The_receivers_responses_are_recorded()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.PlayAsync("""{"id":"i","wait":true}""");

        var delivery = Assert.Single((await driver.GetAsync("/_simulator/webhooks")).Node.AsArray());

        Assert.Equal(["at", "incidentId", "events", "status", "error"], delivery?.AsObject().Select(p => p.Key));
        Assert.Equal("i", (string?)delivery?["incidentId"]);
        Assert.Equal("incident#new", (string?)delivery?["events"]?[0]);
        Assert.Equal(202, (int?)delivery?["status"]);
        Assert.Null(delivery?["error"]);
    }

    [Fact]
    public async Task Any_body_can_be_posted_to_the_receiver()
    {
        await using var driver = await SimulatorDriver.StartAsync();

        var answer = await driver.PostAsync("/_simulator/webhooks", "{not even JSON");

        Assert.Equal((200, 202), (answer.Status, (int?)answer.Node["status"]));
        Assert.Equal("m", (string?)answer.Node["body"]?["messageId"]);
        Assert.Equal("{not even JSON", Assert.Single(driver.Receiver.Webhooks).Body);
    }

    [Theory]
    [InlineData("", "The body is invalid")]
    [InlineData("""{"step":["new"]}""", "step")]
    [InlineData("""{"steps":["start"]}""", "'start' is unknown")]
    [InlineData("""{"steps":["5"]}""", "'5' is unknown")]
    [InlineData("""{"steps":[]}""", "steps")]
    [InlineData("""{"steps":["update","new"]}""", "first")]
    [InlineData("""{"steps":["new","close","close"]}""", "active")]
    [InlineData("""{"steps":["new","reopen"]}""", "closed")]
    [InlineData("""{"id":"known"}""", "already exists")]
    [InlineData("""{"id":""}""", "id")]
    [InlineData("""{"severity":"high"}""", "severity 'high'")]
    [InlineData("""{"alerts":301}""", "alerts")]
    [InlineData("""{"alerts":0}""", "alerts")]
    [InlineData("""{"intervalMs":-1}""", "intervalMs")]
    public async Task An_invalid_lifecycle_is_refused_with_the_reason(string lifecycle, string why)
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.PlayAsync("""{"id":"known","wait":true}""");

        var answer = await driver.PlayAsync(lifecycle);

        Assert.Equal(400, answer.Status);
        Assert.Contains(why, (string?)answer.Node["error"], StringComparison.Ordinal);
        Assert.Single(driver.Simulator.Incidents.All);
    }
}
