using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Queues;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

internal static class ReceivedMessages
{
    public static ServiceBusReceivedMessage Create(MessageEntry entry, MessageContent content, Guid lockToken, long lockedUntil) =>
        ServiceBusModelFactory.ServiceBusReceivedMessage(
            body: content.Body,
            messageId: content.MessageId,
            partitionKey: content.PartitionKey,
            sessionId: content.SessionId,
            replyToSessionId: content.ReplyToSessionId,
            timeToLive: new TimeSpan(entry.ExpiresAt - entry.AvailableAt),
            correlationId: content.CorrelationId,
            subject: content.Subject,
            to: content.To,
            contentType: content.ContentType,
            replyTo: content.ReplyTo,
            scheduledEnqueueTime: entry.ScheduledFor == 0 ? default : At(entry.ScheduledFor),
            properties: content.Properties as IDictionary<string, object>,
            lockTokenGuid: lockToken,
            deliveryCount: entry.Deliveries,
            lockedUntil: lockedUntil == 0 ? default : At(lockedUntil),
            sequenceNumber: entry.Sequence,
            enqueuedSequenceNumber: entry.Sequence,
            enqueuedTime: At(entry.AvailableAt),
            serviceBusMessageState: entry.State == EntryState.Scheduled ? ServiceBusMessageState.Scheduled : ServiceBusMessageState.Active);

    private static DateTimeOffset At(long utcTicks) => new(utcTicks, TimeSpan.Zero);
}
