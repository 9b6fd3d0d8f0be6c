using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Messaging.Settling;

/// <summary>A process that dies is modelled by work that never returns and a second instance on the same tables.</summary>
public sealed class SuspectsTests
{
    private readonly MemoryTables _tables = new(TimeProvider.System);

    [Fact]
    public async Task The_message_that_kills_ten_processes_is_a_dead_letter_and_is_not_tried_again()
    {
        for (var death = 0; death < Suspects.MaxDeaths; death++) Assert.False(DiesAsync().IsCompleted);

        var settled = Interrupted();
        await settled.RunAsync(_ => throw new InvalidOperationException("not to be called"));

        Assert.Equal(
            "dead-letter ProcessKilled: The process died 10 times while it worked on this message and no other suspect.", Assert.Single(settled.Asked));

        // Once a person replays it, after a new build, it is tried again.
        var replayed = Interrupted();
        await replayed.RunAsync(_ => Disposition.Complete);
        Assert.Equal(["complete"], replayed.Asked);
    }

    [Fact]
    public async Task Suspects_take_turns_in_one_process()
    {
        using var process = new Suspects(_tables, TimeProvider.System);

        Assert.Equal(1, await process.RunAsync("one", () => Task.FromResult(1), CancellationToken.None));
        Assert.Equal(2, await process.RunAsync("other", () => Task.FromResult(2), CancellationToken.None));
    }

    /// <summary>They are delivered together with the message that kills the process, and wait for their turn at that moment.</summary>
    [Fact]
    public async Task Messages_delivered_together_with_it_are_no_suspects()
    {
        for (var death = 0; death < 2 * Suspects.MaxDeaths; death++)
        {
            var process = new Suspects(_tables, TimeProvider.System);
            _ = process.RunAsync($"killer-{death}", Never, CancellationToken.None);
            Assert.False(process.RunAsync("the-message", () => Task.FromResult(true), CancellationToken.None).IsCompleted);
        }

        var settled = Interrupted();
        await settled.RunAsync(_ => Disposition.Complete);

        Assert.Equal(["complete"], settled.Asked);
    }

    /// <summary>An outage of the broker can take the lock any number of times while the process lives.</summary>
    [Fact]
    public async Task A_message_that_lost_its_lock_a_hundred_times_is_no_suspect()
    {
        for (var lost = 0; lost < 100; lost++)
        {
            var settled = Interrupted();
            await settled.RunAsync(_ => Disposition.Complete);
            Assert.Equal(["complete"], settled.Asked);
        }
    }

    [Fact]
    public async Task Work_that_fails_without_killing_is_counted_as_a_failure()
    {
        var settled = Interrupted();

        await settled.FinishAsync(settled.RunAsync(_ => throw new InvalidOperationException("a defect")));

        Assert.Equal(1, settled.Released[MessageProperties.Failures]);
    }

    [Fact]
    public async Task A_message_that_is_no_suspect_costs_no_write()
    {
        var settled = new SettledMessage(_tables) { DeliveryCount = Suspects.MinInterruptions };

        await settled.RunAsync(_ => Disposition.Complete);

        Assert.Equal(0, _tables.Requests);
    }

    private static Task<bool> Never() => new TaskCompletionSource<bool>().Task;

    private Task<bool> DiesAsync() => new Suspects(_tables, TimeProvider.System).RunAsync("the-message", Never, CancellationToken.None);

    private SettledMessage Interrupted() => new(_tables) { DeliveryCount = Suspects.MinInterruptions + 1 };
}
