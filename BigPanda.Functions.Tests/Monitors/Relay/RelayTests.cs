using BigPanda.Functions.Monitors.Api;
using static BigPanda.Functions.Tests.Monitors.Relay.RelayWorld;

namespace BigPanda.Functions.Tests.Monitors.Relay;

/// <summary>What becomes of an alert, in virtual time.</summary>
public sealed class RelayTests
{
    [Fact]
    public void An_alert_is_sent_at_once_with_the_keys_of_its_source()
    {
        var (call, took) = Run(async world =>
        {
            await world.StartAsync();
            var start = world.Now;
            world.Accept(Other, Alert("web1", "critical", 1767603600));
            await world.FinishAsync();
            var call = Assert.Single(world.BigPanda.Calls);
            return (call, call.At - start);
        });

        Assert.Equal(TimeSpan.Zero, took);
        Assert.Equal(("api.example.com", "org-token", "other-app-key"), (call.Host, call.Token, call.AppKey));
        Assert.Equal("""{"app_key":"other-app-key","status":"critical","timestamp":1767603600,"host":"web1","note":""}""", call.Alert.ToJsonString());
    }

    [Fact]
    public void Ten_thousand_alerts_reach_BigPanda_complete_and_in_order_while_it_limits_and_fails()
    {
        const int Identities = 1000;
        const int Each = 10;
        var (calls, most, took, dead) = Run(async world =>
        {
            var random = new Random(1);
            world.BigPanda.Answer = _ => random.Next(20) switch
            {
                0 => ScriptedAlertsApi.Json(500, "{}"),
                1 => ScriptedAlertsApi.Json(503, "{}"),
                2 => random.Next(4) == 0 ? ScriptedAlertsApi.Json(429, "{}", "7") : null,
                3 => throw new HttpRequestException("reset"),
                _ => null,
            };
            await world.StartAsync();
            await world.StartAsync();
            var start = world.Now;
            // Each changes from the one before.
            world.Accept(Main, Enumerable.Range(0, Each).SelectMany(
                n => Enumerable.Range(0, Identities).Select(i => Alert($"host-{i}", n % 2 == 0 ? "critical" : "ok", 1767603600 + n, $"{n}"))));
            await world.FinishAsync();
            return (world.BigPanda.Accepted.ToList(), world.BigPanda.MostInAMinute, world.Now - start, world.Queue.DeadLetters.Count);
        });

        Assert.Equal(0, dead);
        Assert.InRange(most, 250, 300);
        var byHost = calls.GroupBy(call => call.Text("host")).ToList();
        Assert.Equal(Identities, byHost.Count);
        // A call whose answer was lost is made again, before the next alert.
        Assert.All(byHost, sent => Assert.Equal(Enumerable.Range(0, Each).Select(n => $"{n}"), WithoutRepeats(sent.Select(call => call.Text("note")))));
        // 33 minutes at the rate, and what the faults cost.
        Assert.InRange(took.TotalMinutes, 33, 60);
    }

    [Theory]
    [InlineData("critical critical", "critical", 1)]
    [InlineData("critical critical", "critical critical", 11)]
    [InlineData("critical ok critical", "critical ok critical", 1)]
    [InlineData("critical ok ok critical critical", "critical ok critical", 1)]
    public void An_alert_equal_to_the_last_one_is_not_sent_again_and_any_change_is(string received, string sent, int minutesApart) => Assert.Equal(
        sent,
        Run(async world =>
        {
            // Whichever instance takes a message: neither knows what the other has sent.
            await world.StartAsync();
            await world.StartAsync();
            foreach (var status in received.Split(' '))
            {
                world.Accept(Main, Alert("host", status));
                await world.WaitAsync(TimeSpan.FromMinutes(minutesApart));
            }

            return string.Join(' ', world.BigPanda.Accepted.Select(call => call.Text("status")));
        }));

    [Fact]
    public void A_changed_tag_is_a_change() => Assert.Equal(2, Run(async world =>
    {
        await world.StartAsync();
        world.Accept(Main, Alert("host", "critical", note: "one"), Alert("host", "critical", note: "two"));
        await world.FinishAsync();
        return world.BigPanda.Accepted.Count();
    }));

    [Fact]
    public void What_BigPanda_refuses_is_a_dead_letter_with_its_text_and_the_next_one_goes()
    {
        var (dead, sent) = Run(async world =>
        {
            await world.StartAsync();
            world.Accept(Main, Alert("host", "purple", 1767603600), Alert("host", "ok", 1767603601));
            await world.FinishAsync();
            return (world.Queue.DeadLetters, world.BigPanda.Accepted.Select(call => call.Text("status")).ToList());
        });

        var (message, reason, text) = Assert.Single(dead);
        Assert.Equal("AlertRefused", reason);
        Assert.Contains("status must be one of", text, StringComparison.Ordinal);
        Assert.Contains("purple", message.Body.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("app-key", text, StringComparison.Ordinal);
        Assert.Equal(["ok"], sent);
    }

    [Fact]
    public void A_parked_alert_that_is_refused_is_one_dead_letter_and_the_next_ones_go()
    {
        var (dead, sent) = Run(async world =>
        {
            world.Keys.Stored = null;
            await world.StartAsync();
            world.Accept(Main, Alert("host", "critical", 1767603600), Alert("host", "purple", 1767603601), Alert("host", "ok", 1767603602));
            await world.WaitAsync(TimeSpan.FromMinutes(2));
            world.Keys.Stored = MonitorKeys.None.With(Main, KeysOf("main"));
            await world.FinishAsync(TimeSpan.FromHours(1));
            return (world.Queue.DeadLetters.Count, string.Join(' ', world.BigPanda.Accepted.Select(call => call.Text("status"))));
        });

        Assert.Equal((1, "critical ok"), (dead, sent));
    }

    [Fact]
    public void A_kind_that_never_resolves_gets_an_ok_when_it_has_not_fired_for_its_time()
    {
        var (sent, dues) = Run(async world =>
        {
            var instance = await world.StartAsync();
            var health = Alert("health", "critical") with { OkAfter = TimeSpan.FromHours(24) };
            world.Accept(Main, health);
            await world.WaitAsync(TimeSpan.FromHours(20));
            // A firing moves it on, be it a repeat or not.
            world.Accept(Main, health);
            await world.WaitAsync(TimeSpan.FromHours(23));
            await instance.SayOkAsync();
            await world.FinishAsync();
            var before = world.BigPanda.Accepted.Count();
            await world.WaitAsync(TimeSpan.FromHours(2));
            await instance.SayOkAsync();
            await instance.SayOkAsync();
            await world.FinishAsync();
            await instance.SayOkAsync();
            await world.FinishAsync();
            return (world.BigPanda.Accepted.ToList(), before);
        });

        Assert.Equal(2, dues);
        Assert.Equal(["critical", "critical", "ok"], sent.Select(call => call.Text("status")));
        Assert.Contains("24 hours", sent[2].Text("ok_reason"), StringComparison.Ordinal);
        Assert.Equal("health", sent[2].Text("host"));
        Assert.Equal(sent[2].At.ToUnixTimeSeconds(), long.Parse(sent[2].Text("timestamp"), null), 60.0);
    }

    [Fact]
    public void An_ok_that_waits_while_its_alert_fires_again_is_not_sent() => Assert.Equal(
        "critical critical",
        Run(async world =>
        {
            var instance = await world.StartAsync();
            var health = Alert("health", "critical") with { OkAfter = TimeSpan.FromHours(1) };
            world.Accept(Main, health);
            await world.WaitAsync(TimeSpan.FromHours(2));
            world.Accept(Main, health);
            await instance.SayOkAsync();
            await world.FinishAsync();
            return string.Join(' ', world.BigPanda.Accepted.Select(call => call.Text("status")));
        }));

    private static IEnumerable<string> WithoutRepeats(IEnumerable<string> notes)
    {
        var last = "";
        foreach (var note in notes)
        {
            if (note != last) yield return note;
            last = note;
        }
    }
}
