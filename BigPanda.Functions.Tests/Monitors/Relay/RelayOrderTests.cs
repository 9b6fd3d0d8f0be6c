using System.Globalization;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Monitors.Parking;
using static BigPanda.Functions.Tests.Monitors.Relay.RelayWorld;

namespace BigPanda.Functions.Tests.Monitors.Relay;

/// <summary>Whose trouble holds up whom, and what is kept in order through it; in virtual time.</summary>
public sealed class RelayOrderTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_storm_of_one_source_delays_an_alert_of_another_by_seconds() => Assert.InRange(
        Run(async world =>
        {
            await world.StartAsync();
            world.Accept(Main, Enumerable.Range(0, 2000).Select(i => Alert($"host-{i}", "critical", 1767603600)));
            await world.WaitAsync(TimeSpan.FromSeconds(20));
            var start = world.Now;
            world.Accept(Other, Alert("router", "critical", 1767603600));
            await world.WaitAsync(Minute);
            var call = Assert.Single(world.BigPanda.Accepted, call => call.AppKey == "other-app-key");
            Assert.InRange(world.BigPanda.Accepted.Count(), 350, 450);
            return (call.At - start).TotalSeconds;
        }),
        0, 5);

    [Fact]
    public void Alerts_that_BigPanda_fails_each_time_hold_up_no_other_of_their_source()
    {
        var (sent, waiting) = Run(async world =>
        {
            world.BigPanda.Answer = call => call.Text("host").StartsWith("bad", StringComparison.Ordinal) ? ScriptedAlertsApi.Json(500, "{}") : null;
            await world.StartAsync();
            world.Accept(Main, Enumerable.Range(0, 80).Select(i => Alert($"{(i % 2 == 0 ? "bad" : "good")}-{i / 2}", "critical", 1767603600)));
            for (var minute = 0; minute < 5; minute++)
            {
                await world.WaitAsync(Minute);
                await world.TickAsync();
            }

            return (world.BigPanda.Accepted.Select(call => call.Text("host")).ToList(), world.Queue.Count);
        });

        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"good-{i}").Order(), sent.Order());
        Assert.Equal(40, waiting);
    }

    [Fact]
    public void Refused_keys_park_their_source_alone_and_new_ones_release_its_alerts_in_order()
    {
        var (hosts, refused, held, other, reads) = Run(async world =>
        {
            world.BigPanda.Answer = call => call.Token == "old-token" ? ScriptedAlertsApi.Json(401, """{"status":401,"errors":["Unauthorized"]}""") : null;
            world.Keys.Stored = MonitorKeys.None.With(Main, KeysOf("main", "old-token")).With(Other, KeysOf("other"));
            var instance = await world.StartAsync();
            await world.StartAsync();
            for (var n = 0; n < 5; n++)
            {
                world.Accept(Main, Enumerable.Range(0, 50).Select(i => Alert($"host-{i}", n % 2 == 0 ? "critical" : "ok", 1767603600 + n, $"{n}")));
                world.Accept(Other, Alert($"router-{n}", "critical", 1767603600));
                await world.WaitAsync(Minute);
                await world.TickAsync();
            }

            var (refused, held) = (world.BigPanda.Calls.Count(call => call.Status == 401 && call.Alert["alerts"] is null), await world.CountParkedAsync(Main));
            var other = world.BigPanda.Accepted.Count(call => call.AppKey == "other-app-key");
            var reads = world.Keys.Reads;
            world.Keys.Stored = MonitorKeys.None.With(Main, KeysOf("main", "new-token")).With(Other, KeysOf("other"));
            await instance.Get<SourceKeyring>().RefreshAsync(Main, CancellationToken.None);
            await instance.Get<ParkedAlertRelease>().ReleaseAsync(Main, CancellationToken.None);
            await world.FinishAsync(TimeSpan.FromMinutes(20));
            return (world.BigPanda.Accepted.Where(call => call.AppKey == "main-app-key").ToList(), refused, held, other, reads);
        });

        Assert.InRange(refused, 1, 10);
        Assert.Equal((250, 5), (held, other));
        Assert.InRange(reads, 1, 40);
        Assert.Equal(50, hosts.GroupBy(call => call.Text("host")).Count());
        Assert.All(
            hosts.GroupBy(call => call.Text("host")),
            sent => Assert.Equal(Enumerable.Range(0, 5).Select(n => $"{n}"), sent.Select(call => call.Text("note"))));
    }

    [Fact]
    public void A_source_without_keys_waits_without_a_call_and_is_sent_by_the_timer_once_it_has_them() => Assert.Equal(
        "0; 0 1 2",
        Run(async world =>
        {
            world.Keys.Stored = null;
            await world.StartAsync();
            world.Accept(Main, Enumerable.Range(0, 3).Select(n => Alert("host", n % 2 == 0 ? "critical" : "ok", 1767603600 + n, $"{n}")));
            for (var minute = 0; minute < 3; minute++)
            {
                await world.WaitAsync(Minute);
                await world.TickAsync();
            }

            var before = world.BigPanda.Calls.Count;
            world.Keys.Stored = MonitorKeys.None.With(Main, KeysOf("main"));
            await world.FinishAsync(TimeSpan.FromMinutes(10));
            return $"{before}; {string.Join(' ', world.BigPanda.Accepted.Select(call => call.Text("note")))}";
        }));

    [Theory]
    [InlineData(1000, 1)]
    [InlineData(100, 10)]
    public void A_thousand_parked_alerts_that_are_all_refused_do_not_wait_for_the_timer(int identities, int each) => Assert.Equal(
        (1000, 0),
        Run(async world =>
        {
            world.Keys.Stored = null;
            var instance = await world.StartAsync();
            world.Accept(Main, Enumerable.Range(0, each).SelectMany(
                n => Enumerable.Range(0, identities).Select(i => Alert($"host-{i}", "purple", 1767603600 + n))));
            await world.WaitAsync(Minute);
            world.Keys.Stored = MonitorKeys.None.With(Main, KeysOf("main"));
            await instance.Get<SourceKeyring>().RefreshAsync(Main, CancellationToken.None);
            await instance.Get<ParkedAlertRelease>().ReleaseAsync(Main, CancellationToken.None);
            await world.WaitAsync(TimeSpan.FromMinutes(6));
            return (world.Queue.DeadLetters.Count, await world.CountParkedAsync(Main));
        }));

    /// <summary>The token is accepted and the app key is not: each check of the token must not start all of the source's alerts again.</summary>
    [Fact]
    public void A_refusal_that_the_check_of_the_token_does_not_show_makes_the_source_rest_longer_each_time() => Assert.InRange(
        Run(async world =>
        {
            world.BigPanda.Answer = call => call.Alert["alerts"] is null ? ScriptedAlertsApi.Json(403, "{}") : null;
            await world.StartAsync();
            world.Accept(Main, Enumerable.Range(0, 20).Select(i => Alert($"host-{i}", "critical", 1767603600)));
            for (var minute = 0; minute < 180; minute++)
            {
                await world.WaitAsync(Minute);
                await world.TickAsync();
            }

            return world.BigPanda.Calls.Count(call => call.Status == 403);
        }),
        3, 60);

    [Fact]
    public void An_outage_of_two_hours_is_waited_for_and_ends_in_order()
    {
        var (sent, calls, messages) = Run(async world =>
        {
            var until = world.Now + TimeSpan.FromHours(2);
            world.BigPanda.Answer = _ => world.Now < until ? ScriptedAlertsApi.Json(503, "{}") : null;
            await world.StartAsync();
            for (var n = 0; n < 4; n++)
            {
                world.Accept(Main, Enumerable.Range(0, 10).Select(i => Alert($"host-{i}", n % 2 == 0 ? "critical" : "ok", 1767603600 + n, $"{n}")));
                for (var minute = 0; minute < 30; minute++)
                {
                    await world.WaitAsync(Minute);
                    await world.TickAsync();
                }
            }

            var messages = world.Queue.Completed;
            await world.FinishAsync(TimeSpan.FromHours(1));
            return (world.BigPanda.Accepted.ToList(), world.BigPanda.Calls.Count, messages);
        });

        Assert.Equal(40, sent.Count);
        Assert.All(sent.GroupBy(call => call.Text("host")), host => Assert.Equal(["0", "1", "2", "3"], host.Select(call => call.Text("note"))));
        // Ten identities try at most twice a minute each, and their copies do not pile up.
        Assert.InRange(calls, 40, 3000);
        Assert.InRange(messages, 40, 40 + 10 * 13);
    }

    [Fact]
    public void A_Retry_After_longer_than_a_message_can_wait_is_kept() => Assert.InRange(
        Run(async world =>
        {
            world.BigPanda.Answer = _ => world.BigPanda.Calls.Count == 1 ? ScriptedAlertsApi.Json(503, "{}", "1800") : null;
            await world.StartAsync();
            var start = world.Now;
            world.Accept(Main, Alert("host", "critical", 1767603600));
            await world.FinishAsync(TimeSpan.FromHours(2));
            return (world.BigPanda.Accepted.Single().At - start).TotalMinutes;
        }),
        30, 33);

    /// <summary>Another instance counts refusals and releases alerts in the minutes that one waits in place.</summary>
    [Theory]
    [InlineData(503, 2)]
    [InlineData(401, 3)]
    public void What_became_of_a_hold_while_an_alert_waited_in_place_is_kept_when_the_alert_is_parked(int status, int refusals) => Assert.Equal(
        (refusals, 7L, true),
        Run(async world =>
        {
            var start = world.Now;
            world.BigPanda.Answer = _ => world.Now < start + 3 * Minute
                ? ScriptedAlertsApi.Json(503, "{}")
                : ScriptedAlertsApi.Json(status, "{}", status == 503 ? "1800" : null);
            var store = (await world.StartAsync()).Get<ParkedAlertStore>();
            world.Accept(Main, Alert("host", "critical", 1767603600));
            await world.WaitAsync(Minute);
            await store.SaveAsync(SourceHold.Begin(Main, null) with { Refusals = 2, Round = 7 }, CancellationToken.None);
            await world.WaitAsync(9 * Minute);
            Assert.Equal(1, await world.CountParkedAsync(Main));
            var hold = await store.FindHoldAsync(Main, CancellationToken.None);
            return (hold?.Refusals ?? 0, hold?.Round ?? 0, hold?.Reason is not null && hold.NotBefore > start + 3 * Minute);
        }));

    /// <summary>The lock was lost as the first message was completed: it is delivered again, and BigPanda has it.</summary>
    [Fact]
    public void A_message_that_is_delivered_again_is_neither_sent_twice_nor_after_later_ones() => Assert.Equal(
        "critical 201, ok 201; 3 deliveries",
        Run(async world =>
        {
            var (isLost, deliveries) = (false, 0);
            world.Queue.OnReceived = _ => deliveries++;
            world.Queue.OnCompleting = _ =>
            {
                if (isLost) return;
                isLost = true;
                throw new ServiceBusException("The lock expired.", ServiceBusFailureReason.SessionLockLost);
            };
            await world.StartAsync();
            world.Accept(Main, Alert("host", "critical", 1767603600), Alert("host", "ok", 1767603601));
            await world.FinishAsync(TimeSpan.FromHours(1));
            var calls = world.BigPanda.Calls.Select(call => string.Create(CultureInfo.InvariantCulture, $"{call.Text("status")} {call.Status}"));
            return $"{string.Join(", ", calls)}; {deliveries} deliveries";
        }));
}
