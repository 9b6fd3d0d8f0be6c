using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Tests.Bus;

public sealed class SchedulingTests
{
    [Fact]
    public async Task A_scheduled_message_is_delivered_at_its_time()
    {
        await using var bus = await TestBus.OpenAsync();
        await using var receiver = bus.Receive();
        await bus.Sender.ScheduleMessageAsync(TestBus.Message("later"), bus.Time.GetUtcNow() + TimeSpan.FromMinutes(5));
        bus.Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        Assert.Equal((0, 1), (bus.Counts.Active, bus.Counts.Scheduled));

        bus.Time.Advance(TimeSpan.FromMilliseconds(1));
        var delivery = await receiver.NextAsync("later");
        Assert.Equal(bus.Time.GetUtcNow(), delivery.Message.EnqueuedTime);
        await delivery.CompleteAsync();
    }

    [Fact]
    public async Task It_takes_its_place_in_the_session_when_it_comes_due()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.Sender.ScheduleMessageAsync(TestBus.Message("scheduled"), bus.Time.GetUtcNow() + TimeSpan.FromMinutes(1));
        await bus.SendAsync("before");
        bus.Time.Advance(TimeSpan.FromMinutes(2));
        await bus.SendAsync("after");

        await using var reopened = await bus.ReopenAsync();
        await using var receiver = reopened.Receive();
        foreach (var id in new[] { "before", "scheduled", "after" })
            await (await receiver.NextAsync(id)).CompleteAsync();
    }

    [Fact]
    public async Task Scheduled_messages_survive_a_restart_and_come_due_while_the_bus_is_down()
    {
        await using var bus = await TestBus.OpenAsync();
        var message = TestBus.Message("m");
        message.ScheduledEnqueueTime = bus.Time.GetUtcNow() + TimeSpan.FromMinutes(5);
        await bus.Sender.SendMessageAsync(message);

        await using var second = await bus.ReopenAsync();
        Assert.Equal(1, second.Counts.Scheduled);
        second.Time.Advance(TimeSpan.FromMinutes(5));
        await using var third = await second.ReopenAsync();
        Assert.Equal((1, 0), (third.Counts.Active, third.Counts.Scheduled));
    }

    [Fact]
    public async Task Waiting_for_idle_does_not_wait_for_scheduled_messages()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.Sender.ScheduleMessageAsync(TestBus.Message("m"), bus.Time.GetUtcNow() + TimeSpan.FromMinutes(5));
        await bus.Bus.WhenIdleAsync(TestBus.Queue, CancellationToken.None);
    }

    [Fact]
    public async Task Peeking_shows_it_as_scheduled()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.Sender.ScheduleMessageAsync(TestBus.Message("m"), bus.Time.GetUtcNow() + TimeSpan.FromMinutes(5));
        Assert.Equal(ServiceBusMessageState.Scheduled, (await bus.Bus.Client.CreateReceiver(TestBus.Queue).PeekMessageAsync()).State);
    }
}
