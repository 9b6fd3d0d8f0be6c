namespace Azure.Messaging.ServiceBus;

public class ServiceBusReceivedMessage
{
    // The service keeps both as application properties.
    internal const string DeadLetterReasonKey = "DeadLetterReason";
    internal const string DeadLetterErrorDescriptionKey = "DeadLetterErrorDescription";

    internal ServiceBusReceivedMessage()
    {
    }

    public BinaryData Body { get; internal init; }

    public string MessageId { get; internal init; }

    public string PartitionKey { get; internal init; }

    public string SessionId { get; internal init; }

    public string ReplyToSessionId { get; internal init; }

    public TimeSpan TimeToLive { get; internal init; }

    public string CorrelationId { get; internal init; }

    public string Subject { get; internal init; }

    public string To { get; internal init; }

    public string ContentType { get; internal init; }

    public string ReplyTo { get; internal init; }

    public DateTimeOffset ScheduledEnqueueTime { get; internal init; }

    public IReadOnlyDictionary<string, object> ApplicationProperties { get; internal init; }

    public string LockToken { get; internal init; }

    public int DeliveryCount { get; internal set; }

    public DateTimeOffset LockedUntil { get; internal set; }

    public long SequenceNumber { get; internal set; }

    public string DeadLetterSource { get; internal set; }

    public long EnqueuedSequenceNumber { get; internal set; }

    public DateTimeOffset EnqueuedTime { get; internal set; }

    public DateTimeOffset ExpiresAt =>
        TimeToLive >= DateTimeOffset.MaxValue - EnqueuedTime ? DateTimeOffset.MaxValue : EnqueuedTime + TimeToLive;

    public string DeadLetterReason => TextOf(DeadLetterReasonKey);

    public string DeadLetterErrorDescription => TextOf(DeadLetterErrorDescriptionKey);

    public ServiceBusMessageState State { get; internal init; }

    public override string ToString() => $"{{MessageId:{MessageId}}}";

    private string TextOf(string key) => ApplicationProperties.TryGetValue(key, out var value) ? value as string : null;
}
