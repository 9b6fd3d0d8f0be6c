using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Queues;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>Shows messages without locking them.</summary>
internal sealed class Browser(BusCore core, ContentReader reader)
{
    public IReadOnlyList<ServiceBusReceivedMessage> Peek(QueueState queue, bool deadLetters, int most, long fromSequenceNumber)
    {
        List<MessageEntry> found;
        lock (core.Gate)
        {
            core.Now();
            found = deadLetters
                ? [.. queue.DeadLetters.Where(entry => entry.Sequence >= fromSequenceNumber).Take(most)]
                : [.. queue.Entries
                    .Where(entry => !entry.DeadLettered && entry.Sequence >= fromSequenceNumber)
                    .OrderBy(static entry => entry.Sequence)
                    .Take(most)];
        }

        return [.. found.Select(TryRead).OfType<ServiceBusReceivedMessage>()];
    }

    private ServiceBusReceivedMessage? TryRead(MessageEntry entry)
    {
        try
        {
            return ReceivedMessages.Create(entry, reader.Read(entry), Guid.Empty, 0);
        }
        catch (ObjectDisposedException) when (IsGone(entry))
        {
            // Settled, and its segment deleted, since it was found.
            return null;
        }
    }

    private bool IsGone(MessageEntry entry)
    {
        lock (core.Gate)
            return !core.IsClosed && entry.Queue.Find(entry.Sequence) != entry;
    }
}
