using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Actions;

/// <summary>Many closes at once, in virtual time: any number of instances keep the rate without gaps, and waiting costs no attempt.</summary>
public sealed class BulkClosingTests
{
    [Theory]
    [InlineData(600, 1, 165)]
    [InlineData(600, 3, 165)]
    [InlineData(5000, 1, 1350)]
    [InlineData(5000, 3, 1350)]
    public void Closes_are_sent_at_the_rate_that_BigPanda_allows_with_one_attempt_each(int closes, int instances, int seconds)
    {
        var (bigPanda, queue) = VirtualWorld.Run(async world =>
        {
            var (tables, bigPanda, queue) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue());
            await FillAsync(tables, queue, closes);
            await CloseAsync(queue, [.. Enumerable.Range(0, instances).Select(_ => new AppInstance(world, tables, queue, bigPanda))]);
            return (bigPanda, queue);
        });

        Assert.Equal(closes, bigPanda.Calls.Select(call => call.Path).Distinct().Count());
        Assert.Equal(closes, bigPanda.Calls.Count);
        Assert.InRange((bigPanda.Calls[^1].At - bigPanda.Started).TotalSeconds, (closes - 4) / 4.0, seconds);
        Assert.InRange(bigPanda.MostInASecond, 1, 5);
        Assert.All(
            queue.Sent.Where(sent => sent.Queue == Queues.AlertEvents),
            sent => Assert.Contains("attempt", sent.Message.Body.ToString(), StringComparison.OrdinalIgnoreCase));
        Assert.All(
            queue.Sent.Where(sent => sent.Queue == Queues.BigPandaActions),
            sent => Assert.Equal(1, sent.Message.ApplicationProperties[MessageProperties.Attempts]));
    }

    [Fact]
    public void An_instance_that_dies_with_all_shares_holds_the_others_up_for_seconds_only()
    {
        var bigPanda = VirtualWorld.Run(async world =>
        {
            var (tables, bigPanda, queue) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue());
            await FillAsync(tables, queue, 40);
            var dying = new AppInstance(world, tables, queue, bigPanda);
            var other = new AppInstance(world, tables, queue, bigPanda);
            await CloseAsync(queue, dying);
            await FillAsync(tables, queue, 40, "later");
            await CloseAsync(queue, other);
            return bigPanda;
        });

        Assert.Equal(80, bigPanda.Calls.Count);
        Assert.InRange(bigPanda.MostInASecond, 1, 5);
        Assert.InRange((bigPanda.Calls[40].At - bigPanda.Calls[39].At).TotalSeconds, 1, 25);
    }

    [Fact]
    public void An_instance_that_stops_in_order_leaves_its_shares_to_the_next_at_once()
    {
        var bigPanda = VirtualWorld.Run(async world =>
        {
            var (tables, bigPanda, queue) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue());
            await FillAsync(tables, queue, 40);
            var first = new AppInstance(world, tables, queue, bigPanda);
            await first.WorkAsync(queue);
            await first.StopAsync();
            await FillAsync(tables, queue, 40, "later");
            await CloseAsync(queue, new AppInstance(world, tables, queue, bigPanda));
            return bigPanda;
        });

        Assert.InRange((bigPanda.Calls[40].At - bigPanda.Calls[39].At).TotalSeconds, 0.25, 2);
        Assert.InRange(bigPanda.MostInASecond, 1, 5);
    }

    [Fact]
    public void A_call_that_comes_alone_is_made_at_once_and_again_after_the_shares_were_idle()
    {
        var bigPanda = VirtualWorld.Run(async world =>
        {
            var (tables, bigPanda, queue) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue());
            var instance = new AppInstance(world, tables, queue, bigPanda);
            for (var i = 0; i < 3; i++)
            {
                await FillAsync(tables, queue, 1, $"round-{i}");
                await instance.WorkAsync(queue);
                await Task.Delay(TimeSpan.FromMinutes(1), world.Time, CancellationToken.None);
            }

            var before = tables.Requests;
            await Task.Delay(TimeSpan.FromHours(1), world.Time, CancellationToken.None);
            Assert.Equal(before, tables.Requests);
            await instance.DisposeAsync();
            return bigPanda;
        });

        Assert.Equal([0, 60, 120], bigPanda.Calls.Select(call => (call.At - bigPanda.Started).TotalSeconds));
    }

    [Fact]
    public void While_closes_wait_the_state_of_the_connection_is_known_without_a_call()
    {
        var (bigPanda, outcomes) = VirtualWorld.Run(async world =>
        {
            var (tables, bigPanda, queue) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue());
            await FillAsync(tables, queue, 600);
            var instance = new AppInstance(world, tables, queue, bigPanda);
            var working = CloseAsync(queue, instance);
            List<TimeSpan> took = [];
            for (var i = 0; i < 10; i++)
            {
                await Task.Delay(TimeSpan.FromSeconds(10), world.Time, CancellationToken.None);
                var asked = world.Time.GetUtcNow();
                Assert.Equal(202, (await instance.Client.GetLatestAsync(CancellationToken.None)).Status);
                took.Add(world.Time.GetUtcNow() - asked);
            }

            // The check of a new key does not queue either.
            var started = world.Time.GetUtcNow();
            await instance.Client.CheckKeyAsync(CancellationToken.None);
            took.Add(world.Time.GetUtcNow() - started);
            await working;
            return (bigPanda, took);
        });

        Assert.All(outcomes, took => Assert.Equal(TimeSpan.Zero, took));
        Assert.Equal(601, bigPanda.Calls.Count);
        Assert.InRange(bigPanda.MostInASecond, 1, 5);
    }

    [Fact]
    public void Without_the_tables_no_call_is_made_and_none_is_counted_as_an_attempt()
    {
        var (bigPanda, queue) = VirtualWorld.Run(async world =>
        {
            var (tables, bigPanda, queue) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue());
            await FillAsync(tables, queue, 40);
            var instance = new AppInstance(world, tables, queue, bigPanda);
            var working = instance.WorkAsync(queue);
            await Task.Delay(TimeSpan.FromSeconds(2), world.Time, CancellationToken.None);
            tables.IsDown = true;
            var sent = bigPanda.Calls.Count;
            await Task.Delay(TimeSpan.FromMinutes(10), world.Time, CancellationToken.None);
            Assert.Equal(sent, bigPanda.Calls.Count);
            tables.IsDown = false;
            await working;
            foreach (var (name, again) in queue.Sent.ToList())
            {
                if (name == Queues.BigPandaActions && !again.ApplicationProperties.ContainsKey(MessageProperties.Stage)) queue.Add(again);
            }

            await CloseAsync(queue, instance);
            return (bigPanda, queue);
        });

        Assert.Equal(40, bigPanda.Calls.Count);
        Assert.All(
            queue.Sent.Where(sent => sent.Queue == Queues.BigPandaActions && sent.Message.ApplicationProperties.ContainsKey(MessageProperties.Stage)),
            sent => Assert.Equal(1, sent.Message.ApplicationProperties[MessageProperties.Attempts]));
    }

    internal static Task FillAsync(MemoryTables tables, ActionQueue queue, int closes, string name = "bulk") =>
        ClosingAlerts.AddAsync(tables, queue, Enumerable.Range(0, closes).Select(n => $"{name}-{n:0000}"));

    private static async Task CloseAsync(ActionQueue queue, params IReadOnlyList<AppInstance> instances)
    {
        await Task.WhenAll(instances.Select(instance => instance.WorkAsync(queue)));
        foreach (var instance in instances) await instance.DisposeAsync();
    }
}
