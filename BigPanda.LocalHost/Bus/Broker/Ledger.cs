using BigPanda.LocalHost.Bus.Queues;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>
/// The queues in memory and their rows on disk, changed together: everything between two commits persists, or none of it.
/// Only for the broker's thread. Times are UTC ticks.
/// </summary>
internal sealed class Ledger(MessageStore store, IReadOnlyList<QueueState> queues) : IDisposable
{
    private const int SweepAtOnce = 2000;
    private static readonly long SweepInterval = TimeSpan.FromSeconds(1).Ticks;

    private readonly Dictionary<string, QueueState> _byName =
        queues.ToDictionary(static queue => queue.Description.Name, StringComparer.OrdinalIgnoreCase);

    private long _nextSweep;

    public IReadOnlyList<QueueState> Queues => queues;

    public MessageStore Store => store;

    public long NextSequence { get; set; } = 1;

    /// <summary>The next due time.</summary>
    public long NextDue
    {
        get
        {
            var due = long.MaxValue;
            foreach (var queue in queues)
            {
                due = Math.Min(due, Math.Min(Math.Min(queue.EarliestSchedule, queue.EarliestLock), queue.Slots.EarliestIdle));
                if (queue.WithheldUntil != 0)
                    due = Math.Min(due, queue.WithheldUntil);
                if (queue.EarliestExpiry != long.MaxValue)
                    due = Math.Min(due, Math.Max(queue.EarliestExpiry, _nextSweep));
            }

            return due;
        }
    }

    public QueueState QueueNamed(string name) => _byName.TryGetValue(name, out var queue) ? queue : throw BusFailures.NoSuchQueue(name);

    /// <summary>Returns the sequence number; 0 for a duplicate, which is dropped.</summary>
    public long Send(QueueState queue, OutgoingMessage message, long now)
    {
        var remembers = message.Key != default && queue.Description.DuplicateDetectionWindow > TimeSpan.Zero;
        if (remembers && queue.History.Contains(message.Key, now))
            return 0;
        RequireRoom(queue, message.Size);
        var entry = new MessageEntry(queue, queue.SessionFor(message.SessionId), NextSequence++, message.Size, message.Key)
        {
            EnqueuedAt = now,
            ScheduledFor = message.ScheduledFor > now ? message.ScheduledFor : 0,
            ExpiresAt = ExpiresAt(queue, message, Math.Max(now, message.ScheduledFor)),
        };
        queue.Add(entry, new MessageStatus(entry.ScheduledFor > now ? MessagePlace.Scheduled : MessagePlace.Active));
        if (remembers)
            queue.History.Add(message.Key, now);
        store.Insert(entry.Stamp, message.Content);
        return entry.Sequence;
    }

    public static void RequireRoom(QueueState queue, long bytes)
    {
        if (queue.SizeBytes + bytes > queue.Description.MaxSizeBytes)
            throw BusFailures.QueueFull(queue.Description.Name, queue.Description.MaxSizeBytes);
    }

    /// <summary>Locks a message. The delivery is committed before the receiver gets it, so it counts even if the receiver crashes the process.</summary>
    public Delivery Take(MessageEntry entry, long now, TimeSpan renewFor)
    {
        var content = store.Read(entry.Stamp);
        var held = new MessageLock(now + entry.Queue.Description.LockDuration.Ticks, renewFor == TimeSpan.Zero ? 0 : now + renewFor.Ticks);
        entry.Queue.Change(entry, entry.Status with { Deliveries = entry.Status.Deliveries + 1, Lock = held });
        store.Update(entry.Stamp, content);
        return new Delivery(entry, content);
    }

    public Delivery Show(MessageEntry entry) => new(entry, store.Read(entry.Stamp));

    /// <summary>Settles the message and removes it.</summary>
    public void Remove(MessageEntry entry)
    {
        store.Settle(entry.Stamp, entry.Key);
        entry.Queue.Change(entry, default);
    }

    /// <summary>Makes the message available again with added properties; after its last delivery it is dead-lettered.</summary>
    public void Abandon(MessageEntry entry, IEnumerable<KeyValuePair<string, object>>? properties)
    {
        if (!entry.IsDeadLettered && WornOut(entry) is { } removal)
        {
            DeadLetter(entry, properties, removal.Reason, removal.Description);
            return;
        }

        if (properties?.ToList() is { Count: > 0 } added)
            store.Update(entry.Stamp, MessageContent.WithProperties(store.Read(entry.Stamp), added));
        entry.Queue.Change(entry, entry.Status with { Lock = null });
    }

    public void DeadLetter(MessageEntry entry, IEnumerable<KeyValuePair<string, object>>? properties, string? reason, string? description)
    {
        var all = new List<KeyValuePair<string, object>>(properties ?? []);
        // Service Bus keeps both as application properties, where the SDK's received message reads them.
        if (reason is not null)
            all.Add(new("DeadLetterReason", reason));
        if (description is not null)
            all.Add(new("DeadLetterErrorDescription", description));
        var content = MessageContent.WithProperties(store.Read(entry.Stamp), all);
        entry.Queue.Change(entry, new MessageStatus(MessagePlace.DeadLettered, entry.Status.Deliveries));
        store.Update(entry.Stamp, content);
    }

    /// <summary>The session's first message that may still be delivered; removes those that may not.</summary>
    public MessageEntry? FirstFit(Session session, long now)
    {
        while (session.First is { IsFree: true } first)
        {
            if (Unfit(first, now) is not { } removal)
                return first;
            Expel(first, removal);
        }

        return null;
    }

    /// <summary>Deletes obsolete rows, one step at a time; true when done. Call between transactions.</summary>
    public bool Tidy(long now, int step, out bool again)
    {
        var window = queues.Max(static queue => queue.Description.DuplicateDetectionWindow.Ticks);
        var seen = store.ForgetSettled(now - window, step);
        store.Commit();
        again = seen > 1;
        if (seen == step)
            return false;
        store.Shrink();
        return true;
    }

    /// <summary>Processes everything that is due.</summary>
    public void RunDue(long now)
    {
        foreach (var queue in queues)
        {
            queue.ActivateDue(now);
            queue.Slots.ExpireIdle(now);
            foreach (var entry in queue.ExpireLocks(now))
                if (!entry.IsDeadLettered && Unfit(entry, now) is { } removal)
                    Expel(entry, removal);
        }

        if (now < _nextSweep)
            return;
        foreach (var queue in queues.Where(queue => queue.EarliestExpiry <= now))
            Sweep(queue, now);
    }

    /// <summary>False when nothing was written.</summary>
    public bool Commit()
    {
        var wrote = store.Commit();
        foreach (var queue in queues)
            queue.Commit();
        return wrote;
    }

    public void RollBack()
    {
        foreach (var queue in queues)
            queue.RollBack();
        store.RollBack();
    }

    public void Dispose() => store.Dispose();

    /// <summary>Removes available messages that may no longer be delivered, a few at a time. A locked one may still be completed.</summary>
    private void Sweep(QueueState queue, long now)
    {
        _nextSweep = now + SweepInterval;
        var (unfit, earliest) = (new List<(MessageEntry Entry, Removal Removal)>(), long.MaxValue);
        foreach (var entry in queue.Entries.Where(static entry => !entry.IsDeadLettered))
        {
            if (entry.IsFree && unfit.Count < SweepAtOnce && Unfit(entry, now) is { } removal)
                unfit.Add((entry, removal));
            else
                earliest = Math.Min(earliest, entry.ExpiresAt);
        }

        foreach (var (entry, removal) in unfit)
            Expel(entry, removal);
        queue.EarliestExpiry = earliest;
    }

    private void Expel(MessageEntry entry, Removal removal)
    {
        if (removal.Drops)
            Remove(entry);
        else
            DeadLetter(entry, null, removal.Reason, removal.Description);
    }

    private static Removal? Unfit(MessageEntry entry, long now)
    {
        if (WornOut(entry) is { } wornOut)
            return wornOut;
        return entry.ExpiresAt <= now
            ? new Removal(Removal.Expired, "The message expired and was dead lettered.", Drops: !entry.Queue.Description.DeadLetterOnExpiration)
            : null;
    }

    private static Removal? WornOut(MessageEntry entry) => entry.Status.Deliveries >= entry.Queue.Description.MaxDeliveryCount
        ? new Removal(Removal.TooManyDeliveries, $"Message could not be consumed after {entry.Status.Deliveries} delivery attempts.")
        : null;

    private static long ExpiresAt(QueueState queue, OutgoingMessage message, long available)
    {
        var life = message.TimeToLive < queue.Description.DefaultTimeToLive ? message.TimeToLive : queue.Description.DefaultTimeToLive;
        return life.Ticks > DateTime.MaxValue.Ticks - available ? DateTime.MaxValue.Ticks : available + life.Ticks;
    }
}
