using Azure.Messaging.ServiceBus;

namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>The sender's part of a message, as stored.</summary>
internal sealed class MessageContent
{
    private const int Texts = 9;

    public string? MessageId { get; private init; }

    public string? SessionId { get; private init; }

    public string? CorrelationId { get; private init; }

    public string? Subject { get; private init; }

    public string? To { get; private init; }

    public string? ContentType { get; private init; }

    public string? ReplyTo { get; private init; }

    public string? ReplyToSessionId { get; private init; }

    public string? PartitionKey { get; private init; }

    public Dictionary<string, object?> Properties { get; } = [];

    public BinaryData Body { get; private set; } = BinaryData.Empty;

    public static void Write(ByteWriter writer, ServiceBusMessage message)
    {
        writer.WriteText(message.MessageId);
        writer.WriteText(message.SessionId);
        writer.WriteText(message.CorrelationId);
        writer.WriteText(message.Subject);
        writer.WriteText(message.To);
        writer.WriteText(message.ContentType);
        writer.WriteText(message.ReplyTo);
        writer.WriteText(message.ReplyToSessionId);
        writer.WriteText(message.PartitionKey);
        PropertyCodec.Write(writer, message.ApplicationProperties);
        writer.WriteBytes(message.Body.ToMemory().Span);
    }

    public static MessageContent Read(ByteReader reader)
    {
        var content = new MessageContent
        {
            MessageId = reader.ReadText(),
            SessionId = reader.ReadText(),
            CorrelationId = reader.ReadText(),
            Subject = reader.ReadText(),
            To = reader.ReadText(),
            ContentType = reader.ReadText(),
            ReplyTo = reader.ReadText(),
            ReplyToSessionId = reader.ReadText(),
            PartitionKey = reader.ReadText(),
        };
        PropertyCodec.ReadInto(ref reader, content.Properties);
        content.Body = BinaryData.FromBytes(reader.Rest.ToArray());
        return content;
    }

    /// <summary>Reads only the two ids, which come first.</summary>
    public static (string? MessageId, string? SessionId) ReadIds(ByteReader reader) => (reader.ReadText(), reader.ReadText());

    /// <summary>The same content with properties added or replaced.</summary>
    public static byte[] WithProperties(ReadOnlySpan<byte> content, IEnumerable<KeyValuePair<string, object>> added)
    {
        var reader = new ByteReader(content);
        for (var text = 0; text < Texts; text++)
            reader.ReadText();
        var writer = new ByteWriter(content.Length + 256);
        writer.WriteBytes(content[..^reader.Rest.Length]);
        var properties = new Dictionary<string, object?>();
        PropertyCodec.ReadInto(ref reader, properties);
        foreach (var (name, value) in added)
            properties[name] = value;
        PropertyCodec.Write(writer, properties);
        writer.WriteBytes(reader.Rest);
        return writer.Written.ToArray();
    }

    public ServiceBusReceivedMessage ToReceived(in MessageStamp stamp, Guid lockToken, long lockedUntil, bool isScheduled)
    {
        var available = Math.Max(stamp.EnqueuedAt, stamp.ScheduledFor);
        return ServiceBusModelFactory.ServiceBusReceivedMessage(
            body: Body,
            messageId: MessageId,
            partitionKey: PartitionKey,
            sessionId: SessionId,
            replyToSessionId: ReplyToSessionId,
            timeToLive: new TimeSpan(stamp.ExpiresAt - available),
            correlationId: CorrelationId,
            subject: Subject,
            to: To,
            contentType: ContentType,
            replyTo: ReplyTo,
            scheduledEnqueueTime: stamp.ScheduledFor == 0 ? default : At(stamp.ScheduledFor),
            properties: Properties as IDictionary<string, object>,
            lockTokenGuid: lockToken,
            deliveryCount: stamp.Deliveries,
            lockedUntil: lockedUntil == 0 ? default : At(lockedUntil),
            sequenceNumber: stamp.Sequence,
            enqueuedSequenceNumber: stamp.Sequence,
            enqueuedTime: At(available),
            serviceBusMessageState: isScheduled ? ServiceBusMessageState.Scheduled : ServiceBusMessageState.Active);
    }

    private static DateTimeOffset At(long utcTicks) => new(utcTicks, TimeSpan.Zero);
}
