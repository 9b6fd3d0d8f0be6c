using System.Globalization;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Bus;
using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Messaging;

public sealed class MessageSenderTests : IAsyncLifetime
{
    private TestBus? _bus;

    private TestBus Bus => _bus ?? throw new InvalidOperationException("The bus has not been opened.");

    private MessageSender Sender => new(Bus.Bus.Client, Gate, new RecentEvents(TimeProvider.System));

    private BrokerGate Gate { get; } = new(TimeProvider.System);

    public async Task InitializeAsync() => _bus = await TestBus.OpenAsync();

    public async Task DisposeAsync() => await Bus.DisposeAsync();

    /// <summary>Of 50 KB, five fit into a transfer of 256 KB.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(23)]
    public async Task Messages_over_the_limit_of_one_transfer_are_sent_in_several_and_in_order(int count)
    {
        var messages = Enumerable.Range(0, count).Select(i => Message(i, 50)).ToList();

        await Sender.SendAsync(TestBus.Queue, messages, CancellationToken.None);

        Assert.Equal(messages.Select(message => message.MessageId), await Bus.IdsAsync());
    }

    [Fact]
    public async Task A_message_that_fills_a_transfer_is_between_others()
    {
        await Sender.SendAsync(TestBus.Queue, [Message(0, 1), Message(1, 255), Message(2, 1)], CancellationToken.None);

        Assert.Equal(["0", "1", "2"], await Bus.IdsAsync());
    }

    [Fact]
    public async Task A_message_that_fits_into_no_transfer_is_an_error_of_the_broker()
    {
        var refused = await Assert.ThrowsAsync<ServiceBusException>(
            () => Sender.SendAsync(TestBus.Queue, [Message(0, 1), Message(1, 300)], CancellationToken.None));

        Assert.Equal(ServiceBusFailureReason.MessageSizeExceeded, refused.Reason);
        Assert.Equal(["0"], await Bus.IdsAsync());
    }

    [Fact]
    public async Task What_an_earlier_transfer_stored_is_not_stored_again_by_a_repeat()
    {
        var messages = Enumerable.Range(0, 20).Select(i => Message(i, 50)).ToList();
        Bus.Bus.Faults.LoseAnswer(BusOperations.Send, times: 1);

        await Assert.ThrowsAsync<ServiceBusException>(() => Sender.SendAsync(TestBus.Queue, messages, CancellationToken.None));
        Assert.Equal(5, (await Bus.IdsAsync()).Count);
        await Sender.SendAsync(TestBus.Queue, messages, CancellationToken.None);

        Assert.Equal(messages.Select(message => message.MessageId), await Bus.IdsAsync());
    }

    [Fact]
    public async Task No_messages_are_no_transfer()
    {
        await Sender.SendAsync(TestBus.Queue, [], CancellationToken.None);

        Assert.Empty(await Bus.IdsAsync());
    }

    private static ServiceBusMessage Message(int id, int kilobytes) =>
        TestBus.Message(id.ToString(CultureInfo.InvariantCulture), $"session-{id % 3}", new string('x', kilobytes * 1000));
}
