using System.Text.Json;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Monitors;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>From a monitoring system to BigPanda, and from the incident that BigPanda makes of it back to an alert.</summary>
public sealed class MonitorTests(AppFixture app) : IClassFixture<AppFixture>, IDisposable
{
    private const string Disk = """{"status":"STATUS","host":"HOST","check":"disk","timestamp":TIME}""";

    public void Dispose() => app.BigPanda.Recover();

    [Fact]
    public async Task An_alert_becomes_an_incident_whose_alert_fires_here_and_its_ok_resolves_it()
    {
        var monitor = await MonitorClient.CreateAsync(app, "bigpanda");

        (await monitor.PostAsync(Alert("critical", "db-1", 100))).Expect(202);
        var fired = await WaitForAlertAsync("disk db-1", alert => alert.Fires);
        (await monitor.PostAsync(Alert("ok", "db-1", 160))).Expect(202);

        await app.Bridge.WaitForAlertAsync(fired, alert => !alert.Fires);
        Assert.Equal(["critical", "ok"], (await monitor.WaitForAlertsAsync(2)).Select(StatusOf));
    }

    [Theory]
    [InlineData("azureMonitor", "metric-static-fired", "metric-static-resolved")]
    [InlineData("azureMonitor", "log-v2-fired", "log-v2-resolved")]
    [InlineData("alertmanager", "firing", "resolved")]
    [InlineData("grafana", "firing", "resolved")]
    public async Task What_a_monitor_fires_and_resolves_is_one_alert_in_BigPanda(string format, string fired, string resolved)
    {
        var monitor = await MonitorClient.CreateAsync(app, format);

        (await monitor.PostWithUrlAsync(MonitorSamples.Bytes(format, fired))).Expect(202);
        (await monitor.PostWithUrlAsync(MonitorSamples.Bytes(format, resolved))).Expect(202);

        var count = MonitorSamples.Accepted(format, fired).Count + MonitorSamples.Accepted(format, resolved).Count;
        var alerts = await monitor.WaitForAlertsAsync(count);
        Assert.All(
            alerts.GroupBy(alert => alert.GetProperty("incident_identifier").GetString()),
            one => Assert.Equal("ok", StatusOf(one.Last())));
        Assert.All(alerts, alert => Assert.Equal(monitor.AppKey, alert.GetProperty("app_key").GetString()));
    }

    /// <summary>The Python wrapper makes text of every extra, and sends its own app key or null.</summary>
    [Theory]
    [InlineData("""{"host":"py-1","primary_property":"host","status":"critical","timestamp":TIME,"tags":"['a', 'b']","app_key":null}""")]
    [InlineData("""{"alerts":[{"host":"py-2","primary_property":"host","status":"ok","timestamp":TIME,"build":"17"}],"app_key":"other"}""")]
    [InlineData(
        """
        {
          "app_key": "other",
          "status": "warning",
          "host": "bash-1",
          "primary_property": "host",
          "check": "ping",
          "secondary_property": "check",
          "description": "Ping failed",
          "timestamp": TIME
        }
        """)]
    public async Task BigPandas_wrappers_are_served_by_their_base_address(string body)
    {
        var monitor = await MonitorClient.CreateAsync(app, "bigpanda");

        (await monitor.PostAsync(AtTime(body, 100), "data/v2/alerts")).Expect(202);

        var alert = Assert.Single(await monitor.WaitForAlertsAsync(1));
        Assert.Equal((monitor.AppKey, "host"), (alert.GetProperty("app_key").GetString(), alert.GetProperty("primary_property").GetString()));
    }

    [Fact]
    public async Task Alerts_of_one_identity_arrive_in_their_order_and_a_repeat_once()
    {
        var monitor = await MonitorClient.CreateAsync(app, "bigpanda");
        string[] statuses = ["critical", "warning", "critical", "acknowledged", "ok", "critical", "ok"];
        var batch = $$"""{"alerts":[{{string.Join(',', statuses.Select((status, i) => Alert(status, "ordered", 100 + i)))}}]}""";

        for (var i = 0; i < 2; i++) (await monitor.PostAsync(batch)).Expect(202);
        await monitor.WaitForAlertsAsync(statuses.Length);
        await app.Queues.WaitUntilIdleAsync();

        Assert.Equal(statuses, (await monitor.WaitForAlertsAsync(0)).Select(StatusOf));
    }

    [Fact]
    public async Task An_alert_that_BigPanda_refuses_is_a_dead_letter_and_holds_up_no_other()
    {
        var monitor = await MonitorClient.CreateAsync(app, "bigpanda");
        app.BigPanda.Fail(new Fault(FaultMatch.Alerts, Status: 400, Body: """{"errors":["The app key is unknown."]}"""));

        (await monitor.PostAsync(Alert("critical", "refused", 100))).Expect(202);
        await Eventually.Async(
            () => app.Queues.PeekDeadLettersAsync(Queues.BigPandaAlerts, "refused|disk"), letters => letters.Count == 1, "the alert is a dead letter");
        (await monitor.PostAsync(Alert("critical", "accepted", 101))).Expect(202);

        Assert.Equal("accepted", Assert.Single(await monitor.WaitForAlertsAsync(1)).GetProperty("host").GetString());
        var letter = Assert.Single(await app.Queues.PeekDeadLettersAsync(Queues.BigPandaAlerts, "refused|disk"));
        Assert.Equal("AlertRefused", letter.DeadLetterReason);
        Assert.Contains("The app key is unknown.", letter.DeadLetterErrorDescription, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_queue_refuses_the_answer_is_503_and_the_same_body_is_accepted_afterwards()
    {
        var monitor = await MonitorClient.CreateAsync(app, "bigpanda");
        var batch = $$"""{"alerts":[{{Alert("critical", "late-1", 100)}},{{Alert("critical", "late-2", 100)}}]}""";
        using (app.Host.Bus.Faults.Refuse(LocalHost.Bus.BusOperations.Send, Azure.Messaging.ServiceBus.ServiceBusFailureReason.ServiceBusy))
            Assert.Equal("5", (await monitor.PostAsync(batch)).Expect(503).RetryAfter);

        (await monitor.PostAsync(batch)).Expect(202);

        Assert.Equal(2, (await monitor.WaitForAlertsAsync(2)).Count);
    }

    [Fact]
    public async Task One_trace_holds_the_monitors_request_and_the_call_to_BigPanda()
    {
        using var trace = new TracedWork();
        var monitor = await MonitorClient.CreateAsync(app, "bigpanda");

        (await trace.CallAsync(() => monitor.PostAsync(Alert("critical", "traced", 100)))).Expect(202);
        await monitor.WaitForAlertsAsync(1);
        await app.Queues.WaitUntilIdleAsync();

        Assert.Contains("HttpRequestOut > HttpRequestIn > SendAlerts > HttpRequestOut", trace.PathsTo("/data/v2/alerts"));
    }

    [Fact]
    public async Task A_preview_shows_what_BigPanda_gets_and_sends_nothing()
    {
        var monitor = await MonitorClient.CreateAsync(app, "azureMonitor");
        var body = MonitorSamples.Bytes("azureMonitor", "service-health-incident");

        var shown = (await app.Bridge.PostAsync($"/api/monitors/{monitor.Id}/preview", System.Text.Encoding.UTF8.GetString(body))).Expect(200).Json;
        await app.Queues.WaitUntilIdleAsync();
        Assert.Empty(monitor.Calls);
        (await monitor.PostAsync(body)).Expect(202);

        var sent = Assert.Single(await monitor.WaitForAlertsAsync(1));
        var previewed = shown.GetProperty("alerts")[0].GetProperty("alert");
        Assert.Equal(
            sent.EnumerateObject().Where(member => member.Name != "app_key").Select(member => $"{member.Name}={member.Value}").Order(StringComparer.Ordinal),
            previewed.EnumerateObject().Select(member => $"{member.Name}={member.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_deleted_source_takes_nothing_any_more()
    {
        var monitor = await MonitorClient.CreateAsync(app, "bigpanda");
        (await BridgeClient.SendAsync(app.Bridge.WithKey(new HttpRequestMessage(HttpMethod.Delete, app.Bridge.At($"/api/sources/{monitor.Id}"))))).Expect(204);

        (await monitor.PostAsync(Alert("critical", "gone", 100))).ExpectProblem(401);
    }

    private static string Alert(string status, string host, int second) => AtTime(
        Disk.Replace("STATUS", status, StringComparison.Ordinal).Replace("HOST", host, StringComparison.Ordinal), second);

    /// <summary>The machine's clock counts: a time far from it is refused.</summary>
    private static string AtTime(string body, int second) => body.Replace(
        "TIME", $"{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 1000 * 1000 + second}", StringComparison.Ordinal);

    private static string? StatusOf(JsonElement alert) => alert.GetProperty("status").GetString();

    /// <returns>The incident's id.</returns>
    private async Task<string> WaitForAlertAsync(string title, Func<SeenAlert, bool> condition)
    {
        var page = await Eventually.Async(
            () => app.Bridge.ListAsync($"search={Uri.EscapeDataString(title)}"), page => page.Items.Any(), $"an alert with {title}");
        var id = page.Items[0].IncidentId;
        await app.Bridge.WaitForAlertAsync(id, condition);
        return id;
    }
}
