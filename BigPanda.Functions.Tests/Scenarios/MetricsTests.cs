using System.Diagnostics.Metrics;
using BigPanda.Functions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>The metrics that alerts and workbook query are recorded.</summary>
public sealed class MetricsTests(AppFixture app) : IClassFixture<AppFixture>, IDisposable
{
    private readonly Measurements _measured = new(app.Host.Services.GetRequiredService<IMeterFactory>());

    public void Dispose()
    {
        _measured.Dispose();
        app.BigPanda.Recover();
    }

    [Fact]
    public async Task An_incidents_way_is_counted_and_timed_from_BigPandas_clock_to_the_close()
    {
        var id = await ResolveAsync();
        await app.Bridge.WaitForAlertAsync(id, alert => alert.IsSettled);
        await app.Queues.WaitUntilIdleAsync();
        (await app.Bridge.PostWebhookAsync("[]"u8.ToArray())).Expect(422);

        Assert.Equal([1], _measured.Of("bigpanda.webhooks outcome=not_an_incident"));
        // The first webhook and the closing one.
        Assert.Equal([1, 1], _measured.Of("bigpanda.webhooks outcome=accepted"));
        Assert.Equal([1, 1], _measured.Of("bigpanda.webhooks outcome=accepted source=local"));
        Assert.Contains(1, _measured.Of("bigpanda.alert_events verdict=echo"));
        Assert.Equal([1], _measured.Of("bigpanda.actions action=close result=accepted"));
        // How long each took is what LagTests are for.
        Assert.Equal([1, 2, 1], new[] { "arrival", "apply", "close" }.Select(stage => _measured.Of($"bigpanda.lag stage={stage}").Count));
    }

    [Fact]
    public async Task A_time_that_cannot_be_read_is_counted_and_named_in_the_timeline()
    {
        var id = IncidentWebhook.NewId();
        var json = IncidentWebhook.New(id)
            .ToJson().Replace($"\"changedOn\":{IncidentWebhook.Start}", "\"changedOn\":\"9999-12-31T23:59:59Z\"", StringComparison.Ordinal)
            .Replace($"\"updatedOn\":{IncidentWebhook.Start}", "\"updatedOn\":\"soon\"", StringComparison.Ordinal);

        (await app.Bridge.PostWebhookAsync(System.Text.Encoding.UTF8.GetBytes(json))).Expect(202);
        var alert = await app.Bridge.WaitForAlertAsync(id, alert => alert.Fires);
        await app.Queues.WaitUntilIdleAsync();

        Assert.Contains("updatedOn \"soon\" cannot be read as a time", alert.Timeline[0].Reason, StringComparison.Ordinal);
        Assert.Contains("changedOn 9999-12-31 23:59:59Z is more than 48 hours ahead", alert.Timeline[0].Reason, StringComparison.Ordinal);
        Assert.Equal([1], _measured.Of("bigpanda.time_errors why=unreadable"));
        Assert.Equal([1], _measured.Of("bigpanda.time_errors why=ahead"));
    }

    [Fact]
    public async Task The_readiness_check_measures_dependencies_parked_actions_and_dead_letters()
    {
        app.BigPanda.RefuseKey(401);
        var id = await ResolveAsync();
        await app.Bridge.WaitForAlertAsync(id, alert => alert.BigPanda.State == "parked");

        await app.Host.InvokeTimerAsync("CheckReadiness");

        Assert.Equal(1, _measured.Of("bigpanda.actions.parked")[^1]);
        Assert.Equal(
            [1, 1, 0], new[] { "tableStorage", "serviceBus", "bigPanda" }.Select(dependency => _measured.Of($"bigpanda.ready dependency={dependency}")[^1]));
        Assert.Equal([0, 0], new[] { "alert-events", "bigpanda-actions" }.Select(queue => _measured.Of($"bigpanda.dead_letters queue={queue}")[^1]));
    }

    [Fact]
    public async Task The_readiness_check_measures_firing_alerts_and_the_delay_of_applying()
    {
        var id = IncidentWebhook.NewId();
        await app.Bridge.FireAsync(IncidentWebhook.New(id));
        var severity = (await app.Bridge.GetAlertAsync(id)).Severity;

        await app.Queues.WaitUntilIdleAsync();
        await app.Host.InvokeTimerAsync("CheckReadiness");

        Assert.InRange(_measured.Of($"bigpanda.alerts.firing severity={severity}")[^1], 1, 10);
        Assert.All(["critical", "warning"], usual => Assert.NotEmpty(_measured.Of($"bigpanda.alerts.firing severity={usual}")));
        Assert.NotEmpty(_measured.Of("bigpanda.apply.behind"));
    }

    private async Task<string> ResolveAsync([System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        var id = IncidentWebhook.NewId(test);
        await app.Bridge.FireAsync(IncidentWebhook.New(id));
        (await app.Bridge.ResolveAsync(id, "fixed", "ada")).Expect(202);
        return id;
    }
}
