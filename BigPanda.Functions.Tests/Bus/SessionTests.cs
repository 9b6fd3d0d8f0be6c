using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Bus;

public sealed class SessionTests
{
    [Fact]
    public async Task A_session_is_delivered_in_order_and_one_at_a_time()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("1");
        await bus.SendAsync("2");
        await using var receiver = bus.Receive();
        var first = await receiver.NextAsync("1");
        Assert.Equal((1, 1, false), (bus.Counts.Locked, bus.Counts.Active, receiver.HasMore));
        await first.CompleteAsync();
        await (await receiver.NextAsync("2")).CompleteAsync();
    }

    [Fact]
    public async Task Sessions_run_side_by_side_up_to_the_limit()
    {
        await using var bus = await TestBus.OpenAsync();
        foreach (var session in new[] { "a", "b", "c" })
            await bus.SendAsync($"of {session}", session);
        await using var receiver = bus.Receive(new SessionPumpOptions { MaxConcurrentSessions = 2 });
        // Side by side, so either may be first.
        var (first, second) = (await receiver.NextAsync(), await receiver.NextAsync());
        Assert.Equal(["of a", "of b"], new[] { first.Message.MessageId, second.Message.MessageId }.Order());
        Assert.Equal(2, bus.Counts.Locked);
        await first.CompleteAsync();
        var third = await receiver.NextAsync("of c");
        await second.CompleteAsync();
        await third.CompleteAsync();
    }

    [Fact]
    public async Task An_empty_session_gives_its_slot_to_one_with_work_without_waiting_out_the_timeout()
    {
        await using var bus = await TestBus.OpenAsync();
        await using var receiver = bus.Receive(new SessionPumpOptions { MaxConcurrentSessions = 1, SessionIdleTimeout = TimeSpan.FromHours(1) });
        await bus.SendAsync("of a", "a");
        await (await receiver.NextAsync("of a")).CompleteAsync();
        await bus.SendAsync("of b", "b");
        await (await receiver.NextAsync("of b")).CompleteAsync();
    }

    [Fact]
    public async Task A_session_that_ran_empty_takes_up_its_next_message()
    {
        await using var bus = await TestBus.OpenAsync();
        await using var receiver = bus.Receive(new SessionPumpOptions { MaxConcurrentSessions = 1, SessionIdleTimeout = TimeSpan.FromSeconds(1) });
        for (var round = 0; round < 5; round++)
        {
            await bus.SendAsync($"{round}");
            await (await receiver.NextAsync($"{round}")).CompleteAsync();
            bus.Time.Advance(TimeSpan.FromSeconds(round % 2));
        }
    }

    [Fact]
    public async Task After_the_stop_running_handlers_may_finish_and_nothing_new_begins()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("1");
        await bus.SendAsync("2");
        await using var receiver = bus.Receive();
        var running = await receiver.NextAsync("1");
        await receiver.StopAsync();
        Assert.False(receiver.Pump.IsCompleted);
        await running.CompleteAsync();
        await receiver.Pump;
        Assert.False(running.Token.IsCancellationRequested);
        Assert.Equal(["2"], await bus.IdsAsync());
    }

    [Fact]
    public async Task After_the_grace_period_handlers_are_cancelled()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("1");
        await using var receiver = bus.Receive(new SessionPumpOptions { StopGracePeriod = TimeSpan.FromSeconds(10) });
        var running = await receiver.NextAsync("1");
        var cancelled = new TaskCompletionSource();
        await using var registration = running.Token.Register(cancelled.SetResult);
        await receiver.StopAsync();
        await bus.Time.WhenTimerIsSetAsync(TimeSpan.FromSeconds(10));
        bus.Time.Advance(TimeSpan.FromSeconds(10));
        await cancelled.Task;
        running.Throw();
        await receiver.Pump;
        Assert.Equal((1, 0), (bus.Counts.Active, bus.Counts.Locked));
    }

    [Fact]
    public async Task Closing_the_bus_ends_its_pumps()
    {
        await using var bus = await TestBus.OpenAsync();
        await using var receiver = bus.Receive();
        await bus.Bus.DisposeAsync();
        await receiver.Pump;
    }
}
