using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Outbound.Limiter;

public sealed class RateLimiterTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public void Turns_come_by_what_a_call_is_for_and_then_by_arrival() => Assert.Equal(
        ["close 1", "close 2", "callback", "comment", "verification"],
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 1);
            List<string> order = [];
            Task[] calls =
            [
                CallAsync(CallPriority.Low, "verification"), CallAsync(CallPriority.Normal, "comment"), CallAsync(CallPriority.Urgent, "close 1"),
                CallAsync(CallPriority.High, "callback"), CallAsync(CallPriority.Urgent, "close 2"),
            ];
            limiter.Hold(0, Long, TimeSpan.Zero);
            await Task.WhenAll(calls);
            return order;

            async Task CallAsync(CallPriority priority, string name)
            {
                using var turn = await limiter.TakeAsync(new CallClaim(priority), CancellationToken.None);
                order.Add(name);
                Assert.True(turn.TryUse());
            }
        }));

    [Fact]
    public void The_reconciler_has_idle_turns_only_and_one_a_second() => Assert.Equal(
        ["0 comment", "0.25 comment", "0.5 reconciler", "1.5 reconciler", "2.5 reconciler"],
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 4);
            for (var slot = 0; slot < 4; slot++) limiter.Hold(slot, Long, TimeSpan.Zero);
            List<string> order = [];
            var reconciling = Enumerable.Range(0, 3).Select(_ => CallAsync(CallPriority.Idle, "reconciler")).ToList();
            limiter.Hold(0, Long, TimeSpan.Zero);
            await Task.WhenAll([.. reconciling, CallAsync(CallPriority.Normal, "comment"), CallAsync(CallPriority.Normal, "comment")]);
            return order.Order(StringComparer.Ordinal).ToList();

            async Task CallAsync(CallPriority priority, string name)
            {
                // Behind the two comments.
                if (priority == CallPriority.Idle) await Task.Delay(TimeSpan.FromMilliseconds(1), world.Time, CancellationToken.None);
                using var turn = await limiter.TakeAsync(new CallClaim(priority), CancellationToken.None);
                Assert.True(turn.TryUse());
                order.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{limiter.Now.TotalSeconds:0.##} {name}"));
            }
        }));

    [Fact]
    public void A_turn_that_is_not_used_goes_to_the_next_call_at_once() => Assert.Equal(
        TimeSpan.Zero,
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 1);
            limiter.Hold(0, Long, TimeSpan.Zero);
            for (var i = 0; i < 50; i++) (await limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None)).Dispose();
            return limiter.Now;
        }));

    /// <summary>Thrown in the limiter's timer, an exception would end the process.</summary>
    [Fact]
    public void Calls_that_are_cancelled_while_their_turn_is_given_break_nothing() => VirtualWorld.Run(async world =>
    {
        using var limiter = New(world, 2);
        using var stop = new CancellationTokenSource();
        Task<CallTurn>[] calls = [.. Enumerable.Range(0, 2).Select(_ => limiter.TakeAsync(new CallClaim(CallPriority.Normal), stop.Token))];
        var isHeld = false;
        // Called between the look for the next call and its turn.
        limiter.OnShortage(() =>
        {
            if (isHeld) stop.Cancel();
        });
        isHeld = true;
        limiter.Hold(0, Long, TimeSpan.Zero);

        foreach (var call in calls) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        limiter.OnShortage(null);
        using var turn = await limiter.TakeAsync(new CallClaim(CallPriority.Normal), CancellationToken.None);
        Assert.True(turn.TryUse());
        return true;
    });

    [Fact]
    public void The_next_turn_of_a_slot_counts_from_when_its_call_left() => Assert.Equal(
        [3, 4],
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 1);
            limiter.Hold(0, Long, TimeSpan.Zero);
            List<double> left = [];
            for (var i = 0; i < 2; i++)
            {
                using var turn = await limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None);
                // Checking whether the call is still wanted takes time.
                if (i == 0) await Task.Delay(TimeSpan.FromSeconds(3), world.Time, CancellationToken.None);
                Assert.True(turn.TryUse());
                left.Add(limiter.Now.TotalSeconds);
            }

            return left;
        }));

    [Fact]
    public void A_turn_whose_lease_ran_out_meanwhile_may_not_be_used() => Assert.False(
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 1);
            limiter.Hold(0, TimeSpan.FromSeconds(14), TimeSpan.Zero);
            using var turn = await limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None);
            await Task.Delay(TimeSpan.FromSeconds(14), world.Time, CancellationToken.None);
            return turn.TryUse();
        }));

    [Fact]
    public void A_turn_that_was_given_before_a_pause_may_not_be_used_and_the_next_one_comes_after_it() => Assert.Equal(
        (false, 30),
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 1);
            var key = new ApiCredential("a-key", "https://api.example.com");
            limiter.Serve(key);
            limiter.Hold(0, Long, TimeSpan.Zero);
            using var turn = await limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None);
            Assert.True(limiter.TryPause(key, TimeSpan.FromSeconds(30), isShared: true));
            Assert.False(limiter.TryPause(key, TimeSpan.FromSeconds(10), isShared: true));
            Assert.False(limiter.TryPause(key with { ApiKey = "another" }, TimeSpan.FromSeconds(90), isShared: true));
            var isUsed = turn.TryUse();
            using var next = await limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None);
            Assert.True(next.TryUse());
            return (isUsed, limiter.Now.TotalSeconds);
        }));

    [Fact]
    public void A_slot_whose_call_is_about_to_leave_is_not_released() => Assert.Equal(
        (false, true),
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 1);
            limiter.Hold(0, Long, TimeSpan.Zero);
            using var turn = await limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None);
            var during = limiter.TryRelease(0);
            turn.TryUse();
            return (during, limiter.TryRelease(0));
        }));

    [Fact]
    public void A_caller_that_stops_waiting_gets_no_turn_and_holds_up_no_other() => Assert.Equal(
        TimeSpan.FromMinutes(4),
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 1);
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4), world.Time);
            await Assert.ThrowsAsync<TurnTimeoutException>(
                () => limiter.TakeAsync(new CallClaim(CallPriority.Urgent, patience.Token), CancellationToken.None));
            limiter.Hold(0, Long, TimeSpan.Zero);
            using var turn = await limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None);
            Assert.True(turn.TryUse());
            return limiter.Now;
        }));

    [Fact]
    public void A_process_that_is_about_to_end_gives_no_more_turns() => Assert.False(
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 1);
            using var stopping = new CancellationTokenSource();
            limiter.Hold(0, Long, TimeSpan.Zero);
            limiter.Close();
            var waiting = limiter.TakeAsync(new CallClaim(CallPriority.Urgent), stopping.Token);
            await Task.Delay(TimeSpan.FromMinutes(1), world.Time, CancellationToken.None);
            var isGiven = waiting.IsCompleted;
            stopping.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
            return isGiven;
        }));

    [Theory]
    [InlineData(5, 5, 1)]
    [InlineData(4, 4, 1)]
    [InlineData(2.5, 3, 1.2)]
    [InlineData(1, 1, 1)]
    [InlineData(0.1, 1, 10)]
    [InlineData(16, 16, 1)]
    public void No_second_holds_more_calls_than_the_rate_has_slots(double rate, int slots, double interval) => Assert.Equal(
        (slots, interval),
        VirtualWorld.Run(world =>
        {
            using var limiter = New(world, rate);
            return Task.FromResult((limiter.SlotCount, limiter.Interval.TotalSeconds));
        }));

    /// <summary>A renewal writes all slots in one transaction, which has at most 100 rows.</summary>
    [Fact]
    public void A_high_rate_has_shorter_intervals_and_not_more_slots() => Assert.Equal(
        (20, 0.125),
        VirtualWorld.Run(world =>
        {
            using var limiter = New(world, 160);
            return Task.FromResult((limiter.SlotCount, limiter.Interval.TotalSeconds));
        }));

    [Fact]
    public void A_direct_call_is_sent_at_once_and_the_next_a_second_later() => Assert.Equal(
        [0, 1, 2.4, 3.4],
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 1);
            List<double> left = [];
            for (var i = 0; i < 4; i++)
            {
                if (i == 2) await Task.Delay(TimeSpan.FromSeconds(1.4), world.Time, CancellationToken.None);
                await limiter.WaitDirectAsync(CancellationToken.None);
                left.Add(limiter.Now.TotalSeconds);
            }

            return left;
        }));

    [Fact]
    public void A_cancelled_direct_call_does_not_delay_the_next() => Assert.Equal(
        1,
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 1);
            using var stopping = new CancellationTokenSource(TimeSpan.FromMilliseconds(500), world.Time);
            await limiter.WaitDirectAsync(CancellationToken.None);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => limiter.WaitDirectAsync(stopping.Token));
            await limiter.WaitDirectAsync(CancellationToken.None);
            return limiter.Now.TotalSeconds;
        }));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    public void The_demand_is_the_number_of_waiting_calls_up_to_the_number_of_slots(int calls, int needed) => Assert.Equal(
        needed,
        VirtualWorld.Run(world =>
        {
            using var limiter = New(world, 2);
            for (var i = 0; i < calls; i++) Wait(limiter);
            return Task.FromResult(limiter.Demand().Needed);
        }));

    [Fact]
    public void A_slot_is_needed_until_its_call_is_sent_and_idle_five_seconds_later() => Assert.Equal(
        [new SlotDemand(1, false), new SlotDemand(0, false), new SlotDemand(0, false), new SlotDemand(0, true)],
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 2);
            limiter.Hold(0, Long, TimeSpan.Zero);
            await Task.Delay(TimeSpan.FromSeconds(7), world.Time, CancellationToken.None);
            using var turn = await limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None);
            List<SlotDemand> demands = [limiter.Demand()];
            Assert.True(turn.TryUse());
            demands.Add(limiter.Demand());
            await Task.Delay(TimeSpan.FromSeconds(4.999), world.Time, CancellationToken.None);
            demands.Add(limiter.Demand());
            await Task.Delay(TimeSpan.FromMilliseconds(1), world.Time, CancellationToken.None);
            demands.Add(limiter.Demand());
            return demands;
        }));

    [Fact]
    public void The_limiter_is_not_idle_while_a_call_waits() => Assert.Equal(
        new SlotDemand(1, false),
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 2);
            Wait(limiter);
            await Task.Delay(TimeSpan.FromSeconds(60), world.Time, CancellationToken.None);
            return limiter.Demand();
        }));

    [Fact]
    public void More_slots_are_wanted_while_more_calls_wait_than_slots_are_held() => Assert.Equal(
        "0: at once: 1, with one held: 1, another call: 2, with both held: 2, replaced: 2",
        VirtualWorld.Run(world =>
        {
            using var limiter = New(world, 2);
            var wanted = 0;
            limiter.OnShortage(() => wanted++);
            var seen = $"{wanted}";
            limiter.OnShortage(null);
            Wait(limiter);
            limiter.OnShortage(() => wanted++);
            seen += $": at once: {wanted}";
            limiter.Hold(0, Long, Long);
            seen += $", with one held: {wanted}";
            Wait(limiter);
            seen += $", another call: {wanted}";
            limiter.Hold(1, Long, Long);
            Wait(limiter);
            seen += $", with both held: {wanted}";
            limiter.OnShortage(() => wanted += 100);
            return Task.FromResult($"{seen}, replaced: {wanted}");
        }));

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.7, 0.7)]
    [InlineData(null, 1)]
    public void The_first_call_of_a_slot_waits_until_the_previous_holders_calls_no_longer_count(double? readyIn, double left) => Assert.Equal(
        left,
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 1);
            limiter.Hold(0, Long, readyIn is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
            using var turn = await limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None);
            return limiter.Now.TotalSeconds;
        }));

    [Fact]
    public void Renewing_a_lease_in_time_delays_no_call() => Assert.Equal(
        2,
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 1);
            limiter.Hold(0, TimeSpan.FromSeconds(3), TimeSpan.Zero);
            await Task.Delay(TimeSpan.FromSeconds(2), world.Time, CancellationToken.None);
            limiter.Hold(0, Long, null);
            using var turn = await limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None);
            return limiter.Now.TotalSeconds;
        }));

    [Fact]
    public void Renewing_a_lease_does_not_shorten_the_interval_between_calls() => Assert.Equal(
        1,
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 1);
            limiter.Hold(0, Long, TimeSpan.Zero);
            using (var first = await limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None)) Assert.True(first.TryUse());
            limiter.Hold(0, Long, TimeSpan.Zero);
            using var second = await limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None);
            return limiter.Now.TotalSeconds;
        }));

    [Fact]
    public void A_released_slot_gives_no_turn_until_it_is_held_again() => Assert.Equal(
        (false, 60),
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 1);
            limiter.Hold(0, Long, TimeSpan.Zero);
            Assert.True(limiter.TryRelease(0));
            var waiting = limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None);
            await Task.Delay(TimeSpan.FromSeconds(60), world.Time, CancellationToken.None);
            var isGiven = waiting.IsCompleted;
            limiter.Hold(0, Long, TimeSpan.Zero);
            using var turn = await waiting;
            return (isGiven, limiter.Now.TotalSeconds);
        }));

    [Fact]
    public void The_calls_of_several_slots_are_spaced_evenly() => Assert.Equal(
        [0, 0.5, 1, 1.5],
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 2);
            for (var slot = 0; slot < 2; slot++) limiter.Hold(slot, Long, TimeSpan.Zero);
            List<double> left = [];
            for (var i = 0; i < 4; i++)
            {
                using var turn = await limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None);
                Assert.True(turn.TryUse());
                left.Add(limiter.Now.TotalSeconds);
            }

            return left;
        }));

    [Fact]
    public void A_cancelled_caller_no_longer_counts() => Assert.Equal(
        (1, 0),
        VirtualWorld.Run(async world =>
        {
            using var limiter = New(world, 2);
            using var stopping = new CancellationTokenSource();
            var waiting = limiter.TakeAsync(new CallClaim(CallPriority.Urgent), stopping.Token);
            var before = limiter.Demand().Needed;
            stopping.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
            return (before, limiter.Demand().Needed);
        }));

    private static void Wait(RateLimiter limiter) => _ = limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None);

    private static RateLimiter New(VirtualWorld world, double rate) => new("BigPanda", rate, world.Time);
}
