using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Monitors.Messages;
using static BigPanda.Functions.Tests.Monitors.Relay.RelayWorld;

namespace BigPanda.Functions.Tests.Monitors.Relay;

/// <summary>The ok of alerts that no monitor resolves, while BigPanda does not take it; in virtual time.</summary>
public sealed class DueOkTests
{
    private static readonly AcceptedAlert Health = Alert("health", "critical") with { OkAfter = TimeSpan.FromHours(1) };

    [Fact]
    public void While_the_source_has_no_keys_an_ok_waits_in_its_row_alone_and_is_sent_once_when_there_are_keys()
    {
        var (parked, sent) = Run(async world =>
        {
            var instance = await world.StartAsync();
            world.Accept(Main, Health);
            await world.WaitAsync(TimeSpan.FromHours(2));
            world.Keys.Stored = MonitorKeys.None.With(Other, KeysOf("other"));
            await TryForAnHourAsync(world, instance);
            var parked = await world.CountParkedAsync(Main);
            world.Keys.Stored = MonitorKeys.None.With(Main, KeysOf("main"));
            await TryForAnHourAsync(world, instance);
            return (parked, string.Join(' ', world.BigPanda.Accepted.Select(call => call.Text("status"))));
        });

        Assert.Equal((0, "critical ok"), (parked, sent));
    }

    [Fact]
    public void Behind_a_parked_alert_of_its_identity_an_ok_waits_and_is_not_sent_when_that_fired() => Assert.Equal(
        "critical critical",
        Run(async world =>
        {
            var instance = await world.StartAsync();
            world.Accept(Main, Health);
            await world.WaitAsync(TimeSpan.FromHours(2));
            world.Keys.Stored = MonitorKeys.None.With(Other, KeysOf("other"));
            world.Accept(Main, Health);
            await TryForAnHourAsync(world, instance);
            Assert.Equal(1, await world.CountParkedAsync(Main));
            world.Keys.Stored = MonitorKeys.None.With(Main, KeysOf("main"));
            await world.FinishAsync(TimeSpan.FromMinutes(10));
            await instance.SayOkAsync();
            await world.FinishAsync(TimeSpan.FromMinutes(10));
            return string.Join(' ', world.BigPanda.Accepted.Select(call => call.Text("status")));
        }));

    [Fact]
    public void An_ok_that_BigPanda_refuses_is_one_dead_letter() => Assert.Equal(
        1,
        Run(async world =>
        {
            world.BigPanda.Answer = call => call.Text("status") == "ok" ? ScriptedAlertsApi.Json(400, """{"errors":["invalid"]}""") : null;
            var instance = await world.StartAsync();
            world.Accept(Main, Health);
            await world.WaitAsync(TimeSpan.FromHours(2));
            await TryForAnHourAsync(world, instance);
            return world.Queue.DeadLetters.Count;
        }));

    [Fact]
    public void A_source_that_cannot_send_a_thousand_of_them_does_not_hold_up_another_ones() => Assert.Single(Run(async world =>
    {
        var instance = await world.StartAsync();
        world.Accept(Main, Enumerable.Range(0, 1000).Select(i => Alert($"host-{i}", "critical") with { OkAfter = TimeSpan.FromHours(1) }));
        world.Accept(Other, Health);
        await world.FinishAsync(TimeSpan.FromHours(1));
        await world.WaitAsync(TimeSpan.FromHours(2));
        world.Keys.Stored = MonitorKeys.None.With(Other, KeysOf("other"));
        await TryForAnHourAsync(world, instance);
        return world.BigPanda.Accepted.Where(call => call.Text("status") == "ok").ToList();
    }));

    private static async Task TryForAnHourAsync(RelayWorld world, RelayInstance instance)
    {
        for (var minute = 0; minute < 60; minute++)
        {
            await world.WaitAsync(TimeSpan.FromMinutes(1));
            await world.TickAsync();
            if (minute % 5 == 0) await instance.SayOkAsync();
        }
    }
}
