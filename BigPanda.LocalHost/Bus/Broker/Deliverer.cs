using BigPanda.LocalHost.Bus.Queues;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>Locks messages and hands them out. A delivery is in the journal before the receiver sees the message, so that it counts
/// even if the receiver takes the process down.</summary>
internal sealed class Deliverer(BusCore core, ContentReader reader)
{
    /// <summary>The session's first message, or null if there is none to deliver now.</summary>
    public async Task<Delivery?> TakeNextAsync(SessionHold hold, TimeSpan renewFor)
    {
        (MessageEntry Entry, MessageLock Lock, Task Written) taken;
        lock (core.Gate)
        {
            var now = core.Now();
            if (!hold.IsValid || !hold.Session.HasWork || hold.Session.First is not { } entry)
                return null;
            if (entry.Queue.UnfitReason(entry, now) is { } removal)
            {
                core.BeginRemoval(removal);
                return null;
            }

            taken = Take(entry, now, renewFor);
        }

        return await HandOverAsync(taken.Entry, taken.Lock, taken.Written);
    }

    public async Task<IReadOnlyList<Delivery>> TakeDeadLettersAsync(QueueState queue, int most)
    {
        var taken = new List<(MessageEntry Entry, MessageLock Lock, Task Written)>();
        lock (core.Gate)
        {
            var now = core.Now();
            foreach (var entry in queue.DeadLetters.Where(static entry => entry is { Lock: null, Settling: false }).Take(most).ToList())
                taken.Add(Take(entry, now, TimeSpan.Zero));
        }

        var deliveries = new List<Delivery>(taken.Count);
        foreach (var (entry, held, written) in taken)
            deliveries.Add(await HandOverAsync(entry, held, written));
        return deliveries;
    }

    private (MessageEntry Entry, MessageLock Lock, Task Written) Take(MessageEntry entry, long now, TimeSpan renewFor)
    {
        var queue = entry.Queue;
        var record = core.Journal.Begin();
        SmallRecords.WriteDelivered(record, queue.Number, entry.Sequence, ++entry.Deliveries);
        // Not flushed: the count may be lost with the machine's power, never with this process alone.
        var written = core.Journal.End(flush: false).Written;
        var until = now + queue.Description.LockDuration.Ticks;
        var taken = new MessageLock(Guid.NewGuid(), until, renewFor == TimeSpan.Zero ? 0 : now + renewFor.Ticks);
        queue.Lock(entry, taken);
        core.Rearm();
        return (entry, taken, written);
    }

    private async Task<Delivery> HandOverAsync(MessageEntry entry, MessageLock held, Task written)
    {
        var until = held.Until;
        try
        {
            await written;
            return new Delivery(entry, held, ReceivedMessages.Create(entry, reader.Read(entry), held.Token, until));
        }
        catch
        {
            TakeBack(entry, held);
            throw;
        }
    }

    /// <summary>It never reached the receiver, so it does not count.</summary>
    private void TakeBack(MessageEntry entry, MessageLock held)
    {
        lock (core.Gate)
        {
            if (entry.Lock != held)
                return;
            entry.Deliveries--;
            entry.Queue.Unlock(entry);
        }
    }
}
