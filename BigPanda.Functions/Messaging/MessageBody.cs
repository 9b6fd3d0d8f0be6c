using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Messaging;

/// <summary>The bytes of a body. What other clients send may have none: AMQP also knows values and sequences, of which the SDK makes an exception.</summary>
internal static class MessageBody
{
    /// <exception cref="MessageUnreadableException">It is no bytes.</exception>
    public static ReadOnlyMemory<byte> Read(ServiceBusReceivedMessage message) =>
        Find(message) ?? throw new MessageUnreadableException("The body is an AMQP value or sequence instead of bytes.");

    public static ReadOnlyMemory<byte>? Find(ServiceBusReceivedMessage message)
    {
        try
        {
            return message.Body.ToMemory();
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }
}
