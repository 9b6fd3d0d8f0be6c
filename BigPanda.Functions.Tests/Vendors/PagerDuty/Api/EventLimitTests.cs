using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Api;

/// <summary>Each routing key has its own limit, for all instances together; in virtual time.</summary>
public sealed class EventLimitTests
{
    private static readonly CallClaim Urgent = new(CallPriority.Urgent);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_storm_keeps_the_keys_limit_without_gaps_however_many_instances_there_are(int instances)
    {
        const int Events = 600;
        var (pagerDuty, took) = VirtualWorld.Run(async world =>
        {
            var (pagerDuty, tables) = (new ScriptedPagerDuty(world.Time), new MemoryTables(world.Time));
            var start = world.Time.GetUtcNow();
            var all = Enumerable.Range(0, instances).Select(_ => new PagerDutyInstance(world.Time, tables, pagerDuty)).ToList();
            await Task.WhenAll(Enumerable.Range(0, Events).Select(i => SendAsync(all[i % instances], PagerDutyInstance.Main)));
            return (pagerDuty, world.Time.GetUtcNow() - start);
        });

        Assert.Equal(Events, pagerDuty.Calls.Count);
        Assert.InRange(pagerDuty.MostInAMinute, 100, 121);
        Assert.InRange(took.TotalSeconds, (Events - 2) / 2.0, Events / 2.0 + 15);
    }

    [Fact]
    public void One_keys_storm_does_not_delay_another_keys_event() => Assert.Equal(
        TimeSpan.Zero,
        VirtualWorld.Run(async world =>
        {
            var pagerDuty = new ScriptedPagerDuty(world.Time);
            await using var instance = new PagerDutyInstance(world.Time, new MemoryTables(world.Time), pagerDuty);
            var storm = Enumerable.Range(0, 200).Select(_ => SendAsync(instance, PagerDutyInstance.Main)).ToList();
            await Task.Delay(TimeSpan.FromSeconds(10), world.Time, CancellationToken.None);
            var start = world.Time.GetUtcNow();
            await SendAsync(instance, PagerDutyInstance.Other);
            var took = world.Time.GetUtcNow() - start;
            await Task.WhenAll(storm);
            return took;
        }));

    [Theory]
    [InlineData(null, null, 30)]
    [InlineData("ratelimit-reset", "47", 47)]
    [InlineData("Retry-After", "12", 12)]
    [InlineData("ratelimit-reset", "soon", 30)]
    public void A_429_pauses_its_key_on_every_instance_and_no_other_key(string? header, string? value, int seconds)
    {
        var (paused, other) = VirtualWorld.Run(async world =>
        {
            var (pagerDuty, tables) = (new ScriptedPagerDuty(world.Time), new MemoryTables(world.Time));
            await using var one = new PagerDutyInstance(world.Time, tables, pagerDuty);
            await using var another = new PagerDutyInstance(world.Time, tables, pagerDuty);
            var start = world.Time.GetUtcNow();
            pagerDuty.Answer = _ => pagerDuty.Calls.Count == 1
                ? ScriptedPagerDuty.Json(429, """{"status":"throttle exceeded","message":"Requests for this service are arriving too quickly."}""",
                    header is null ? [] : [(header, value ?? "")])
                : null;
            var refused = await SendAsync(one, PagerDutyInstance.Main);
            Assert.Equal((ApiResult.Unavailable, (int?)429), (refused.Result, refused.Status));
            await SendAsync(one, PagerDutyInstance.Other);
            var other = world.Time.GetUtcNow() - start;
            await SendAsync(another, PagerDutyInstance.Main);
            return (world.Time.GetUtcNow() - start, other);
        });

        Assert.Equal(TimeSpan.Zero, other);
        Assert.InRange(paused.TotalSeconds, seconds, seconds + 2);
    }

    [Fact]
    public void A_server_error_with_a_reset_pauses_nothing() => Assert.Equal(
        TimeSpan.FromSeconds(0.5),
        VirtualWorld.Run(async world =>
        {
            var pagerDuty = new ScriptedPagerDuty(world.Time);
            await using var instance = new PagerDutyInstance(world.Time, new MemoryTables(world.Time), pagerDuty);
            pagerDuty.Answer = _ => pagerDuty.Calls.Count == 1 ? ScriptedPagerDuty.Json(503, "{}", ("ratelimit-reset", "47")) : null;
            var start = world.Time.GetUtcNow();
            Assert.Null((await SendAsync(instance, PagerDutyInstance.Main)).RetryAfter);
            await SendAsync(instance, PagerDutyInstance.Main);
            return world.Time.GetUtcNow() - start;
        }));

    /// <summary>Waiting in a session keeps it from the pages of other keys.</summary>
    [Fact]
    public void Of_a_storm_only_some_messages_wait_and_the_rest_come_again_when_their_turn_is_planned()
    {
        var (waited, planned, urgent) = VirtualWorld.Run(async world =>
        {
            using var limit = new CancellationTokenSource();
            var pagerDuty = new ScriptedPagerDuty(world.Time);
            await using var instance = new PagerDutyInstance(world.Time, new MemoryTables(world.Time), pagerDuty);
            List<Task<ApiOutcome>> waiting = [];
            List<double> planned = [];
            for (var i = 0; i < 100; i++)
            {
                var call = SendAsync(instance, PagerDutyInstance.Main, new CallClaim(CallPriority.Normal, limit.Token));
                // The first has its turn once the leases are taken.
                await Task.Yield();
                if (call.IsFaulted) planned.Add(((await Assert.ThrowsAsync<TurnTimeoutException>(() => call)).After ?? default).TotalSeconds);
                else waiting.Add(call);
            }

            var urgent = SendAsync(instance, PagerDutyInstance.Main, new CallClaim(CallPriority.Urgent, limit.Token));
            var first = await Task.WhenAny([.. waiting.Skip(3), urgent]);
            await Task.WhenAll(waiting);
            return (waiting.Count, planned, first == urgent);
        });

        Assert.InRange(waited, 32, 34);
        Assert.True(urgent);
        Assert.Equal(planned.Order(), planned);
        Assert.InRange(planned[0], 15, 17);
        Assert.InRange(planned[^1] - planned[0], (planned.Count - 1) * 0.5 - 0.1, (planned.Count - 1) * 0.5 + 0.1);
    }

    [Fact]
    public void What_a_key_needs_is_given_up_when_it_was_not_used_for_ten_minutes() => Assert.Equal(
        (2, 1, 2),
        VirtualWorld.Run(async world =>
        {
            await using var instance = new PagerDutyInstance(world.Time, new MemoryTables(world.Time), new ScriptedPagerDuty(world.Time));
            await SendAsync(instance, PagerDutyInstance.Main);
            await SendAsync(instance, PagerDutyInstance.Other);
            var before = instance.Callers.Count;
            await Task.Delay(TimeSpan.FromMinutes(10.1), world.Time, CancellationToken.None);
            await SendAsync(instance, PagerDutyInstance.Other);
            var after = instance.Callers.Count;
            await SendAsync(instance, PagerDutyInstance.Main);
            return (before, after, instance.Callers.Count);
        }));

    [Fact]
    public void An_idle_key_leaves_its_share_to_other_instances() => Assert.Equal(
        TimeSpan.Zero,
        VirtualWorld.Run(async world =>
        {
            var (pagerDuty, tables) = (new ScriptedPagerDuty(world.Time), new MemoryTables(world.Time));
            await using var one = new PagerDutyInstance(world.Time, tables, pagerDuty);
            await using var another = new PagerDutyInstance(world.Time, tables, pagerDuty);
            await SendAsync(one, PagerDutyInstance.Main);
            await Task.Delay(TimeSpan.FromSeconds(15), world.Time, CancellationToken.None);
            var requests = tables.Requests;
            await Task.Delay(TimeSpan.FromMinutes(5), world.Time, CancellationToken.None);
            Assert.Equal(requests, tables.Requests);
            var start = world.Time.GetUtcNow();
            await SendAsync(another, PagerDutyInstance.Main);
            return world.Time.GetUtcNow() - start;
        }));

    private static Task<ApiOutcome> SendAsync(PagerDutyInstance instance, PageKey key, CallClaim? claim = null) =>
        instance.Events.EnqueueAsync(claim ?? Urgent, key, PagerDutyInstance.Body("""{"event_action":"trigger"}"""), CancellationToken.None);
}
