using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Bus;

public sealed class SettlementTests
{
    [Fact]
    public async Task A_handler_that_throws_gets_the_message_again_at_once()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await using var receiver = bus.Receive();
        (await receiver.NextAsync("m")).Throw();
        var again = await receiver.NextAsync("m");
        Assert.Equal(2, again.Message.DeliveryCount);
        await again.CompleteAsync();
    }

    [Fact]
    public async Task After_the_last_delivery_it_goes_to_the_dead_letters()
    {
        await using var bus = await TestBus.OpenAsync(new QueueDescription(TestBus.Queue) { MaxDeliveryCount = 3 });
        await bus.SendAsync("m");
        await bus.SendAsync("next");
        await using var receiver = bus.Receive();
        for (var delivery = 1; delivery <= 3; delivery++)
            (await receiver.NextAsync("m")).Throw();
        await (await receiver.NextAsync("next")).CompleteAsync();

        var dead = Assert.Single(await bus.DeadLettersAsync());
        Assert.Equal(("m", "MaxDeliveryCountExceeded", 3), (dead.MessageId, dead.DeadLetterReason, dead.DeliveryCount));
    }

    [Fact]
    public async Task A_handler_dead_letters_with_reason_description_and_properties()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await using var receiver = bus.Receive();
        var delivery = await receiver.NextAsync("m");
        await delivery.Actions.DeadLetterMessageAsync(
            delivery.Message, new Dictionary<string, object> { ["attempts"] = 7 }, "Refused", "404: no such incident");
        delivery.Return();

        await using var reopened = await bus.ReopenAsync();
        var dead = Assert.Single(await reopened.DeadLettersAsync());
        Assert.Equal(("Refused", "404: no such incident", "body of m"), (dead.DeadLetterReason, dead.DeadLetterErrorDescription, dead.Body.ToString()));
        Assert.Equal(7, dead.ApplicationProperties["attempts"]);
        Assert.Equal(new QueueCounts(0, 0, 0, 1), reopened.Counts);
    }

    [Fact]
    public async Task An_abandon_can_change_properties_and_a_later_one_adds_to_them()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await using (var receiver = bus.Receive())
        {
            var first = await receiver.NextAsync("m");
            await first.Actions.AbandonMessageAsync(first.Message, new Dictionary<string, object> { ["a"] = 1, ["b"] = 1 });
            first.Return();
            var second = await receiver.NextAsync("m");
            await second.Actions.AbandonMessageAsync(second.Message, new Dictionary<string, object> { ["b"] = 2 });
            second.Return();
            (await receiver.NextAsync("m")).Return();
        }

        await using var reopened = await bus.ReopenAsync();
        await using var later = reopened.Receive();
        var delivery = await later.NextAsync("m");
        Assert.Equal((1, 2, 4), (delivery.Message.ApplicationProperties["a"], delivery.Message.ApplicationProperties["b"], delivery.Message.DeliveryCount));
        await delivery.CompleteAsync();
    }

    [Fact]
    public async Task Settling_twice_fails()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await using var receiver = bus.Receive();
        var delivery = await receiver.NextAsync("m");
        await delivery.Actions.CompleteMessageAsync(delivery.Message);
        var second = await Assert.ThrowsAsync<ServiceBusException>(() => delivery.Actions.DeadLetterMessageAsync(delivery.Message));
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, second.Reason);
        delivery.Return();
        await bus.Bus.WhenIdleAsync(TestBus.Queue, CancellationToken.None);
        Assert.Empty(await bus.DeadLettersAsync());
    }

    [Fact]
    public async Task Auto_complete_completes_what_succeeded_and_redelivers_what_failed()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await using var receiver = bus.Receive(new SessionPumpOptions { AutoCompleteMessages = true });
        (await receiver.NextAsync("m")).Throw();
        (await receiver.NextAsync("m")).Return();
        await bus.Bus.WhenIdleAsync(TestBus.Queue, CancellationToken.None);
        Assert.Equal(new QueueCounts(0, 0, 0, 0), bus.Counts);
    }

    [Fact]
    public async Task Deferring_says_what_to_do_instead()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await using var receiver = bus.Receive();
        var delivery = await receiver.NextAsync("m");
        await Assert.ThrowsAsync<NotSupportedException>(() => delivery.Actions.DeferMessageAsync(delivery.Message));
        await delivery.CompleteAsync();
    }
}
