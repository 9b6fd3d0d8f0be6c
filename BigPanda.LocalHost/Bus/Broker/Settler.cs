using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Queues;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>Ends deliveries. What it returns completes when the settlement is on disk.</summary>
internal sealed class Settler(BusCore core)
{
    public Task CompleteAsync(QueueState queue, ServiceBusReceivedMessage message)
    {
        lock (core.Gate)
        {
            var entry = FindLocked(queue, message);
            var record = core.Journal.Begin();
            SmallRecords.WriteRemoved(record, queue.Number, entry.Sequence);
            entry.Settling = true;
            return core.Journal.End(new RemovedChange(entry)).OnDisk;
        }
    }

    public Task AbandonAsync(QueueState queue, ServiceBusReceivedMessage message, IDictionary<string, object>? properties)
    {
        lock (core.Gate)
        {
            var entry = FindLocked(queue, message);
            // The last delivery failed: it goes straight to the dead-letter queue.
            if (!entry.DeadLettered && queue.WornOutReason(entry) is { } removal)
                return Amend(entry, deadLettered: true, DeadLetterProperties.Of(removal.Reason, removal.Description, properties));
            if (properties is { Count: > 0 })
                return Amend(entry, deadLettered: false, DeadLetterProperties.Of(null, null, properties));

            // The delivery itself was journaled when it began; there is nothing to add.
            queue.Unlock(entry);
            core.Changed();
            return Task.CompletedTask;
        }
    }

    public Task DeadLetterAsync(
        QueueState queue, ServiceBusReceivedMessage message, IEnumerable<KeyValuePair<string, object>>? properties, string? reason, string? description)
    {
        lock (core.Gate)
        {
            var entry = FindLocked(queue, message);
            if (entry.DeadLettered)
                throw new InvalidOperationException("The message is in the dead-letter queue already.");
            return Amend(entry, deadLettered: true, DeadLetterProperties.Of(reason, description, properties));
        }
    }

    public void Renew(QueueState queue, ServiceBusReceivedMessage message)
    {
        lock (core.Gate)
            if (FindLocked(queue, message).Lock is { } held)
                held.Until = core.Now() + queue.Description.LockDuration.Ticks;
    }

    /// <summary>The handler has returned. Without a settlement its lock now runs out like any other.</summary>
    public bool IsStillLocked(Delivery delivery)
    {
        lock (core.Gate)
        {
            delivery.Lock.RenewUntil = 0;
            return delivery.Entry.Lock == delivery.Lock;
        }
    }

    private Task Amend(MessageEntry entry, bool deadLettered, Dictionary<string, object?> properties)
    {
        var record = core.Journal.Begin();
        AmendmentRecord.Write(record, entry.Queue.Number, entry.Sequence, deadLettered, properties);
        entry.Settling = true;
        return core.Journal.End(new AmendedChange(entry, deadLettered)).OnDisk;
    }

    private MessageEntry FindLocked(QueueState queue, ServiceBusReceivedMessage message)
    {
        core.Now();
        var entry = queue.Find(message.SequenceNumber);
        if (entry is { Lock: { } held, Settling: false } && Guid.TryParse(message.LockToken, out var token) && held.Token == token)
            return entry;
        // Still waiting but in other hands: the session was lost. Gone or being settled: it was settled before.
        throw queue.Description.RequiresSession && entry is { DeadLettered: false, Settling: false }
            ? BusFailures.SessionLockLost(queue.Description.Name)
            : BusFailures.MessageLockLost(queue.Description.Name);
    }
}
