using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Storage;
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

    /// <summary>Around the limits of a message, of compressing, of a property and of a row; with text that compresses and with bytes that do not.</summary>
    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(240)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(512)]
    [InlineData(960)]
    [InlineData(1024)]
    public async Task A_body_of_any_size_comes_back_whole(int kibibytes)
    {
        var intake = new Intake(tables: new MemoryTables(TimeProvider.System));
        foreach (var length in (int[])[kibibytes * 1024 - 1, kibibytes * 1024, kibibytes * 1024 + 1])
        {
            foreach (var body in (byte[][])[Noise(length), [.. Enumerable.Repeat((byte)'x', length)]]) await AssertComesBackAsync(intake, body);
        }
    }

    [Fact]
    public async Task The_largest_packed_body_goes_with_its_message_and_the_next_byte_makes_a_claim()
    {
        var intake = new Intake(tables: new MemoryTables(TimeProvider.System));
        var (fits, tooLong) = (200 * 1024, 300 * 1024);
        while (tooLong - fits > 1)
        {
            var length = (fits + tooLong) / 2;
            if (Compressed.Pack(Noise(length)).Length <= MessageBodies.MaxInMessage) fits = length;
            else tooLong = length;
        }

        var whole = await AssertComesBackAsync(intake, Noise(fits));
        var claimed = await AssertComesBackAsync(intake, Noise(tooLong));

        Assert.Equal(MessageBodies.MaxInMessage, whole.Body.ToMemory().Length);
        Assert.Equal(
            (false, true, 0),
            (whole.ApplicationProperties.ContainsKey(MessageProperties.Claim), claimed.ApplicationProperties.ContainsKey(MessageProperties.Claim),
                claimed.Body.ToMemory().Length));
    }

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(20261127).NextBytes(bytes);
        return bytes;
    }

    private static async Task<ServiceBusMessage> AssertComesBackAsync(Intake intake, byte[] body)
    {
        var message = new ServiceBusMessage();
        await intake.Bodies.PackAsync(message, body, null, CancellationToken.None);
        Assert.InRange(message.Body.ToMemory().Length, 0, MessageBodies.MaxInMessage);
        var unpacked = await Bodies.UnpackedAsync(intake, message);
        Assert.True(body.AsSpan().SequenceEqual(unpacked));
        return message;
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
