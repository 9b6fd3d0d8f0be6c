using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Tests.Bus;

public sealed class DeadLetterReceiverTests
{
    [Fact]
    public async Task Dead_letters_are_peeked_in_pages()
    {
        await using var bus = await WithDeadLettersAsync(5);
        var receiver = bus.DeadLetters();
        Assert.Equal(["0", "1"], Ids(await receiver.PeekMessagesAsync(2)));
        Assert.Equal(["2", "3"], Ids(await receiver.PeekMessagesAsync(2)));
        Assert.Equal(["4"], Ids(await receiver.PeekMessagesAsync(2)));
        Assert.Empty(await receiver.PeekMessagesAsync(2));
        Assert.Equal(["1", "2", "3", "4"], Ids(await receiver.PeekMessagesAsync(10, fromSequenceNumber: 2)));
    }

    [Fact]
    public async Task A_dead_letter_is_received_and_completed()
    {
        await using var bus = await WithDeadLettersAsync(1);
        var receiver = bus.DeadLetters();
        var dead = await receiver.ReceiveMessageAsync();
        Assert.Equal(("Reason", "because"), (dead.DeadLetterReason, dead.DeadLetterErrorDescription));
        await receiver.CompleteMessageAsync(dead);
        Assert.Equal(0, bus.Counts.DeadLettered);
        var twice = await Assert.ThrowsAsync<ServiceBusException>(() => receiver.CompleteMessageAsync(dead));
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, twice.Reason);

        await using var reopened = await bus.ReopenAsync();
        Assert.Equal(0, reopened.Counts.DeadLettered);
    }

    [Fact]
    public async Task A_received_dead_letter_is_locked_until_abandoned_or_the_lock_expires()
    {
        await using var bus = await WithDeadLettersAsync(2);
        var receiver = bus.DeadLetters();
        var received = await receiver.ReceiveMessagesAsync(10);
        Assert.Equal(["0", "1"], Ids(received));
        await receiver.AbandonMessageAsync(received[0]);
        Assert.Equal(["0"], Ids(await receiver.ReceiveMessagesAsync(10)));

        var waiting = receiver.ReceiveMessagesAsync(10, TimeSpan.FromMinutes(5));
        bus.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("1", Ids(await waiting));
        var lost = await Assert.ThrowsAsync<ServiceBusException>(() => receiver.CompleteMessageAsync(received[1]));
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, lost.Reason);
    }

    [Fact]
    public async Task Waiting_for_a_dead_letter_ends_with_nothing_after_the_wait()
    {
        await using var bus = await TestBus.OpenAsync();
        var waiting = bus.DeadLetters().ReceiveMessagesAsync(1, TimeSpan.FromSeconds(5));
        Assert.False(waiting.IsCompleted);
        bus.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(await waiting);
    }

    [Fact]
    public async Task A_replay_may_send_a_copy_and_complete_the_dead_letter()
    {
        await using var bus = await WithDeadLettersAsync(1);
        var receiver = bus.DeadLetters();
        var dead = await receiver.ReceiveMessageAsync();
        await bus.Sender.SendMessageAsync(new ServiceBusMessage(dead) { MessageId = "replay" });
        await receiver.CompleteMessageAsync(dead);

        var copy = Assert.Single(await bus.Bus.Client.CreateReceiver(TestBus.Queue).PeekMessagesAsync(10));
        Assert.Equal(("replay", "s", "body of 0"), (copy.MessageId, copy.SessionId, copy.Body.ToString()));
        Assert.Null(copy.DeadLetterReason);
    }

    private static async Task<TestBus> WithDeadLettersAsync(int count)
    {
        var bus = await TestBus.OpenAsync();
        await using var receiver = bus.Receive();
        for (var i = 0; i < count; i++)
        {
            await bus.SendAsync($"{i}");
            var delivery = await receiver.NextAsync();
            await delivery.Actions.DeadLetterMessageAsync(delivery.Message, deadLetterReason: "Reason", deadLetterErrorDescription: "because");
            delivery.Return();
        }

        return bus;
    }

    private static IEnumerable<string> Ids(IEnumerable<ServiceBusReceivedMessage> messages) => messages.Select(static message => message.MessageId);
}
