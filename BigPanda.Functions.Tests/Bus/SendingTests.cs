using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Bus;

public sealed class SendingTests
{
    [Fact]
    public async Task A_message_arrives_as_it_was_sent()
    {
        await using var bus = await TestBus.OpenAsync();
        var sent = TestBus.Message("m1", "s1", "text");
        (sent.CorrelationId, sent.Subject, sent.To, sent.ContentType, sent.ReplyTo, sent.ReplyToSessionId) = ("c", "sub", "to", "application/json", "r", "rs");
        foreach (var (name, value) in Properties)
            sent.ApplicationProperties[name] = value;
        await bus.Sender.SendMessageAsync(sent);

        await using var receiver = bus.Receive();
        var delivery = await receiver.NextAsync();
        var received = delivery.Message;
        Assert.Equal(("m1", "s1", "text"), (received.MessageId, received.SessionId, received.Body.ToString()));
        Assert.Equal(("c", "sub", "to", "application/json"), (received.CorrelationId, received.Subject, received.To, received.ContentType));
        Assert.Equal(("r", "rs", 1, 1L), (received.ReplyTo, received.ReplyToSessionId, received.DeliveryCount, received.SequenceNumber));
        Assert.Equal(bus.Time.GetUtcNow(), received.EnqueuedTime);
        Assert.Equal(bus.Time.GetUtcNow() + TimeSpan.FromMinutes(1), received.LockedUntil);
        Assert.Equal(TimeSpan.FromDays(14), received.TimeToLive);
        Assert.Equal(Properties, received.ApplicationProperties.ToDictionary());
        await delivery.CompleteAsync();
    }

    [Fact]
    public async Task Several_messages_go_in_together_and_in_order()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.Sender.SendMessagesAsync([TestBus.Message("a"), TestBus.Message("b"), TestBus.Message("a"), TestBus.Message("c")]);
        Assert.Equal(["a", "b", "c"], await bus.IdsAsync());
    }

    [Fact]
    public async Task A_batch_takes_what_fits_into_one_transfer()
    {
        await using var bus = await TestBus.OpenAsync();
        using var batch = await bus.Sender.CreateMessageBatchAsync();

        Assert.True(batch.TryAddMessage(TestBus.Message("a", body: new string('x', 150 * 1024))));
        Assert.False(batch.TryAddMessage(TestBus.Message("b", body: new string('x', 150 * 1024))));
        await bus.Sender.SendMessagesAsync(batch);

        Assert.Equal(1, batch.Count);
        Assert.Equal(["a"], await bus.IdsAsync());
        using var other = await bus.Bus.Client.CreateSender(TestBus.Queue).CreateMessageBatchAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => bus.Sender.SendMessagesAsync(other));
    }

    [Fact]
    public async Task A_message_without_session_is_refused()
    {
        await using var bus = await TestBus.OpenAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => bus.Sender.SendMessageAsync(new ServiceBusMessage("{}") { MessageId = "m" }));
        Assert.Equal(0, bus.Counts.Active);
    }

    [Fact]
    public async Task A_queue_without_sessions_takes_messages_without_one()
    {
        await using var bus = await TestBus.OpenAsync(new QueueDescription(TestBus.Queue) { RequiresSession = false });
        await bus.Sender.SendMessageAsync(new ServiceBusMessage("1") { MessageId = "1" });
        await bus.Sender.SendMessageAsync(new ServiceBusMessage("2") { MessageId = "2" });
        await using var receiver = bus.Receive();
        var first = await receiver.NextAsync();
        var second = await receiver.NextAsync();
        Assert.NotEqual(first.Message.MessageId, second.Message.MessageId);
        await first.CompleteAsync();
        await second.CompleteAsync();
        await bus.Bus.WhenIdleAsync(TestBus.Queue, CancellationToken.None);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused_with_its_properties_counted()
    {
        await using var bus = await TestBus.OpenAsync();
        var message = TestBus.Message("m", body: new string('x', 255 * 1024));
        await bus.Sender.SendMessageAsync(message);
        message.ApplicationProperties["more"] = new string('y', 1024);
        var refused = await Assert.ThrowsAsync<ServiceBusException>(() => bus.Sender.SendMessageAsync(message));
        Assert.Equal(ServiceBusFailureReason.MessageSizeExceeded, refused.Reason);
    }

    [Fact]
    public async Task A_full_queue_refuses_until_room_is_made()
    {
        await using var bus = await TestBus.OpenAsync(new QueueDescription(TestBus.Queue) { MaxSizeBytes = 2000 });
        await bus.Sender.SendMessageAsync(TestBus.Message("a", body: new string('x', 1500)));
        var refused = await Assert.ThrowsAsync<ServiceBusException>(() => bus.Sender.SendMessageAsync(TestBus.Message("b", body: new string('x', 1500))));
        Assert.Equal((ServiceBusFailureReason.QuotaExceeded, false), (refused.Reason, refused.IsTransient));

        await using var receiver = bus.Receive();
        await (await receiver.NextAsync("a")).CompleteAsync();
        await bus.Sender.SendMessageAsync(TestBus.Message("b", body: new string('x', 1500)));
        await (await receiver.NextAsync("b")).CompleteAsync();
    }

    [Fact]
    public void Ids_over_128_characters_are_refused_when_they_are_set()
    {
        var message = TestBus.Message(new string('m', 128), new string('s', 128));
        Assert.ThrowsAny<ArgumentException>(() => message.MessageId = new string('m', 129));
        Assert.ThrowsAny<ArgumentException>(() => message.SessionId = new string('s', 129));
    }

    [Fact]
    public async Task An_unknown_queue_is_named()
    {
        await using var bus = await TestBus.OpenAsync();
        var unknown = await Assert.ThrowsAsync<ServiceBusException>(
            () => bus.Bus.Client.CreateSender("nowhere").SendMessageAsync(TestBus.Message("m")));
        Assert.Equal((ServiceBusFailureReason.MessagingEntityNotFound, "nowhere"), (unknown.Reason, unknown.EntityPath));
    }

    [Fact]
    public async Task Sending_after_the_bus_closed_says_so()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.Bus.DisposeAsync();
        var closed = await Assert.ThrowsAsync<ObjectDisposedException>(() => bus.SendAsync("m"));
        Assert.Contains("closed", closed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ordinary_receiver_cannot_take_messages_of_sessions()
    {
        await using var bus = await TestBus.OpenAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => bus.Bus.Client.CreateReceiver(TestBus.Queue).ReceiveMessageAsync());
    }

    private static Dictionary<string, object> Properties { get; } = new()
    {
        ["text"] = "ä",
        ["flag"] = true,
        ["int"] = -1,
        ["long"] = long.MinValue,
        ["ulong"] = ulong.MaxValue,
        ["double"] = 0.1,
        ["float"] = 1.5f,
        ["decimal"] = 1.10m,
        ["byte"] = (byte)7,
        ["char"] = 'c',
        ["guid"] = Guid.Parse("6a2b5a57-2c0f-4b1c-9a0e-111111111111"),
        ["time"] = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)),
        ["date"] = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        ["span"] = TimeSpan.FromSeconds(1.5),
        ["uri"] = new Uri("https://example.com/a"),
    };
}
