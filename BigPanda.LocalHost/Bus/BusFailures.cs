using Azure.Messaging.ServiceBus;

namespace BigPanda.LocalHost.Bus;

/// <summary>The exceptions the real client throws, with texts that say what to do.</summary>
internal static class BusFailures
{
    public static ServiceBusException NoSuchQueue(string queue) => new(
        "The messaging entity could not be found: the local host declares the queues it runs.",
        ServiceBusFailureReason.MessagingEntityNotFound,
        queue);

    public static ServiceBusException TooLarge(string queue, long bytes, int limit) => new(
        $"The message is {bytes} bytes with its properties; the queue takes at most {limit}.",
        ServiceBusFailureReason.MessageSizeExceeded,
        queue);

    public static ServiceBusException QueueFull(string queue, long limit) => new(
        isTransient: false,
        $"The queue has reached its size limit of {limit} bytes. Receive messages, its dead letters included, before sending more.",
        queue,
        ServiceBusFailureReason.QuotaExceeded);

    public static ServiceBusException MessageLockLost(string queue) => new(
        "The lock supplied is invalid: it expired, or the message was already settled.",
        ServiceBusFailureReason.MessageLockLost,
        queue);

    public static ServiceBusException SessionLockLost(string queue) => new(
        "The session lock has expired: another receiver may hold the session.",
        ServiceBusFailureReason.SessionLockLost,
        queue);

    public static ServiceBusException AskedFor(string queue, ServiceBusFailureReason reason) => reason == ServiceBusFailureReason.QuotaExceeded
        ? QueueFull(queue, 0)
        : new($"Injected fault: {reason}.", reason, queue);

    public static ServiceBusException DiskFailed(Exception failure) => new(
        $"The local bus could not write its database: {failure.Message}",
        ServiceBusFailureReason.ServiceCommunicationProblem,
        innerException: failure);

    public static InvalidOperationException SessionIdMissing(string queue) => new(
        $"The SessionId was not set on a message, and it cannot be sent to the entity. Entity {queue} requires a session.");

    public static InvalidOperationException SessionReceiverNeeded(string queue) => new(
        $"It is not possible for an entity that requires sessions to create a non-sessionful message receiver. Entity: {queue}");

    public static ObjectDisposedException Closed() => new(nameof(EmbeddedBus), "The local bus is closed: it neither sends nor receives.");
}
