using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Bus;

public sealed class DiskSpaceTests
{
    private const int MegaByte = 1024 * 1024;

    [Fact]
    public async Task The_files_stay_small_while_messages_pass_through()
    {
        await using var bus = await TestBus.OpenAsync();
        await using var receiver = bus.Receive();
        for (var i = 0; i < 120; i++)
        {
            await bus.Sender.SendMessageAsync(TestBus.Message($"{i}", body: new string('x', 125_000)));
            await (await receiver.NextAsync($"{i}")).CompleteAsync();
        }

        // After 15 MB of messages the log is at most 4 MB, which one checkpoint moves, and the database holds only the messages that waited together.
        Assert.InRange(SizeOf(bus, "queues.db-wal"), 0, 6 * MegaByte);
        Assert.InRange(SizeOf(bus, "queues.db"), 0, MegaByte);
    }

    [Fact]
    public async Task A_backlog_that_is_drained_gives_its_room_back()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("before");
        for (var i = 0; i < 20; i++)
            await bus.Sender.SendMessagesAsync([.. Enumerable.Range(0, 10).Select(j => TestBus.Message($"{i}/{j}", body: new string('x', 20_000)))]);
        await bus.SendAsync("after", "w");
        await using var receiver = bus.Receive(new SessionPumpOptions { MaxConcurrentSessions = 1 });
        for (var left = 201; left > 0; left--)
            await (await receiver.NextAsync()).CompleteAsync();
        bus.Time.Advance(TimeSpan.FromMinutes(1));

        await Eventually.Async(
            () => Task.FromResult(SizeOf(bus, "queues.db") + SizeOf(bus, "queues.db-wal")), bytes => bytes < 4.5 * MegaByte, "the files have shrunk");
        await (await receiver.NextAsync("after")).CompleteAsync();
    }

    [Fact]
    public async Task Ids_within_the_window_outlive_their_messages_and_those_before_it_are_dropped()
    {
        await using var bus = await TestBus.OpenAsync();
        await using (var receiver = bus.Receive())
        {
            for (var i = 0; i < 100; i++)
            {
                await bus.SendAsync($"early {i}");
                await (await receiver.NextAsync($"early {i}")).CompleteAsync();
            }
        }

        bus.Time.Advance(TimeSpan.FromMinutes(5));
        await using var reopened = await bus.ReopenAsync();
        await reopened.SendAsync("early 7");
        Assert.Equal(0, reopened.Counts.Active);

        await reopened.SendAsync("late");
        for (var minute = 0; minute < 15; minute++)
        {
            reopened.Time.Advance(TimeSpan.FromMinutes(1));
            // Once the broker has answered, it has read the clock.
            Assert.Equal(1, reopened.Counts.Active);
        }

        await using var last = await reopened.ReopenAsync();
        Assert.Equal(["late"], await last.IdsAsync());
        await last.SendAsync("early 7");
        Assert.Equal(2, last.Counts.Active);
        Assert.Equal(102, (await last.Bus.Client.CreateReceiver(TestBus.Queue).PeekMessagesAsync(10))[^1].SequenceNumber);
    }

    private static long SizeOf(TestBus bus, string file) => new FileInfo(Path.Combine(bus.Directory, file)).Length;
}
