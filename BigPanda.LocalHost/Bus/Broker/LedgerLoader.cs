using BigPanda.LocalHost.Bus.Queues;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>Opens the database and loads the queues.</summary>
internal static class LedgerLoader
{
    /// <summary>Also returns the newest time found, so that the clock never runs backwards.</summary>
    /// <exception cref="BusFolderException">The message says why, and what to do.</exception>
    public static (Ledger Ledger, long Newest) Open(string folder, IReadOnlyList<QueueDescription> declared, long now, Func<bool> refusesCommits)
    {
        var store = MessageStore.Open(folder, refusesCommits);
        try
        {
            var queues = store.NameQueues(declared.Select(static queue => queue.Name))
                .ToDictionary(static named => named.Key, named => new QueueState(Describe(declared, named.Value), named.Key));
            var ledger = new Ledger(store, [.. queues.Values]);
            return (ledger, Fill(ledger, queues, now));
        }
        catch (Exception failure)
        {
            store.Dispose();
            if (failure is BusFolderException)
                throw;
            throw DatabaseFile.Explain(failure, folder);
        }
    }

    private static long Fill(Ledger ledger, Dictionary<long, QueueState> queues, long now)
    {
        var entries = new List<(MessageEntry Entry, int Deliveries, bool IsDeadLettered)>();
        var ids = new List<(long Sequence, long Queue, long At, MessageKey Key)>();
        ledger.Store.ReadMessages((stamp, content) =>
        {
            var (messageId, sessionId) = MessageContent.ReadIds(new ByteReader(content));
            var key = messageId is null ? default : MessageKey.Of(messageId);
            ids.Add((stamp.Sequence, stamp.Queue, stamp.EnqueuedAt, key));
            entries.Add((Restore(queues[stamp.Queue], stamp, sessionId, content.Length, key), stamp.Deliveries, stamp.DeadLettered));
        });
        ledger.Store.ReadSettled((sequence, queue, at, key) => ids.Add((sequence, queue, at, key)));

        ids.Sort(static (a, b) => a.Sequence.CompareTo(b.Sequence));
        if (ids.Count > 0)
            (ledger.NextSequence, now) = (ids[^1].Sequence + 1, Math.Max(now, ids[^1].At));
        foreach (var (_, queue, at, key) in ids)
            Remember(queues[queue], key, at, now);
        foreach (var (entry, deliveries, isDeadLettered) in entries.OrderBy(static read => read.Entry.AvailableAt).ThenBy(static read => read.Entry.Sequence))
            entry.Queue.Add(entry, new MessageStatus(PlaceOf(entry, isDeadLettered, now), deliveries));
        foreach (var queue in queues.Values)
        {
            queue.Commit();
            // Not only expired messages: the last allowed delivery of some may have ended with the process.
            queue.EarliestExpiry = 0;
        }

        return now;
    }

    private static MessageEntry Restore(QueueState queue, in MessageStamp stamp, string? sessionId, int size, MessageKey key) =>
        new(queue, stamp.DeadLettered ? new Session(null) : queue.SessionFor(sessionId), stamp.Sequence, size, key)
        {
            EnqueuedAt = stamp.EnqueuedAt,
            ScheduledFor = stamp.ScheduledFor,
            ExpiresAt = stamp.ExpiresAt,
        };

    private static MessagePlace PlaceOf(MessageEntry entry, bool isDeadLettered, long now) =>
        isDeadLettered ? MessagePlace.DeadLettered : entry.ScheduledFor > now ? MessagePlace.Scheduled : MessagePlace.Active;

    private static void Remember(QueueState queue, MessageKey key, long at, long now)
    {
        if (key != default && at > now - queue.Description.DuplicateDetectionWindow.Ticks && !queue.History.Contains(key, at))
            queue.History.Add(key, at);
    }

    /// <summary>A queue that is no longer declared keeps its messages.</summary>
    private static QueueDescription Describe(IReadOnlyList<QueueDescription> declared, string name) =>
        declared.FirstOrDefault(queue => string.Equals(queue.Name, name, StringComparison.OrdinalIgnoreCase)) ?? new QueueDescription(name);
}
