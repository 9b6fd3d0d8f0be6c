using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;
using BigPanda.LocalHost.Simulator;

namespace BigPanda.Functions.Tests.Simulator.PagerDuty;

public sealed class PagerDutyWebhookTests
{
    [Fact]
    public async Task A_webhook_is_signed_and_has_the_documented_headers()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        await driver.TriggerAsync("a:1");

        var received = Assert.Single(await driver.WaitForAsync(1));
        Assert.Equal(SignatureResult.Valid, PagerDutySignature.Check(received.Body, received.Headers["X-PagerDuty-Signature"], [PagerDutyDriver.Secret]));
        Assert.Equal(("application/json", "application/json"), (received.Headers["Content-Type"], received.Headers["Accept"]));
        Assert.Equal("PagerDuty-Webhook/V3.0", received.Headers["User-Agent"]);
        Assert.Equal(driver.Subscription, received.Headers["X-Webhook-Subscription"]);
        Assert.True(Guid.TryParse(received.Headers["X-Webhook-Id"], out _));
    }

    [Fact]
    public async Task While_a_secret_is_replaced_a_webhook_has_several_signatures()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        Assert.Equal(204, (await driver.PutAsync("/_simulator/secrets", """["new-secret","webhook-secret"]""")).Status);
        await driver.TriggerAsync("a:1");

        var received = Assert.Single(await driver.WaitForAsync(1));
        var header = received.Headers["X-PagerDuty-Signature"];
        Assert.Equal(2, header.Split(',').Length);
        Assert.Equal(SignatureResult.Valid, PagerDutySignature.Check(received.Body, header, ["new-secret"]));
        Assert.Equal(SignatureResult.Valid, PagerDutySignature.Check(received.Body, header, ["webhook-secret"]));
    }

    /// <summary>Members that the captured webhooks have, the simulated ones have too, and none else.</summary>
    [Theory]
    [InlineData("incident.triggered.eventsapi", "incident.triggered")]
    [InlineData("incident.resolved.eventsapi-by-user", "incident.resolved")]
    [InlineData("incident.annotated", "incident.annotated")]
    public async Task A_webhook_has_the_shape_of_a_captured_one(string sample, string type)
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        var incident = await driver.TriggerAsync("a:1");
        await driver.ActAsync(incident, "resolve", """{"by":"Ada","note":"done"}""");

        var simulated = (await driver.WaitForAsync(3)).Single(one => one.Type == type).Event;
        var captured = JsonNode.Parse(Samples.PagerDuty(sample))?["event"];
        Assert.Equal(Names(captured), Names(simulated));
        Assert.Equal(Names(captured?["data"]), Names(simulated["data"]));
        Assert.Equal(Names(captured?["agent"]), Names(simulated["agent"]));
        Assert.Equal((string?)captured?["agent"]?["type"], (string?)simulated["agent"]?["type"]);
        Assert.Equal(Names(captured?["client"]), Names(simulated["client"]));

        static IEnumerable<string> Names(JsonNode? node) => node is JsonObject json ? json.Select(member => member.Key).Order(StringComparer.Ordinal) : [];
    }

    [Fact]
    public async Task What_automation_does_has_no_agent()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        var incident = await driver.TriggerAsync("a:1");
        await driver.ActAsync(incident, "resolve", """{"automatic":true}""");

        var resolved = (await driver.WaitForAsync(2)).Single(one => one.Type == "incident.resolved");
        Assert.Null(resolved.Event["agent"]);
    }

    [Theory]
    [InlineData(false, "incident.resolved", "incident.annotated")]
    [InlineData(true, "incident.annotated", "incident.resolved")]
    public async Task Resolving_with_a_note_sends_two_webhooks_in_either_order(bool noteFirst, string first, string second)
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        var incident = await driver.TriggerAsync("a:1");
        await driver.ActAsync(incident, "resolve", new JsonObject { ["note"] = "Rebooted.", ["noteFirst"] = noteFirst }.ToJsonString());

        var received = await driver.WaitForAsync(3);
        Assert.Equal(["incident.triggered", first, second], received.Select(one => one.Type));
        var note = received.Single(one => one.Type == "incident.annotated").Event["data"];
        Assert.Equal("Resolution Note: Rebooted.", (string?)note?["content"]);
        Assert.Equal(incident, (string?)note?["incident"]?["id"]);
    }

    [Fact]
    public async Task A_merge_resolves_the_source_with_its_reason_and_moves_its_alerts()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        var (source, target) = (await driver.TriggerAsync("a:1"), await driver.TriggerAsync("b:1"));
        await driver.ActAsync(source, "merge", new JsonObject { ["into"] = target, ["by"] = "Ada" }.ToJsonString());

        var merged = (await driver.WaitForAsync(3)).Single(one => one.Type == "incident.resolved").Event;
        Assert.Equal("merge_resolve_reason", (string?)merged["data"]?["resolve_reason"]?["type"]);
        Assert.Equal(target, (string?)merged["data"]?["resolve_reason"]?["incident"]?["id"]);
        Assert.Equal(["a:1", "b:1"], driver.Simulator.Account.AlertsOf(target).Select(alert => alert.Key));
        Assert.Empty(driver.Simulator.Account.AlertsOf(source));
    }

    [Fact]
    public async Task A_long_note_is_cut_and_says_so()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        await driver.PutAsync("/_simulator/settings", """{"trimNotesAt":4}""");
        var incident = await driver.TriggerAsync("a:1");
        await driver.ActAsync(incident, "annotate", """{"note":"A long note"}""");

        var note = (await driver.WaitForAsync(2))[1].Event["data"];
        Assert.Equal(("A lo", true), ((string?)note?["content"], (bool?)note?["trimmed"]));
        Assert.Contains("A long note", (await driver.GetAsync($"/incidents/{incident}/notes")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_webhook_that_fails_is_sent_again_with_the_same_id_and_the_next_of_its_incident_waits(int status)
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        driver.Answer = before => before < 2 ? status : 202;
        var incident = await driver.TriggerAsync("a:1");
        await driver.ActAsync(incident, "acknowledge");

        var received = await driver.WaitForAsync(4);
        Assert.Equal(["incident.triggered", "incident.triggered", "incident.triggered", "incident.acknowledged"], received.Select(one => one.Type));
        Assert.Single(received.Take(3).Select(one => one.Headers["X-Webhook-Id"]).Distinct());
        Assert.False(driver.Simulator.Subscriptions.All[0].IsDisabledAt(TimeProvider.System.GetUtcNow()));
    }

    [Fact]
    public async Task Three_refused_webhooks_in_a_row_disable_the_subscription_until_it_is_enabled()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        driver.Answer = before => before < 3 ? 401 : 202;
        for (var i = 0; i < 4; i++)
        {
            await driver.TriggerAsync($"a:{i}");
            await driver.SettleAsync();
        }

        var attempts = driver.Simulator.Webhooks;
        Assert.Equal(3, attempts.Count(attempt => attempt.Status == 401));
        var disabled = await driver.GetAsync($"/webhook_subscriptions/{driver.Subscription}");
        Assert.Contains("\"temporarily_disabled\":true", disabled.Body, StringComparison.Ordinal);

        Assert.Equal(200, (await driver.PostAsync($"/webhook_subscriptions/{driver.Subscription}/enable")).Status);
        await driver.TriggerAsync("a:5");
        Assert.Equal(4, (await driver.WaitForAsync(4)).Count);
        Assert.Contains("\"temporarily_disabled\":false", (await driver.GetAsync("/webhook_subscriptions")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_lose_repeat_and_reorder_webhooks()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        Assert.Equal(200, (await driver.PostAsync("/_simulator/faults", """[{"match":"webhook","reset":true},{"match":"webhook","duplicate":3}]""")).Status);
        await driver.TriggerAsync("lost:1");
        await driver.WaitForAttemptsAsync(all => all.Count >= 1);
        var incident = await driver.TriggerAsync("a:1");
        Assert.Equal(["incident.triggered", "incident.triggered", "incident.triggered"], (await driver.WaitForAsync(3)).Select(one => one.Type));

        driver.Simulator.Faults.Add(new Fault(Fault.Webhook, Reorder: true, Times: 2));
        await driver.ActAsync(incident, "acknowledge");
        await driver.ActAsync(incident, "resolve");

        Assert.Equal(["incident.resolved", "incident.acknowledged"], (await driver.WaitForAsync(5)).Skip(3).Select(one => one.Type));
    }

    [Fact]
    public async Task A_held_webhook_that_is_refused_when_it_is_released_is_sent_again()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        driver.Answer = before => before == 0 ? 503 : 202;
        driver.Simulator.Faults.Add(new Fault(Fault.Webhook, Reorder: true, Times: 2));
        await driver.TriggerAsync("a:1");
        await driver.SettleAsync();

        await driver.Simulator.ReleaseWebhooksAsync();

        Assert.Equal(["incident.triggered", "incident.triggered"], driver.Received.Select(one => one.Type));
    }

    [Fact]
    public async Task A_ping_has_the_documented_body()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        Assert.Equal(202, (await driver.PostAsync($"/webhook_subscriptions/{driver.Subscription}/ping")).Status);

        var ping = Assert.Single(await driver.WaitForAsync(1)).Event;
        Assert.Equal("pagey.ping", (string?)ping["event_type"]);
        Assert.Equal("""{"message":"Hello from your friend Pagey!","type":"ping"}""", ping["data"]?.ToJsonString());
    }
}
