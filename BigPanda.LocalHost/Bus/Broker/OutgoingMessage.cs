using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>A message encoded by its sender, so that the broker does not have to.</summary>
internal sealed record OutgoingMessage(byte[] Content, MessageKey Key, string? SessionId, long ScheduledFor, TimeSpan TimeToLive)
{
    // The encoding grows in a buffer that each thread keeps.
    [ThreadStatic]
    private static ByteWriter? _buffer;

    public static OutgoingMessage Of(ServiceBusMessage message, DateTimeOffset scheduledFor, QueueDescription queue)
    {
        if (queue.RequiresSession && message.SessionId is null)
            throw BusFailures.SessionIdMissing(queue.Name);
        var buffer = _buffer ??= new ByteWriter();
        buffer.Truncate(0);
        MessageContent.Write(buffer, message);
        RequireSize(queue, buffer.Length);
        var key = message.MessageId is { } id ? MessageKey.Of(id) : default;
        return new OutgoingMessage(buffer.Written.ToArray(), key, message.SessionId, scheduledFor.UtcTicks, message.TimeToLive);
    }

    public static void RequireSize(QueueDescription queue, long bytes)
    {
        if (bytes > queue.MaxMessageBytes)
            throw BusFailures.TooLarge(queue.Name, bytes, queue.MaxMessageBytes);
    }
}
