using System.Diagnostics.Metrics;
using Azure;
using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Monitors.Parking;
using BigPanda.Functions.Monitors.Relay;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Sources.Traffic;
using BigPanda.Functions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static BigPanda.Functions.Tests.Monitors.Relay.RelayWorld;

namespace BigPanda.Functions.Tests.Monitors.Relay;

/// <summary>What is said about alerts that wait, what is counted, and what is deleted in the end.</summary>
public sealed class RelayNoticesTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void While_nothing_waits_there_is_no_notice() => Assert.Empty(Run(async world =>
    {
        var instance = await world.StartAsync();
        world.Accept(Main, Alert("host", "critical", 1767603600));
        await world.FinishAsync();
        return await ListAsync(instance);
    }));

    [Fact]
    public void A_storm_that_waits_for_the_rate_is_named_with_its_size_and_no_other_source()
    {
        var notice = Assert.Single(Run(async world =>
        {
            var instance = await world.StartAsync();
            world.Accept(Main, Enumerable.Range(0, 700).Select(i => Alert($"host-{i}", "critical", 1767603600)));
            world.Accept(Other, Alert("router", "critical", 1767603600));
            await world.WaitAsync(Minute);
            return await ListAsync(instance);
        }));

        Assert.Matches("^Source azure: alerts that wait for BigPanda: [0-9]+\\. They are sent in order, within Monitors__AlertsPerMinute", notice);
    }

    [Theory]
    [InlineData(false, "Source azure: alerts that wait for BigPanda: 3 (401 ")]
    [InlineData(true, "Source azure: alerts that wait for BigPanda: 0 (401 ")]
    public void Refused_keys_are_named_also_when_only_an_ok_waits(bool onlyOk, string beginning)
    {
        var notice = Assert.Single(Run(async world =>
        {
            var instance = await world.StartAsync();
            world.Accept(Main, Alert("health", "critical") with { OkAfter = TimeSpan.FromHours(1) });
            await world.WaitAsync(TimeSpan.FromHours(2));
            world.BigPanda.Answer = _ => ScriptedAlertsApi.Json(401, "{}");
            if (onlyOk) await instance.SayOkAsync();
            else world.Accept(Main, Enumerable.Range(0, 3).Select(i => Alert($"host-{i}", "critical", 1767603600)));
            await world.WaitAsync(Minute);
            return await ListAsync(instance);
        }));

        Assert.StartsWith(beginning, notice, StringComparison.Ordinal);
        Assert.Contains("PUT /monitors/azure/connection", notice, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_sent_is_counted_for_the_source_and_what_only_waits_is_not() => Assert.Equal(
        new AlertCounts { All = 4, Repeats = 1, Oks = 1, Fired = 2, Unresolved = 2, FiredWithoutRunbook = 1, OnTime = 3 },
        Run(async world =>
        {
            var instance = await world.StartAsync();
            await world.TickAsync();
            var withRunbook = Alert("host", "warning", 1767603601) with
            {
                Json = """{"status":"warning","timestamp":1767603601,"host":"host","runbook_url":"https://wiki.example.com/disk"}"""u8.ToArray(),
            };
            world.Accept(Main, Alert("host", "critical"), Alert("host", "critical"), withRunbook, Alert("host", "ok", 1767603602));
            await world.FinishAsync();
            world.Keys.Stored = null;
            await world.WaitAsync(Minute * 2);
            world.Accept(Main, Alert("other", "critical"));
            await world.WaitAsync(Minute);
            return instance.Get<SourceCatalog>().Find(Main).Traffic.Peek().Alerts;
        }));

    [Fact]
    public void What_the_bridge_resolves_and_its_ok_do_not_count_for_the_monitor() => Assert.Equal(
        new AlertCounts { All = 3, Repeats = 1, Fired = 1, FiredWithoutRunbook = 1, OnTime = 2 },
        Run(async world =>
        {
            var instance = await world.StartAsync();
            await world.TickAsync();
            var health = Alert("health", "critical") with { OkAfter = TimeSpan.FromHours(1) };
            world.Accept(Main, health, health);
            await world.FinishAsync();
            await world.WaitAsync(TimeSpan.FromHours(2));
            await instance.SayOkAsync();
            await world.FinishAsync();
            Assert.Equal(2, world.BigPanda.Accepted.Count());
            return instance.Get<SourceCatalog>().Find(Main).Traffic.Peek().Alerts;
        }));

    [Fact]
    public void An_alert_that_waited_for_more_than_an_hour_does_not_count_for_the_hour_in_which_it_is_sent() => Assert.Equal(
        (2, 1),
        Run(async world =>
        {
            var instance = await world.StartAsync();
            await world.TickAsync();
            world.Keys.Stored = null;
            world.Accept(Main, Alert("late", "critical"));
            await world.WaitAsync(TimeSpan.FromHours(2));
            world.Accept(Main, Alert("host", "critical"));
            await world.WaitAsync(Minute);
            world.Keys.Stored = MonitorKeys.None.With(Main, KeysOf("main"));
            await world.FinishAsync(TimeSpan.FromMinutes(30));
            var alerts = instance.Get<SourceCatalog>().Find(Main).Traffic.Peek().Alerts;
            return (alerts.All, alerts.OnTime);
        }));

    /// <summary>What follows from an answer is repeated until it is stored.</summary>
    [Theory]
    [InlineData(201, "sent", 1)]
    [InlineData(400, "refused", 0)]
    [InlineData(401, "parked", 0)]
    public void An_alert_is_counted_once_when_the_tables_fail_after_its_call(int status, string outcome, int relayed) => Assert.Equal(
        (1, relayed),
        Run(async world =>
        {
            var instance = await world.StartAsync();
            using var measured = new Measurements(instance.Get<IMeterFactory>());
            await world.TickAsync();
            world.BigPanda.Answer = _ =>
            {
                // The first writes of an accepted or parked alert add rows; those that follow change some. A refused one only reads.
                if (status == 400) world.Tables.IsDown = true;
                else world.Tables.Writing = _ => throw new RequestFailedException(503, "The tables are away.");
                return ScriptedAlertsApi.Json(status, """{"errors":["not now"]}""");
            };
            await instance.Get<ParkedAlertStore>().SaveAsync(SourceHold.Begin(Main, null), CancellationToken.None);
            world.Accept(Main, Alert("host", "critical") with { OkAfter = TimeSpan.FromHours(1) });
            await world.WaitAsync(Minute);
            (world.Tables.IsDown, world.Tables.Writing) = (false, _ => Task.CompletedTask);
            await world.WaitAsync(Minute * 3);
            Assert.Equal(0, world.Queue.Count);
            var counted = measured.Of($"bigpanda.monitor_alerts outcome={outcome} source={Main}").Count;
            return (counted, instance.Get<SourceCatalog>().Find(Main).Traffic.Peek().Alerts.All);
        }));

    [Fact]
    public void After_14_days_what_could_not_be_sent_is_deleted_and_so_are_the_histories_of_unused_keys()
    {
        var (early, late, histories, sent) = Run(async world =>
        {
            var instance = await world.StartAsync();
            world.Accept(Other, Alert("router", "critical", 1767603600));
            await world.WaitAsync(Minute);
            world.Keys.Stored = null;
            await world.WaitAsync(Minute * 2);
            world.Accept(Main, Enumerable.Range(0, 3).Select(i => Alert($"host-{i}", "critical", 1767603600)));
            await world.WaitAsync(TimeSpan.FromDays(13));
            await RemoveAsync(world, instance);
            var early = await world.CountParkedAsync(Main);
            await world.WaitAsync(TimeSpan.FromDays(2));
            await RemoveAsync(world, instance);
            var history = await instance.Services.GetRequiredKeyedService<ApiCalls>(AlertsApiClient.Key)
                .ReadAsync(KeysOf("other").Credential.ConnectionId, CancellationToken.None);
            var sent = await instance.Get<SentAlertStore>().FindAsync(Other, "router", CancellationToken.None);
            return (early, await world.CountParkedAsync(Main), history, sent);
        });

        Assert.Equal((3, 0), (early, late));
        Assert.Equal(CallHistory.None, histories);
        Assert.Null(sent);
    }

    private static Task RemoveAsync(RelayWorld world, RelayInstance instance) =>
        instance.Get<RelayRetention>().RunAsync(world.Now.AddDays(-14), CancellationToken.None);

    private static Task<IReadOnlyList<string>> ListAsync(RelayInstance instance) => instance.Get<RelayNotices>().ListAsync(CancellationToken.None);
}
