using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Bus;

public sealed class LockTests
{
    private static readonly TimeSpan LockDuration = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_lock_is_renewed_while_the_handler_runs()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await using var receiver = bus.Receive();
        var delivery = await receiver.NextAsync("m");
        bus.Time.Advance(TimeSpan.FromMinutes(4.9));
        Assert.Equal(1, bus.Counts.Locked);
        await delivery.CompleteAsync();
        Assert.Equal(0, bus.Counts.Locked);
    }

    [Fact]
    public async Task Renewal_ends_and_the_message_goes_to_another_receiver()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await using var receiver = bus.Receive(new SessionPumpOptions { MaxAutoLockRenewalDuration = TimeSpan.FromMinutes(2) });
        var slow = await receiver.NextAsync("m");
        bus.Time.Advance(TimeSpan.FromMinutes(3));

        var again = await receiver.NextAsync("m");
        Assert.Equal(2, again.Message.DeliveryCount);
        var lost = await Assert.ThrowsAsync<ServiceBusException>(() => slow.Actions.CompleteMessageAsync(slow.Message));
        Assert.Equal(ServiceBusFailureReason.SessionLockLost, lost.Reason);
        slow.Return();
        await again.CompleteAsync();
    }

    [Fact]
    public async Task An_unsettled_message_stays_locked_and_holds_its_session_until_the_lock_expires()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await bus.SendAsync("behind");
        await bus.SendAsync("other", session: "other");
        await using var receiver = bus.Receive(new SessionPumpOptions { MaxConcurrentSessions = 1 });
        (await receiver.NextAsync("m")).Return();
        await (await receiver.NextAsync("other")).CompleteAsync();
        bus.Time.Advance(LockDuration - TimeSpan.FromMilliseconds(1));
        Assert.Equal((1, 1), (bus.Counts.Locked, bus.Counts.Active));

        bus.Time.Advance(TimeSpan.FromMilliseconds(1));
        var again = await receiver.NextAsync("m");
        Assert.Equal(2, again.Message.DeliveryCount);
        await again.CompleteAsync();
        await (await receiver.NextAsync("behind")).CompleteAsync();
    }

    [Fact]
    public async Task An_unsettled_message_may_still_be_settled_while_its_lock_lasts()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await using var receiver = bus.Receive();
        var delivery = await receiver.NextAsync("m");
        delivery.Return();
        await delivery.Actions.CompleteMessageAsync(delivery.Message);
        Assert.Equal(new QueueCounts(0, 0, 0, 0), bus.Counts);
    }

    [Fact]
    public async Task Locks_that_expire_count_as_deliveries()
    {
        await using var bus = await TestBus.OpenAsync(new QueueDescription(TestBus.Queue) { MaxDeliveryCount = 2 });
        await bus.SendAsync("m");
        await using var receiver = bus.Receive(new SessionPumpOptions { MaxAutoLockRenewalDuration = TimeSpan.Zero });
        for (var delivery = 1; delivery <= 2; delivery++)
        {
            (await receiver.NextAsync("m")).Return();
            // The next delivery must begin with a new lock.
            bus.Time.Advance(LockDuration + LockDuration);
        }

        Assert.Equal("MaxDeliveryCountExceeded", (await bus.DeadLetters().ReceiveMessageAsync()).DeadLetterReason);
    }

    [Fact]
    public async Task A_renewal_by_the_handler_lengthens_the_lock()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await using var receiver = bus.Receive(new SessionPumpOptions { MaxAutoLockRenewalDuration = TimeSpan.Zero });
        var delivery = await receiver.NextAsync("m");
        bus.Time.Advance(TimeSpan.FromSeconds(40));
        await delivery.Actions.RenewMessageLockAsync(delivery.Message);
        bus.Time.Advance(TimeSpan.FromSeconds(40));
        await delivery.CompleteAsync();
    }
}
