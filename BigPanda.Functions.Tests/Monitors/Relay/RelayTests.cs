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
