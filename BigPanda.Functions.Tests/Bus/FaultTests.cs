using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Bus;

public sealed class FaultTests
{
    private static readonly TimeSpan LockDuration = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(ServiceBusFailureReason.ServiceBusy, true)]
    [InlineData(ServiceBusFailureReason.ServiceCommunicationProblem, true)]
    [InlineData(ServiceBusFailureReason.ServiceTimeout, true)]
    [InlineData(ServiceBusFailureReason.QuotaExceeded, false)]
    public async Task Sends_are_refused_until_the_fault_is_lifted(ServiceBusFailureReason reason, bool isTransient)
    {
        await using var bus = await TestBus.OpenAsync();
        using (bus.Bus.Faults.Refuse(BusOperations.Send, reason))
        {
            var refused = await Assert.ThrowsAsync<ServiceBusException>(() => bus.SendAsync("m"));
            Assert.Equal((reason, isTransient), (refused.Reason, refused.IsTransient));
            await Assert.ThrowsAsync<ServiceBusException>(() => bus.Sender.SendMessagesAsync([TestBus.Message("m")]));
            await Assert.ThrowsAsync<ServiceBusException>(() => bus.Sender.ScheduleMessageAsync(TestBus.Message("m"), bus.Time.GetUtcNow()));
            Assert.Equal(new QueueCounts(0, 0, 0, 0), bus.Counts);
        }

        await bus.SendAsync("m");
        Assert.Equal(["m"], await bus.IdsAsync());
    }

    [Fact]
    public async Task A_fault_meets_as_many_calls_as_it_says_and_only_its_queue()
    {
        await using var bus = await TestBus.OpenAsync();
        bus.Bus.Faults.Refuse(BusOperations.Send, ServiceBusFailureReason.ServiceBusy, times: 2, queue: TestBus.Queue);
        bus.Bus.Faults.Refuse(BusOperations.Send, ServiceBusFailureReason.ServiceBusy, queue: "another");
        await Assert.ThrowsAsync<ServiceBusException>(() => bus.SendAsync("m"));
        await Assert.ThrowsAsync<ServiceBusException>(() => bus.SendAsync("m"));
        await bus.SendAsync("m");
    }

    [Fact]
    public async Task A_send_whose_answer_is_lost_is_stored_and_its_repetition_dropped()
    {
        await using var bus = await TestBus.OpenAsync();
        bus.Bus.Faults.LoseAnswer(BusOperations.Send, times: 1);
        var broken = await Assert.ThrowsAsync<ServiceBusException>(() => bus.SendAsync("m"));
        Assert.Equal(ServiceBusFailureReason.ServiceCommunicationProblem, broken.Reason);
        Assert.Equal(["m"], await bus.IdsAsync());
        await bus.SendAsync("m");
        Assert.Equal(["m"], await bus.IdsAsync());
    }

    [Fact]
    public async Task A_completion_that_is_refused_can_be_repeated()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await using var receiver = bus.Receive();
        var delivery = await receiver.NextAsync("m");
        bus.Bus.Faults.Refuse(BusOperations.Settle, ServiceBusFailureReason.ServiceBusy, times: 1);
        await Assert.ThrowsAsync<ServiceBusException>(() => delivery.Actions.CompleteMessageAsync(delivery.Message));
        Assert.Equal(1, bus.Counts.Locked);
        await delivery.CompleteAsync();
        Assert.Equal(new QueueCounts(0, 0, 0, 0), bus.Counts);
    }

    [Fact]
    public async Task A_completion_whose_answer_is_lost_was_one_and_a_second_finds_no_lock()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await using var receiver = bus.Receive();
        var delivery = await receiver.NextAsync("m");
        bus.Bus.Faults.LoseAnswer(BusOperations.Settle, times: 1);
        await Assert.ThrowsAsync<ServiceBusException>(() => delivery.Actions.CompleteMessageAsync(delivery.Message));
        var second = await Assert.ThrowsAsync<ServiceBusException>(() => delivery.Actions.CompleteMessageAsync(delivery.Message));
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, second.Reason);
        delivery.Return();
        await bus.Bus.WhenIdleAsync(TestBus.Queue, CancellationToken.None);
    }

    [Fact]
    public async Task A_handler_that_fails_while_abandoning_is_refused_gets_its_message_when_the_lock_ran_out()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        // With one slot, the arrival of a message shows that the previous one is done.
        await using var receiver = bus.Receive(new SessionPumpOptions { MaxConcurrentSessions = 1 });
        var delivery = await receiver.NextAsync("m");
        TestReceiver.Delivered third;
        using (bus.Bus.Faults.Refuse(BusOperations.Settle, ServiceBusFailureReason.ServiceCommunicationProblem))
        {
            delivery.Throw();
            // The slot is free for other sessions at once.
            await bus.SendAsync("other", "t");
            (await receiver.NextAsync("other")).Throw();
            await bus.SendAsync("third", "u");
            third = await receiver.NextAsync("third");
        }

        await third.CompleteAsync();
        Assert.Equal((2, 0), (bus.Counts.Locked, bus.Counts.Active));
        bus.Time.Advance(LockDuration);
        for (var i = 0; i < 2; i++)
        {
            var again = await receiver.NextAsync();
            Assert.Equal(2, again.Message.DeliveryCount);
            await again.CompleteAsync();
        }
    }

    [Fact]
    public async Task A_lock_lost_in_mid_work_hands_the_message_to_another_receiver()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await using var receiver = bus.Receive();
        var slow = await receiver.NextAsync("m");
        await bus.Bus.LoseLocksAsync(TestBus.Queue);
        var again = await receiver.NextAsync("m");
        Assert.Equal(2, again.Message.DeliveryCount);
        var lost = await Assert.ThrowsAsync<ServiceBusException>(() => slow.Actions.CompleteMessageAsync(slow.Message));
        Assert.Equal(ServiceBusFailureReason.SessionLockLost, lost.Reason);
        var renewal = await Assert.ThrowsAsync<ServiceBusException>(() => slow.Actions.RenewMessageLockAsync(slow.Message));
        Assert.Equal(ServiceBusFailureReason.SessionLockLost, renewal.Reason);
        slow.Return();
        await again.CompleteAsync();
    }

    [Fact]
    public async Task Messages_wait_while_receiving_is_refused()
    {
        await using var bus = await TestBus.OpenAsync();
        await using var receiver = bus.Receive();
        using (bus.Bus.Faults.Refuse(BusOperations.Receive, ServiceBusFailureReason.ServiceBusy))
        {
            await bus.SendAsync("m");
            bus.Time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal((1, 0), (bus.Counts.Active, bus.Counts.Locked));
            await Assert.ThrowsAsync<ServiceBusException>(() => bus.IdsAsync());
            await Assert.ThrowsAsync<ServiceBusException>(() => bus.DeadLetters().ReceiveMessageAsync());
        }

        var delivery = await receiver.NextAsync("m");
        Assert.Equal(1, delivery.Message.DeliveryCount);
        await delivery.CompleteAsync();
    }

    [Fact]
    public async Task A_trigger_that_is_refused_asks_again_every_second()
    {
        await using var bus = await TestBus.OpenAsync();
        bus.Bus.Faults.Refuse(BusOperations.Receive, ServiceBusFailureReason.ServiceBusy, times: 3);
        await using var receiver = bus.Receive();
        await bus.SendAsync("m");
        for (var second = 1; second <= 2; second++)
        {
            bus.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(1, bus.Counts.Active);
        }

        bus.Time.Advance(TimeSpan.FromSeconds(1));
        await (await receiver.NextAsync("m")).CompleteAsync();
    }

    [Fact]
    public async Task A_delivery_that_is_lost_comes_again_when_its_lock_ran_out()
    {
        await using var bus = await TestBus.OpenAsync();
        bus.Bus.Faults.LoseAnswer(BusOperations.Receive, times: 1);
        await using var receiver = bus.Receive();
        await bus.SendAsync("m");
        await bus.SendAsync("behind");
        Assert.Equal((1, 1), (bus.Counts.Locked, bus.Counts.Active));
        bus.Time.Advance(LockDuration);
        var delivery = await receiver.NextAsync("m");
        Assert.Equal(2, delivery.Message.DeliveryCount);
        await delivery.CompleteAsync();
        await (await receiver.NextAsync("behind")).CompleteAsync();
    }

    [Fact]
    public async Task A_broker_that_hangs_answers_when_it_is_back_or_not_at_all()
    {
        await using var bus = await TestBus.OpenAsync();
        using var patience = new CancellationTokenSource();
        Task waiting;
        using (bus.Bus.Faults.Hang(BusOperations.Send))
        {
            waiting = bus.SendAsync("m");
            var impatient = bus.Sender.SendMessageAsync(TestBus.Message("given up"), patience.Token);
            Assert.False(waiting.IsCompleted);
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        }

        await waiting;
        Assert.Equal(["m"], await bus.IdsAsync());
    }

    [Fact]
    public async Task A_renewal_that_is_refused_leaves_the_lock_as_it_was()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await using var receiver = bus.Receive(new SessionPumpOptions { MaxAutoLockRenewalDuration = TimeSpan.Zero });
        var delivery = await receiver.NextAsync("m");
        bus.Bus.Faults.Refuse(BusOperations.Renew, ServiceBusFailureReason.ServiceBusy);
        await Assert.ThrowsAsync<ServiceBusException>(() => delivery.Actions.RenewMessageLockAsync(delivery.Message));
        delivery.Return();
        bus.Time.Advance(LockDuration);
        await (await receiver.NextAsync("m")).CompleteAsync();
    }
}
