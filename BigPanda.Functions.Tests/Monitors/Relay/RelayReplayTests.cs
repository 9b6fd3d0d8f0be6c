using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Monitors.Relay;
using static BigPanda.Functions.Tests.Monitors.Relay.RelayWorld;

namespace BigPanda.Functions.Tests.Monitors.Relay;

/// <summary>Dead letters of monitors' alerts: a replay must neither be lost nor put an old state in the place of a newer one.</summary>
public sealed class RelayReplayTests
{
    [Theory]
    [InlineData("", "critical")]
    [InlineData("ok", "ok")]
    [InlineData("warning ok", "warning ok")]
    public void A_replay_is_sent_unless_BigPanda_has_accepted_a_newer_alert_of_the_identity(string since, string accepted) => Assert.Equal(
        accepted,
        Run(async world =>
        {
            var instance = await RefuseAsync(world);
            world.BigPanda.Answer = _ => null;
            foreach (var status in since.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                await world.WaitAsync(TimeSpan.FromMinutes(1));
                world.Accept(Main, Alert("host", status));
                await world.FinishAsync();
            }

            var forecast = await ReplayAsync(world, instance);
            await world.FinishAsync();
            Assert.Equal(since.Length == 0 ? typeof(ReplayForecast.Send) : typeof(ReplayForecast.Drop), forecast.GetType());
            return string.Join(' ', world.BigPanda.Accepted.Select(call => call.Text("status")));
        }));

    /// <summary>It is not sent, because BigPanda shows that state already; the replay would replace it.</summary>
    [Fact]
    public void A_repeat_of_what_BigPanda_has_accepted_is_newer_than_a_dead_letter_between_the_two() => Assert.Equal(
        "critical",
        Run(async world =>
        {
            world.BigPanda.Answer = call => call.Text("status") == "ok" ? ScriptedAlertsApi.Json(400, """{"errors":["not now"]}""") : null;
            var instance = await world.StartAsync();
            foreach (var status in new[] { "critical", "ok", "critical" })
            {
                world.Accept(Main, Alert("host", status));
                await world.WaitAsync(TimeSpan.FromMinutes(1));
            }

            world.BigPanda.Answer = _ => null;
            Assert.IsType<ReplayForecast.Drop>(await ReplayAsync(world, instance));
            await world.FinishAsync();
            return string.Join(' ', world.BigPanda.Accepted.Select(call => call.Text("status")));
        }));

    [Fact]
    public void A_later_alert_of_the_same_body_is_newer() => Assert.Equal(
        "ok",
        Run(async world =>
        {
            world.BigPanda.Answer = call => call.Text("status") == "critical" ? ScriptedAlertsApi.Json(400, """{"errors":["not now"]}""") : null;
            var instance = await world.StartAsync();
            world.Accept(Main, Alert("host", "critical"), Alert("host", "ok"));
            await world.FinishAsync();

            world.BigPanda.Answer = _ => null;
            Assert.IsType<ReplayForecast.Drop>(await ReplayAsync(world, instance));
            await world.FinishAsync();
            return string.Join(' ', world.BigPanda.Accepted.Select(call => call.Text("status")));
        }));

    /// <summary>An alert of another identity, or an older one of the same, is no reason to drop it.</summary>
    [Fact]
    public void An_older_alert_that_was_sent_before_and_another_ones_do_not_count() => Assert.Equal(
        "warning ok critical",
        Run(async world =>
        {
            var instance = await world.StartAsync();
            world.Accept(Main, Alert("host", "warning"));
            await world.FinishAsync();
            await world.WaitAsync(TimeSpan.FromMinutes(1));
            await RefuseAsync(world, instance);
            world.BigPanda.Answer = _ => null;
            world.Accept(Main, Alert("other", "ok"));
            await world.FinishAsync();

            await ReplayAsync(world, instance);
            await world.FinishAsync();
            return string.Join(' ', world.BigPanda.Accepted.Select(call => call.Text("status")));
        }));

    /// <summary>It was refused as a copy of a parked row, which is kept, marked, until the identity's next message.</summary>
    [Fact]
    public void A_replay_of_an_alert_that_was_parked_is_sent() => Assert.Equal(
        "critical",
        Run(async world =>
        {
            world.Keys.Stored = null;
            world.BigPanda.Answer = _ => ScriptedAlertsApi.Json(400, """{"errors":["not now"]}""");
            var instance = await world.StartAsync();
            world.Accept(Main, Alert("host", "critical"));
            await world.WaitAsync(TimeSpan.FromMinutes(2));
            world.Keys.Stored = MonitorKeys.None.With(Main, KeysOf("main"));
            await world.FinishAsync(TimeSpan.FromHours(1));
            Assert.Single(world.Queue.DeadLetters);

            world.BigPanda.Answer = _ => null;
            await ReplayAsync(world, instance);
            await world.FinishAsync(TimeSpan.FromHours(1));
            return string.Join(' ', world.BigPanda.Accepted.Select(call => call.Text("status")));
        }));

    /// <summary>Its time is gone with the refusal; only a newer firing is a reason not to send it.</summary>
    [Theory]
    [InlineData(false, "critical ok")]
    [InlineData(true, "critical critical")]
    public void An_ok_of_ours_that_was_refused_is_sent_unless_the_alert_fired_again(bool firesAgain, string accepted) => Assert.Equal(
        accepted,
        Run(async world =>
        {
            var instance = await world.StartAsync();
            var health = Alert("health", "critical") with { OkAfter = TimeSpan.FromHours(1) };
            world.Accept(Main, health);
            await world.WaitAsync(TimeSpan.FromHours(2));
            world.BigPanda.Answer = _ => ScriptedAlertsApi.Json(400, """{"errors":["not now"]}""");
            await instance.SayOkAsync();
            await world.FinishAsync();
            world.BigPanda.Answer = _ => null;
            if (firesAgain) world.Accept(Main, health);
            await world.FinishAsync();

            await ReplayAsync(world, instance);
            await world.FinishAsync();
            return string.Join(' ', world.BigPanda.Accepted.Select(call => call.Text("status")));
        }));

    [Fact]
    public void A_replayed_ok_of_ours_that_has_to_wait_for_keys_is_parked_and_sent_once_there_are_some() => Assert.Equal(
        "critical ok",
        Run(async world =>
        {
            var instance = await world.StartAsync();
            world.Accept(Main, Alert("health", "critical") with { OkAfter = TimeSpan.FromHours(1) });
            await world.WaitAsync(TimeSpan.FromHours(2));
            world.BigPanda.Answer = _ => ScriptedAlertsApi.Json(400, """{"errors":["not now"]}""");
            await instance.SayOkAsync();
            await world.FinishAsync();
            world.BigPanda.Answer = _ => null;
            world.Keys.Stored = null;
            await world.WaitAsync(TimeSpan.FromMinutes(2));

            await ReplayAsync(world, instance);
            await world.WaitAsync(TimeSpan.FromMinutes(2));
            Assert.Equal(1, await world.CountParkedAsync(Main));
            world.Keys.Stored = MonitorKeys.None.With(Main, KeysOf("main"));
            await world.FinishAsync(TimeSpan.FromHours(1));
            return string.Join(' ', world.BigPanda.Accepted.Select(call => call.Text("status")));
        }));

    [Fact]
    public void After_fourteen_days_it_is_not_known_what_was_sent_since_and_a_replay_is_dropped() => Assert.Equal(
        "",
        Run(async world =>
        {
            var instance = await RefuseAsync(world);
            world.BigPanda.Answer = _ => null;
            await world.WaitAsync(TimeSpan.FromDays(15));

            Assert.Contains("older than 14 days", Assert.IsType<ReplayForecast.Drop>(await ReplayAsync(world, instance)).Detail, StringComparison.Ordinal);
            await world.FinishAsync();
            return string.Join(' ', world.BigPanda.Accepted.Select(call => call.Text("status")));
        }));

    /// <summary>An alert that BigPanda refuses.</summary>
    private static async Task<RelayInstance> RefuseAsync(RelayWorld world, RelayInstance? instance = null)
    {
        world.BigPanda.Answer = _ => ScriptedAlertsApi.Json(400, """{"errors":["not now"]}""");
        instance ??= await world.StartAsync();
        world.Accept(Main, Alert("host", "critical"));
        await world.FinishAsync();
        Assert.Single(world.Queue.DeadLetters);
        return instance;
    }

    private static async Task<ReplayForecast> ReplayAsync(RelayWorld world, RelayInstance instance)
    {
        var letter = new Delivery(Assert.Single(world.Queue.DeadLetters).Message);
        var reader = new MonitorAlertDeadLetters(instance.Get<SentAlerts>());
        var forecast = await reader.ForecastAsync(letter, letter.Message.Body.ToMemory(), CancellationToken.None);
        world.Queue.Add(ReplayCopy.Of(Queues.BigPandaAlerts, letter, null));
        return forecast;
    }
}
