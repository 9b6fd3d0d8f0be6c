using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Bus;

public sealed class DurabilityTests
{
    [Fact]
    public async Task What_was_sent_is_there_after_a_crash_and_what_was_completed_is_not()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("done");
        await bus.SendAsync("waiting");
        await bus.SendAsync("elsewhere", session: "t");
        await using var receiver = bus.Receive(new SessionPumpOptions { MaxConcurrentSessions = 1 });
        await (await receiver.NextAsync("done")).CompleteAsync();
        await (await receiver.NextAsync("waiting")).CompleteAsync();
        var inFlight = await receiver.NextAsync("elsewhere");

        await using var after = await bus.OpenCopyAsync();
        await using var again = after.Receive();
        var delivery = await again.NextAsync("elsewhere");
        Assert.Equal((2, "body of elsewhere"), (delivery.Message.DeliveryCount, delivery.Message.Body.ToString()));
        await delivery.CompleteAsync();
        Assert.Equal(new QueueCounts(0, 0, 0, 0), after.Counts);
        await inFlight.CompleteAsync();
    }

    [Fact]
    public async Task A_crash_at_every_step_leaves_what_had_been_acknowledged()
    {
        await using var bus = await TestBus.OpenAsync();
        await using var receiver = bus.Receive();
        var expected = new HashSet<string>();
        for (var step = 0; step < 12; step++)
        {
            await bus.SendAsync($"{step}", session: $"{step}");
            expected.Add($"{step}");
            await AssertLeavesAsync(bus, expected);

            var delivery = await receiver.NextAsync($"{step}");
            await AssertLeavesAsync(bus, expected);
            if (step % 3 == 0)
            {
                delivery.Return();
                continue;
            }

            await delivery.CompleteAsync();
            expected.Remove($"{step}");
            await AssertLeavesAsync(bus, expected);
        }
    }

    [Fact]
    public async Task A_crash_during_the_last_delivery_leads_to_the_dead_letters()
    {
        var queue = new QueueDescription(TestBus.Queue) { MaxDeliveryCount = 1 };
        await using var bus = await TestBus.OpenAsync(queue);
        await bus.SendAsync("m");
        await using var receiver = bus.Receive();
        var delivery = await receiver.NextAsync("m");

        await using var after = await bus.OpenCopyAsync(queue);
        Assert.Equal("MaxDeliveryCountExceeded", (await after.DeadLetters().ReceiveMessageAsync()).DeadLetterReason);
        await delivery.CompleteAsync();
    }

    [Fact]
    public async Task Sessions_keep_their_order_over_restarts()
    {
        var bus = await TestBus.OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            await bus.SendAsync($"{i}", session: i % 2 == 0 ? "even" : "odd");
            if (i % 5 == 4)
                bus = await bus.ReopenAsync();
        }

        await using var opened = bus;
        await using var receiver = bus.Receive(new SessionPumpOptions { MaxConcurrentSessions = 1 });
        var order = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            var delivery = await receiver.NextAsync();
            order.Add(delivery.Message.MessageId);
            await delivery.CompleteAsync();
        }

        Assert.Equal([.. Enumerable.Range(0, 10).Select(i => $"{2 * i}"), .. Enumerable.Range(0, 10).Select(i => $"{2 * i + 1}")], order);
    }

    [Fact]
    public async Task Sequence_numbers_go_on_where_they_stopped()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("1");
        await using (var receiver = bus.Receive())
            await (await receiver.NextAsync("1")).CompleteAsync();
        await using var reopened = await bus.ReopenAsync();
        await reopened.SendAsync("2");
        await using var later = reopened.Receive();
        var delivery = await later.NextAsync("2");
        Assert.Equal(2, delivery.Message.SequenceNumber);
        await delivery.CompleteAsync();
    }

    [Fact]
    public async Task A_second_bus_on_the_folder_fails_because_it_is_in_use()
    {
        await using var bus = await TestBus.OpenAsync();
        var refused = await Assert.ThrowsAsync<BusFolderException>(() => TestBus.OpenAsync(bus.Directory, bus.Time));
        Assert.Contains("Another ./run uses the queue folder", refused.Message, StringComparison.Ordinal);
        await bus.SendAsync("still working");
    }

    [Fact]
    public async Task A_queue_that_is_no_longer_declared_keeps_its_messages()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await using var without = await bus.ReopenAsync(new QueueDescription("another"));
        await using var back = await without.ReopenAsync();
        Assert.Equal(["m"], await back.IdsAsync());
    }

    private static async Task AssertLeavesAsync(TestBus bus, HashSet<string> expected)
    {
        await using var after = await bus.OpenCopyAsync();
        Assert.Equal(expected.Order(), (await after.IdsAsync()).Order());
    }
}
