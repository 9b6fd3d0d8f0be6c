using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;

namespace BigPanda.Functions.Tests.Messaging;

public sealed class MessageVersionTests
{
    public static TheoryData<object> OneInEveryType => new() { (sbyte)1, (byte)1, (short)1, (ushort)1, 1, 1u, 1L, 1ul };

    [Theory]
    [MemberData(nameof(OneInEveryType))]
    public void A_number_counts_whatever_its_type(object one)
    {
        MessageVersion.Check(Message(one));

        Assert.Equal(1, new Delivery(Message(one)).Count(MessageProperties.Version));
    }

    public static TheoryData<object?, string> Wrong => new()
    {
        { 2, "The message has version 2" },
        { ulong.MaxValue, "The message has version 9223372036854775807" },
        { "1", "The message's version is not a number: '1' of type String" },
        { 1.0, "The message's version is not a number: '1' of type Double" },
        { new string('x', 5_000), $"The message's version is not a number: '{new string('x', 40)}…' of type String" },
        { new string('x', 40), $"The message's version is not a number: '{new string('x', 40)}' of type String" },
        { null, "The message's version is not a number: null" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_said(object? version, string fault) =>
        Assert.Equal(
            $"{fault}; this build reads version 1.", Assert.ThrowsAny<MessageUnreadableException>(() => MessageVersion.Check(Message(version))).Message);

    [Fact]
    public void A_number_above_the_builds_own_is_a_newer_builds() => Assert.Throws<MessageTooNewException>(() => MessageVersion.Check(Message(2L)));

    [Fact]
    public void A_message_without_a_version_is_refused() => Assert.Equal(
        "The message has no property version; this build reads version 1.",
        Assert.Throws<MessageUnreadableException>(() => MessageVersion.Check(ServiceBusModelFactory.ServiceBusReceivedMessage())).Message);

    private static ServiceBusReceivedMessage Message(object? version) =>
        ServiceBusModelFactory.ServiceBusReceivedMessage(properties: new Dictionary<string, object> { [MessageProperties.Version] = version! });
}
