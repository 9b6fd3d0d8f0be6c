using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Bus;

public sealed class DiskFailureTests
{
    [Fact]
    public async Task A_send_the_disk_refuses_fails_and_may_be_repeated()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("before");
        bus.Bus.Faults.RefuseCommits = true;
        var refused = await Assert.ThrowsAsync<ServiceBusException>(() => bus.SendAsync("m"));
        Assert.Equal((ServiceBusFailureReason.ServiceCommunicationProblem, true), (refused.Reason, refused.IsTransient));
        Assert.Equal(["before"], await bus.IdsAsync());

        bus.Bus.Faults.RefuseCommits = false;
        await bus.SendAsync("m");
        Assert.Equal(["before", "m"], await bus.IdsAsync());
        await using var after = await bus.OpenCopyAsync();
        Assert.Equal(["before", "m"], await after.IdsAsync());
    }

    [Fact]
    public async Task A_completion_the_disk_refuses_can_be_repeated()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await bus.SendAsync("behind");
        await using var receiver = bus.Receive();
        var delivery = await receiver.NextAsync("m");
        bus.Bus.Faults.RefuseCommits = true;
        await Assert.ThrowsAsync<ServiceBusException>(() => delivery.Actions.CompleteMessageAsync(delivery.Message));
        await Assert.ThrowsAsync<ServiceBusException>(() => delivery.Actions.DeadLetterMessageAsync(delivery.Message));
        Assert.Equal(new QueueCounts(1, 0, 1, 0), bus.Counts);
        bus.Bus.Faults.RefuseCommits = false;
        await delivery.CompleteAsync();
        await (await receiver.NextAsync("behind")).CompleteAsync();
        await using var after = await bus.OpenCopyAsync();
        Assert.Equal(new QueueCounts(0, 0, 0, 0), after.Counts);
    }

    [Fact]
    public async Task Delivery_waits_for_the_disk_to_come_back()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        bus.Bus.Faults.RefuseCommits = true;
        await using var receiver = bus.Receive();
        for (var attempt = 0; attempt < 12; attempt++)
        {
            await bus.Time.WhenTimerIsSetAsync(TimeSpan.FromSeconds(1));
            bus.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await bus.Time.WhenTimerIsSetAsync(TimeSpan.FromSeconds(1));
        bus.Bus.Faults.RefuseCommits = false;
        bus.Time.Advance(TimeSpan.FromSeconds(1));
        var delivery = await receiver.NextAsync("m");
        Assert.Equal(1, delivery.Message.DeliveryCount);
        await delivery.CompleteAsync();
    }

    [Fact]
    public async Task What_is_in_memory_agrees_with_the_disk_whatever_the_disk_refused()
    {
        await using var bus = await TestBus.OpenAsync(new QueueDescription(TestBus.Queue) { MaxDeliveryCount = 3 });
        var random = new Random(20261126);
        await using (var receiver = bus.Receive(new SessionPumpOptions { MaxConcurrentSessions = 3 }))
        {
            for (var step = 0; step < 300; step++)
            {
                bus.Bus.Faults.RefuseCommits = random.Next(3) == 0;
                // Several sends at once, so that refused messages share a transaction.
                await Task.WhenAll(Enumerable.Range(0, 3).Select(i => TryAsync(() => bus.SendAsync($"{step}/{i}", $"{random.Next(4)}"))));
                if (receiver.HasMore)
                    await SettleAsync(await receiver.NextAsync(), random.Next(4));
                bus.Time.Advance(TimeSpan.FromSeconds(random.Next(3)));
            }

            bus.Bus.Faults.RefuseCommits = false;
        }

        bus.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, bus.Counts.Locked);
        await using var after = await bus.OpenCopyAsync(new QueueDescription(TestBus.Queue) { MaxDeliveryCount = 3 });
        Assert.Equal(bus.Counts, after.Counts);
        Assert.Equal(await DescribeAsync(bus), await DescribeAsync(after));
        Assert.InRange(after.Counts.Active, 1, 900);
    }

    private static async Task SettleAsync(TestReceiver.Delivered delivery, int how)
    {
        await TryAsync(() => how switch
        {
            0 => delivery.Actions.AbandonMessageAsync(delivery.Message),
            1 => delivery.Actions.DeadLetterMessageAsync(delivery.Message),
            _ => delivery.Actions.CompleteMessageAsync(delivery.Message),
        });
        delivery.Return();
    }

    private static async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (ServiceBusException)
        {
            // The disk refused it, or the lock was lost in between.
        }
    }

    private static async Task<IEnumerable<string>> DescribeAsync(TestBus bus)
    {
        var waiting = await bus.Bus.Client.CreateReceiver(TestBus.Queue).PeekMessagesAsync(1000);
        return
        [
            .. waiting.Concat(await bus.DeadLettersAsync())
                .Select(static message => $"{message.SequenceNumber} {message.MessageId} {message.DeliveryCount} {message.DeadLetterReason}"),
        ];
    }
}
