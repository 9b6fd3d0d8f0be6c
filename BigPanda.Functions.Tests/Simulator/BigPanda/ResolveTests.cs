using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Simulator.BigPanda;

public sealed class ResolveTests
{
    [Fact]
    public async Task A_resolve_is_accepted_and_the_closing_webhook_follows()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.PlayAsync("""{"id":"incident-1","wait":true}""");

        var answer = await driver.ResolveAsync("incident-1", "Resolved by Ann: disk replaced");
        var webhook = await driver.Receiver.FirstAsync("incident#closed");

        Assert.Equal((202, """{"status":202,"data":{}}"""), (answer.Status, answer.Body));
        var incident = webhook.Json["incident"];
        Assert.Equal("incident-1", (string?)incident?["id"]);
        Assert.False((bool?)incident?["active"]);
        Assert.Equal("Ok", (string?)incident?["status"]);
        Assert.Equal("Critical", (string?)incident?["severity"]);
        Assert.NotNull((long?)incident?["endedOn"]);
        Assert.Equal("Resolved by Ann: disk replaced", (string?)webhook.Json["metadata"]?["comment"]?["comment"]);
        Assert.Equal(("Bearer webhook-token", "application/json"), (webhook.Authorization, webhook.ContentType));
    }

    [Fact]
    public async Task The_incident_stays_active_until_the_close_takes_effect()
    {
        var time = new ManualTimeProvider();
        await using var driver = await SimulatorDriver.StartAsync(o => o with { CloseDelay = TimeSpan.FromMilliseconds(500) }, time);

        await driver.ResolveAsync("incident-1");
        var again = await driver.ResolveAsync("incident-1");
        Assert.True((bool?)(await driver.GetAsync($"{SimulatorDriver.Environment}/incidents/incident-1")).Node["active"]);
        Assert.Empty(driver.Receiver.Webhooks);
        await time.WhenTimerIsSetAsync(TimeSpan.FromMilliseconds(500));
        time.Advance(TimeSpan.FromMilliseconds(500));
        await driver.Receiver.FirstAsync("incident#closed");

        Assert.Equal(202, again.Status);
        Assert.Single(driver.Receiver.Webhooks);
    }

    [Fact]
    public async Task Two_resolves_close_once()
    {
        await using var driver = await SimulatorDriver.StartAsync();

        await driver.ResolveAsync("incident-1");
        await driver.Receiver.FirstAsync("incident#closed");
        var again = await driver.ResolveAsync("incident-1");

        Assert.Equal(409, again.Status);
        Assert.Equal(409, (int?)again.Node["status"]);
        Assert.NotEmpty((string?)again.Node["errors"]?[0] ?? "");
        Assert.Single(driver.Receiver.Webhooks);
    }

    [Fact]
    public async Task An_incident_never_seen_is_adopted_and_closed()
    {
        await using var driver = await SimulatorDriver.StartAsync();

        var answer = await driver.ResolveAsync("5555370aabc20a001145d6g9");
        var webhook = await driver.Receiver.FirstAsync("incident#closed");

        Assert.Equal(202, answer.Status);
        Assert.Equal("5555370aabc20a001145d6g9", (string?)webhook.Json["incident"]?["id"]);
        Assert.Equal("env-1", (string?)webhook.Json["metadata"]?["environment_id"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"comment":"singular"}""")]
    [InlineData("""{"comments":7}""")]
    [InlineData("""{"comments":"\ud800"}""")]
    [InlineData("""{"comments":"a","comments":"b"}""")]
    public async Task A_resolve_without_comments_is_malformed(string body)
    {
        await using var driver = await SimulatorDriver.StartAsync();

        var answer = await driver.PostAsync($"{SimulatorDriver.Environment}/incidents/incident-1/resolve", body);

        Assert.Equal((400, 400), (answer.Status, (int?)answer.Node["status"]));
        Assert.Empty(driver.Simulator.Incidents.All);
    }

    [Fact]
    public async Task An_id_with_escaped_characters_is_one_id()
    {
        await using var driver = await SimulatorDriver.StartAsync();

        await driver.ResolveAsync(Uri.EscapeDataString("a/b c#d%é"));
        var webhook = await driver.Receiver.FirstAsync("incident#closed");

        Assert.Equal("a/b c#d%é", (string?)webhook.Json["incident"]?["id"]);
    }

    [Fact]
    public async Task A_resolve_without_a_connected_webhook_still_closes()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        driver.Simulator.ConnectWebhook(new Uri("http://127.0.0.1:1/"), "Authorization", "Bearer unknown");

        await driver.ResolveAsync("incident-1");
        using var patience = new CancellationTokenSource(Eventually.Deadline, TimeProvider.System);
        var delivery = Assert.Single(await driver.Simulator.WaitForWebhooksAsync(all => all.Count > 0, patience.Token));

        Assert.Null(delivery.Status);
        Assert.NotNull(delivery.Error);
        Assert.Equal(409, (await driver.ResolveAsync("incident-1")).Status);
    }
}
