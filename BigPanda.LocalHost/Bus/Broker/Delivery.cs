using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Queues;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>A message as it was when it was read: in the hands of a receiver, or, without a lock, only shown.</summary>
internal sealed class Delivery(MessageEntry entry, byte[] content)
{
    private readonly MessageStatus _status = entry.Status;
    private readonly long _lockedUntil = entry.Status.Lock?.Until ?? 0;

    public MessageEntry Entry => entry;

    public bool IsStillLocked => _status.Lock is { } held && entry.Status.Lock == held;

    /// <summary>Its receiver no longer works on it: the lock runs out like any other.</summary>
    public void StopRenewing() => _status.Lock?.RenewUntil = 0;

    /// <summary>Decoded by whoever receives it, so that the broker does not have to.</summary>
    public ServiceBusReceivedMessage ToMessage() => MessageContent.Read(new ByteReader(content)).ToReceived(
        entry.Stamp with { Deliveries = _status.Deliveries }, _status.Lock?.Token ?? Guid.Empty, _lockedUntil, _status.Place == MessagePlace.Scheduled);
}
