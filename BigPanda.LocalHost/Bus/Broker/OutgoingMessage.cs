using System.Buffers;
using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>A message encoded on the sender's thread, to keep that work off the broker's.</summary>
internal sealed class OutgoingMessage(ReadOnlySpan<byte> content, MessageKey key, string? sessionId, long scheduledFor, TimeSpan timeToLive)
{
    // Each thread reuses one growing buffer.
    [ThreadStatic]
    private static ByteWriter? _buffer;

    private readonly byte[] _rented = Rent(content);

    public int Size { get; } = content.Length;

    public ReadOnlySpan<byte> Content => _rented.AsSpan(0, Size);

    public MessageKey Key => key;

    public string? SessionId => sessionId;

    public long ScheduledFor => scheduledFor;

    public TimeSpan TimeToLive => timeToLive;

    public static OutgoingMessage Of(ServiceBusMessage message, DateTimeOffset scheduledFor, QueueDescription queue)
    {
        if (queue.RequiresSession && message.SessionId is null)
            throw BusFailures.SessionIdMissing(queue.Name);
        var buffer = Encode(message);
        RequireSize(queue, buffer.Length);
        var key = message.MessageId is { } id ? MessageKey.Of(id) : default;
        return new OutgoingMessage(buffer.Written, key, message.SessionId, scheduledFor.UtcTicks, message.TimeToLive);
    }

    public static int SizeOf(ServiceBusMessage message) => Encode(message).Length;

    /// <summary>Call once it is stored or refused. A message that never gets there is garbage-collected.</summary>
    public void Return() => ArrayPool<byte>.Shared.Return(_rented);

    public static void RequireSize(QueueDescription queue, long bytes)
    {
        if (bytes > queue.MaxMessageBytes)
            throw BusFailures.TooLarge(queue.Name, bytes, queue.MaxMessageBytes);
    }

    private static ByteWriter Encode(ServiceBusMessage message)
    {
        var buffer = _buffer ??= new ByteWriter();
        buffer.Truncate(0);
        MessageContent.Write(buffer, message);
        return buffer;
    }

    private static byte[] Rent(ReadOnlySpan<byte> content)
    {
        var rented = ArrayPool<byte>.Shared.Rent(content.Length);
        content.CopyTo(rented);
        return rented;
    }
}
