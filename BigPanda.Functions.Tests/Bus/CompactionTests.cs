using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.Functions.Tests.Bus;

public sealed class CompactionTests
{
    private static readonly JournalOptions SmallFiles = new() { SegmentBytes = 4096 };

    [Fact]
    public async Task The_journal_stays_small_while_messages_pass_through()
    {
        await using var bus = await TestBus.OpenAsync(options: SmallFiles);
        await using var receiver = bus.Receive();
        for (var i = 0; i < 500; i++)
        {
            await bus.Sender.SendMessageAsync(TestBus.Message($"{i}", body: new string('x', 500)));
            await (await receiver.NextAsync($"{i}")).CompleteAsync();
            bus.Time.Advance(TimeSpan.FromSeconds(10));
        }

        await bus.Bus.CompactAsync(CancellationToken.None);
        Assert.InRange(SizeOf(bus.Directory), 0, 12 * 4096);
    }

    [Fact]
    public async Task What_waits_is_carried_over_with_all_that_is_known_of_it()
    {
        await using var bus = await TestBus.OpenAsync(options: SmallFiles);
        await bus.SendAsync("waiting", "w");
        await bus.SendAsync("dead", "d");
        await bus.Sender.ScheduleMessageAsync(TestBus.Message("scheduled", "z"), bus.Time.GetUtcNow() + TimeSpan.FromDays(1));
        await using (var receiver = bus.Receive(new SessionPumpOptions { MaxConcurrentSessions = 1 }))
        {
            var waiting = await receiver.NextAsync("waiting");
            await waiting.Actions.AbandonMessageAsync(waiting.Message, new Dictionary<string, object> { ["a"] = "b" });
            waiting.Return();
            (await receiver.NextAsync("waiting")).Return();
            var dead = await receiver.NextAsync("dead");
            await dead.Actions.DeadLetterMessageAsync(dead.Message, deadLetterReason: "why");
            dead.Return();
            await PassThroughAsync(bus, receiver, 100);
        }

        await bus.Bus.CompactAsync(CancellationToken.None);
        Assert.False(File.Exists(Path.Combine(bus.Directory, "journal-00000001.log")));
        await using var after = await bus.OpenCopyAsync();
        foreach (var opened in new[] { bus, after })
        {
            Assert.Equal("why", Assert.Single(await opened.DeadLettersAsync()).DeadLetterReason);
            Assert.Equal(["waiting", "scheduled"], await opened.IdsAsync());
            var waiting = await opened.Bus.Client.CreateReceiver(TestBus.Queue).PeekMessageAsync();
            Assert.Equal(("b", 2, "body of waiting"), (waiting.ApplicationProperties["a"], waiting.DeliveryCount, waiting.Body.ToString()));
        }
    }

    [Fact]
    public async Task Ids_within_the_window_outlive_the_files_their_messages_were_in()
    {
        await using var bus = await TestBus.OpenAsync(options: SmallFiles);
        await using (var receiver = bus.Receive())
        {
            await bus.SendAsync("early");
            await (await receiver.NextAsync("early")).CompleteAsync();
            await PassThroughAsync(bus, receiver, 100);
            await bus.Bus.CompactAsync(CancellationToken.None);
            Assert.False(File.Exists(Path.Combine(bus.Directory, "journal-00000001.log")));
            await PassThroughAsync(bus, receiver, 100, from: 100);
            await bus.Bus.CompactAsync(CancellationToken.None);
        }

        await using var reopened = await bus.ReopenAsync(options: SmallFiles);
        await reopened.SendAsync("early");
        for (var i = 0; i < 200; i++)
            await reopened.SendAsync($"passing {i}");
        Assert.Equal(0, reopened.Counts.Active);
    }

    [Fact]
    public async Task A_crash_at_any_moment_of_compaction_loses_and_doubles_nothing()
    {
        await using var bus = await TestBus.OpenAsync(options: SmallFiles);
        for (var i = 0; i < 20; i++)
            await bus.SendAsync($"waiting {i}", $"{i}");
        var expected = await bus.IdsAsync();
        var stop = new CancellationTokenSource();
        var passing = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await bus.Sender.SendMessageAsync(TestBus.Message($"p{i}", "passing", new string('x', 300)));
                bus.Time.Advance(TimeSpan.FromSeconds(1));
                await bus.Bus.CompactAsync(CancellationToken.None);
            }
        });
        for (var crash = 0; crash < 15; crash++)
        {
            await using var after = await CrashAsync(bus);
            Assert.Equal(expected, (await after.IdsAsync()).Where(static id => id.StartsWith("waiting", StringComparison.Ordinal)));
        }

        await stop.CancelAsync();
        await passing;
    }

    /// <summary>Copying file by file is no snapshot: a file deleted or begun meanwhile means to try again.</summary>
    private static async Task<TestBus> CrashAsync(TestBus bus)
    {
        while (true)
        {
            try
            {
                var before = Directory.GetFiles(bus.Directory).Order().ToArray();
                var copy = bus.CopyOfFolder();
                if (before.SequenceEqual(Directory.GetFiles(bus.Directory).Order()))
                    return await TestBus.OpenAsync(copy, bus.Time);
            }
            catch (FileNotFoundException)
            {
                // Deleted between listing and copying.
            }
        }
    }

    private static async Task PassThroughAsync(TestBus bus, TestReceiver receiver, int count, int from = 0)
    {
        for (var i = from; i < from + count; i++)
        {
            await bus.Sender.SendMessageAsync(TestBus.Message($"passing {i}", "passing", new string('x', 500)));
            await (await receiver.NextAsync($"passing {i}")).CompleteAsync();
        }
    }

    private static long SizeOf(string directory) => new DirectoryInfo(directory).GetFiles("*.log").Sum(static file => file.Length);
}
