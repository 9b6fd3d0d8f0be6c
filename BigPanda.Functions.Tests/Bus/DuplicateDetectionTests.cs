using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Bus;

public sealed class DuplicateDetectionTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task A_second_send_of_an_id_succeeds_and_is_dropped()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await bus.SendAsync("m", session: "another");
        Assert.Equal(1, bus.Counts.Active);
    }

    [Fact]
    public async Task The_id_is_free_again_when_the_window_has_passed()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        bus.Time.Advance(Window - TimeSpan.FromMilliseconds(1));
        await bus.SendAsync("m");
        Assert.Equal(1, bus.Counts.Active);
        bus.Time.Advance(TimeSpan.FromMilliseconds(1));
        await bus.SendAsync("m");
        Assert.Equal(2, bus.Counts.Active);
    }

    [Fact]
    public async Task A_scheduled_message_counts_from_its_sending()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.Sender.ScheduleMessageAsync(TestBus.Message("m"), bus.Time.GetUtcNow() + TimeSpan.FromMinutes(5));
        await bus.SendAsync("m");
        Assert.Equal((0, 1), (bus.Counts.Active, bus.Counts.Scheduled));
    }

    [Fact]
    public async Task The_history_survives_a_restart_even_of_settled_messages()
    {
        await using var first = await TestBus.OpenAsync();
        await first.SendAsync("m");
        await using (var receiver = first.Receive())
            await (await receiver.NextAsync("m")).CompleteAsync();

        await using var second = await first.ReopenAsync();
        await second.SendAsync("m");
        Assert.Equal(0, second.Counts.Active);
        second.Time.Advance(Window);
        await second.SendAsync("m");
        Assert.Equal(1, second.Counts.Active);
    }

    [Fact]
    public async Task Senders_racing_with_one_id_leave_one_message()
    {
        await using var bus = await TestBus.OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => bus.SendAsync("m"))));
        Assert.Equal(1, bus.Counts.Active);
    }

    [Fact]
    public async Task A_queue_that_declares_no_window_takes_every_send()
    {
        await using var bus = await TestBus.OpenAsync(new QueueDescription(TestBus.Queue) { DuplicateDetectionWindow = TimeSpan.Zero });
        await bus.SendAsync("m");
        await bus.SendAsync("m");
        Assert.Equal(2, bus.Counts.Active);
    }
}
