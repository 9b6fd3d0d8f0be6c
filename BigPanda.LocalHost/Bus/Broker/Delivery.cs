using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Queues;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>A message as read: locked by a receiver, or peeked without a lock.</summary>
internal sealed class Delivery(MessageEntry entry, byte[] content)
{
    private readonly MessageStatus _status = entry.Status;
    private readonly long _lockedUntil = entry.Status.Lock?.Until ?? 0;

    public MessageEntry Entry => entry;

    public bool IsStillLocked => _status.Lock is { } held && entry.Status.Lock == held;

    /// <summary>The receiver has stopped working on it: the lock is no longer renewed.</summary>
    public void StopRenewing() => _status.Lock?.RenewUntil = 0;

    /// <summary>Decoded on the receiver's thread, to keep that work off the broker's.</summary>
    public ServiceBusReceivedMessage ToMessage() => MessageContent.Read(new ByteReader(content)).ToReceived(
        entry.Stamp with { Deliveries = _status.Deliveries }, _status.Lock?.Token ?? Guid.Empty, _lockedUntil, _status.Place == MessagePlace.Scheduled);
}
