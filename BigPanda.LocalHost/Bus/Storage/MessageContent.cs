using Azure.Messaging.ServiceBus;

namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>What the sender put into a message, as it lies in the journal.</summary>
internal sealed class MessageContent
{
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

    public void Write(ByteWriter writer)
    {
        writer.WriteText(MessageId);
        writer.WriteText(SessionId);
        writer.WriteText(CorrelationId);
        writer.WriteText(Subject);
        writer.WriteText(To);
        writer.WriteText(ContentType);
        writer.WriteText(ReplyTo);
        writer.WriteText(ReplyToSessionId);
        writer.WriteText(PartitionKey);
        PropertyCodec.Write(writer, Properties);
        writer.WriteBytes(Body.ToMemory().Span);
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

    /// <summary>The two ids alone, which come first.</summary>
    public static (string? MessageId, string? SessionId) ReadIds(ByteReader reader) => (reader.ReadText(), reader.ReadText());
}
