using System.Text.Json.Nodes;

namespace BigPanda.Functions.Tests.Simulator.BigPanda;

/// <summary>The Alerts API's alerts become incidents, whose webhooks come back.</summary>
public sealed class AlertCorrelationTests
{
    [Fact]
    public async Task An_alert_opens_an_incident_that_changes_closes_and_reopens_with_it()
    {
        await using var driver = await SimulatorDriver.StartAsync();

        foreach (var (second, status) in new[] { "warning", "critical", "critical", "ok", "ok", "warning" }.Index())
            Assert.Equal(201, (await SendAsync(driver, "main", "disk", status, second)).Status);

        var webhooks = await driver.Simulator.WaitForWebhooksAsync(sent => sent.Count >= 4, CancellationToken.None);
        Assert.Equal(
            ["incident#closed", "incident#new", "incident#reopen", "incident#updated"], webhooks.Select(sent => sent.Events[0]).Order(StringComparer.Ordinal));
        var incident = Assert.Single(driver.Simulator.Incidents.All);
        Assert.Equal(("disk is full", "warning", "critical", true), (incident.Title, incident.Status, incident.Severity, incident.Active));
    }

    [Fact]
    public async Task Another_app_key_or_identifier_is_another_incident_and_an_ok_alone_is_none()
    {
        await using var driver = await SimulatorDriver.StartAsync();

        await SendAsync(driver, "main", "disk", "critical", 0);
        await SendAsync(driver, "main", "memory", "critical", 0);
        await SendAsync(driver, "other", "disk", "critical", 0);
        await SendAsync(driver, "other", "memory", "ok", 0);

        Assert.Equal(3, driver.Simulator.Incidents.All.Count);
        Assert.All(driver.Simulator.Incidents.All, incident => Assert.True(incident.Active));
    }

    [Fact]
    public async Task Without_an_identifier_the_primary_and_secondary_property_identify_an_alert()
    {
        await using var driver = await SimulatorDriver.StartAsync();

        await driver.PostAsync("/data/v2/alerts", """{"app_key":"main","status":"critical","host":"web1","check":"cpu","timestamp":1}""");
        await driver.PostAsync("/data/v2/alerts", """{"app_key":"main","status":"ok","host":"web1","check":"cpu","timestamp":2}""");
        await driver.PostAsync("/data/v2/alerts", """{"app_key":"main","status":"critical","host":"web1","check":"disk","timestamp":3}""");

        Assert.Equal([false, true], driver.Simulator.Incidents.All.Select(incident => incident.Active));
    }

    [Fact]
    public async Task A_batch_and_a_duplicate_are_taken_as_BigPanda_takes_them()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        const string Batch = """
            {"app_key":"main","alerts":[{"status":"critical","host":"web1","timestamp":1},{"status":"ok","host":"web1","timestamp":2}]}
            """;

        Assert.Equal(201, (await driver.PostAsync("/data/v2/alerts", Batch)).Status);
        Assert.Equal(204, (await driver.PostAsync("/data/v2/alerts", Batch)).Status);
        Assert.Equal(400, (await driver.PostAsync("/data/v2/alerts", """{"app_key":"main","alerts":[]}""")).Status);
        Assert.False(Assert.Single(driver.Simulator.Incidents.All).Active);
    }

    [Fact]
    public async Task Alerts_are_limited_by_the_minute_and_the_limit_can_be_changed()
    {
        await using var driver = await SimulatorDriver.StartAsync(options => options with { AlertsPerMinute = 2 });

        int[] statuses =
        [
            (await SendAsync(driver, "main", "a", "critical", 0)).Status, (await SendAsync(driver, "main", "b", "critical", 0)).Status,
            (await SendAsync(driver, "main", "c", "critical", 0)).Status,
        ];
        var changed = await driver.PutAsync("/_simulator/settings", """{"alertsPerMinute":0}""");

        Assert.Equal([201, 201, 429], statuses);
        Assert.Equal((200, 0), (changed.Status, (int?)changed.Node["alertsPerMinute"]));
        Assert.Equal(201, (await SendAsync(driver, "main", "c", "critical", 0)).Status);
    }

    private static Task<Support.TextResponse> SendAsync(SimulatorDriver driver, string appKey, string identifier, string status, int second) =>
        driver.PostAsync(
            "/data/v2/alerts",
            new JsonObject
            {
                ["app_key"] = appKey,
                ["status"] = status,
                ["host"] = "web1",
                ["description"] = $"{identifier} is full",
                ["incident_identifier"] = identifier,
                ["timestamp"] = 1767603600 + second,
            }.ToJsonString());
}
