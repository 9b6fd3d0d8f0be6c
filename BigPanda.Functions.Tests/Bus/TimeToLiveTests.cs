using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Bus;

public sealed class TimeToLiveTests
{
    [Fact]
    public async Task An_expired_message_goes_to_the_dead_letters()
    {
        await using var bus = await TestBus.OpenAsync();
        var message = TestBus.Message("m");
        message.TimeToLive = TimeSpan.FromMinutes(1);
        await bus.Sender.SendMessageAsync(message);
        await bus.SendAsync("lasting");
        bus.Time.Advance(TimeSpan.FromMinutes(1));

        var dead = await bus.DeadLetters().ReceiveMessageAsync();
        Assert.Equal(("m", "TTLExpiredException"), (dead.MessageId, dead.DeadLetterReason));
        Assert.Equal(["lasting"], await bus.IdsAsync());
    }

    [Fact]
    public async Task The_queue_limits_what_the_message_asks_for()
    {
        await using var bus = await TestBus.OpenAsync(new QueueDescription(TestBus.Queue) { DefaultTimeToLive = TimeSpan.FromHours(1) });
        await bus.SendAsync("m");
        bus.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("m", (await bus.DeadLetters().ReceiveMessageAsync()).MessageId);
    }

    [Fact]
    public async Task A_queue_may_drop_what_expires()
    {
        await using var bus = await TestBus.OpenAsync(
            new QueueDescription(TestBus.Queue) { DefaultTimeToLive = TimeSpan.FromHours(1), DeadLetterOnExpiration = false });
        await bus.SendAsync("m");
        bus.Time.Advance(TimeSpan.FromHours(1));
        await bus.Bus.WhenIdleAsync(TestBus.Queue, CancellationToken.None);
        Assert.Equal(new QueueCounts(0, 0, 0, 0), bus.Counts);
    }

    [Fact]
    public async Task A_locked_message_may_still_be_completed_after_its_time()
    {
        await using var bus = await TestBus.OpenAsync(new QueueDescription(TestBus.Queue) { DefaultTimeToLive = TimeSpan.FromSeconds(30) });
        await bus.SendAsync("m");
        await using var receiver = bus.Receive();
        var delivery = await receiver.NextAsync("m");
        bus.Time.Advance(TimeSpan.FromSeconds(45));
        await delivery.CompleteAsync();
        Assert.Equal(new QueueCounts(0, 0, 0, 0), bus.Counts);
    }

    [Fact]
    public async Task Messages_that_expired_while_the_bus_was_down_are_dead_lettered_at_the_start()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        bus.Time.Advance(TimeSpan.FromDays(14));
        await using var reopened = await bus.ReopenAsync();
        Assert.Equal("m", (await reopened.DeadLetters().ReceiveMessageAsync()).MessageId);
    }
}
