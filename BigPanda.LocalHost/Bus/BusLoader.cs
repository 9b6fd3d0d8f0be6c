using BigPanda.LocalHost.Bus.Queues;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus;

/// <summary>Turns what the journal holds into queues.</summary>
internal static class BusLoader
{
    /// <summary>Queues keep the numbers the journal knows them by. One that is no longer declared keeps its messages too.</summary>
    public static IReadOnlyList<QueueState> CreateQueues(IReadOnlyList<QueueDescription> declared, RecoveredState state)
    {
        var descriptions = state.Queues
            .Select(known => declared.FirstOrDefault(queue => Same(queue.Name, known.Name)) ?? new QueueDescription(known.Name))
            .ToList();
        descriptions.AddRange(declared.Where(queue => !state.Queues.Exists(known => Same(queue.Name, known.Name))));

        var queues = descriptions.Select(static (description, number) => new QueueState(description, checked((byte)number))).ToList();
        for (var number = 0; number < state.Queues.Count; number++)
            queues[number].NextSequence = Math.Max(1, state.Queues[number].NextSequence);
        return queues;
    }

    /// <summary>Returns the newest time found, so that the clock can go on from there.</summary>
    public static long Fill(IReadOnlyList<QueueState> queues, RecoveredState state, long now)
    {
        foreach (var (number, ids) in state.Seen)
            now = Math.Max(now, ids.Max(static id => id.At));
        foreach (var (number, ids) in state.Seen)
            Remember(queues[number].History, ids, now - queues[number].Description.DuplicateDetectionWindow.Ticks, now);

        var entries = state.Messages.Select(message => Restore(queues[message.Stamp.Queue], message)).ToList();
        entries.Sort(static (a, b) => a.ComesBefore(b) ? -1 : b.ComesBefore(a) ? 1 : 0);
        foreach (var entry in entries)
            entry.Queue.Enqueue(entry, now);
        return now;
    }

    private static MessageEntry Restore(QueueState queue, RecoveredMessage message)
    {
        var entry = queue.Restore(message.Stamp, message.SessionId, message.Location.Length - RecordFrame.HeaderBytes);
        entry.MoveTo(message.Location);
        foreach (var amendment in message.Amendments)
            entry.Amend(amendment);
        return entry;
    }

    private static void Remember(DuplicateHistory history, List<SeenId> ids, long oldest, long now)
    {
        ids.RemoveAll(id => id.At <= oldest);
        ids.Sort(static (a, b) => a.At.CompareTo(b.At));
        foreach (var id in ids)
            if (!history.Contains(id.Key, id.At))
                history.Add(id.Key, id.At);
        history.Contains(default, now);
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
