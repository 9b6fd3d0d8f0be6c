using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using BigPanda.Functions.Vendors.BigPanda.Webhook;

namespace BigPanda.Functions.Tests.Messaging.Payloads;

public sealed class MessageBodiesTests
{
    private readonly Intake _intake = new();

    [Fact]
    public async Task A_message_keeps_a_separate_copy_of_its_body()
    {
        var message = new ServiceBusMessage();
        var buffer = Samples.Published;

        await _intake.Bodies.PackAsync(message, buffer, null, CancellationToken.None);
        buffer.AsSpan().Clear();

        Assert.Equal(Samples.Published, message.Body.ToArray());
    }

    [Fact]
    public async Task A_packed_body_cut_anywhere_becomes_no_event()
    {
        await _intake.PostAsync(Samples.Bytes("alerts-300"));
        var message = Assert.Single(_intake.Bus.Sent);
        var packed = message.Body.ToArray();

        for (var length = 0; length < packed.Length; length += 97)
        {
            message.Body = BinaryData.FromBytes(packed[..length]);
            await Assert.ThrowsAsync<MessageUnreadableException>(
                async () => DeliveryMessages.Read(Bodies.Received(message), await Bodies.UnpackedAsync(_intake, message)));
        }
    }

    [Fact]
    public async Task A_packed_body_with_a_wrong_byte_is_an_event_or_unreadable()
    {
        await _intake.PostAsync(Samples.Bytes("alerts-300"));
        var message = Assert.Single(_intake.Bus.Sent);
        var packed = message.Body.ToArray();

        for (var at = 0; at < packed.Length; at += 7)
        {
            message.Body = BinaryData.FromBytes([.. packed[..at], (byte)~packed[at], .. packed[(at + 1)..]]);
            var fault = await Record.ExceptionAsync(
                async () => DeliveryMessages.Read(Bodies.Received(message), await Bodies.UnpackedAsync(_intake, message)));
            Assert.True(fault is null or MessageUnreadableException, $"{at}: {fault}");
        }
    }

    [Fact]
    public async Task A_packed_body_that_was_never_packed_is_refused()
    {
        var message = new ServiceBusMessage();
        await _intake.Bodies.PackAsync(message, Samples.Bytes("alerts-300"), null, CancellationToken.None);

        message.Body = BinaryData.FromBytes(Samples.Published);
        await Assert.ThrowsAsync<MessageUnreadableException>(() => Bodies.UnpackedAsync(_intake, message));
    }

    [Fact]
    public async Task An_unknown_encoding_is_refused()
    {
        var message = new ServiceBusMessage(BinaryData.FromBytes(Samples.Published));
        message.ApplicationProperties[MessageProperties.Encoding] = "zstd";

        var fault = await Assert.ThrowsAsync<MessageUnreadableException>(() => Bodies.UnpackedAsync(_intake, message));

        Assert.Equal("Unknown encoding 'zstd'.", fault.Message);
    }
}
