using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Queues;

/// <summary>
/// All that is kept in memory of a waiting message; content stays on disk. Times are UTC ticks. Guarded by the bus's lock.
/// </summary>
internal sealed class MessageEntry(QueueState queue, SessionQueue session, long sequence, int size)
{
    public QueueState Queue => queue;

    public SessionQueue Session => session;

    public long Sequence => sequence;

    public int Size => size;

    public required long EnqueuedAt { get; init; }

    public required long ScheduledFor { get; init; }

    public required long ExpiresAt { get; init; }

    public RecordLocation Location { get; private set; }

    /// <summary>Records that add properties to the one at <see cref="Location"/>, oldest first.</summary>
    public RecordLocation[] Amendments { get; private set; } = [];

    public EntryState State { get; set; }

    public MessageLock? Lock { get; set; }

    /// <summary>A record that ends or moves it is on its way to disk: nothing else may happen to it.</summary>
    public bool Settling { get; set; }

    public bool DeadLettered { get; set; }

    public int Deliveries { get; set; }

    public MessageEntry? Previous { get; set; }

    public MessageEntry? Next { get; set; }

    /// <summary>A scheduled message enters its session at its time, not when it was sent.</summary>
    public long AvailableAt => Math.Max(EnqueuedAt, ScheduledFor);

    public MessageStamp Stamp => new(Queue.Number, Sequence, DeadLettered, Deliveries, EnqueuedAt, ScheduledFor, ExpiresAt);

    public bool ComesBefore(MessageEntry other) =>
        AvailableAt != other.AvailableAt ? AvailableAt < other.AvailableAt : Sequence < other.Sequence;

    public bool IsStoredAt(RecordLocation at) => Location == at || Array.IndexOf(Amendments, at) >= 0;

    /// <summary>The whole message, earlier amendments included, is now in one record.</summary>
    public void MoveTo(RecordLocation at)
    {
        LeaveSegments();
        Location = at;
        Amendments = [];
        at.Segment.LiveRecords++;
    }

    public void Amend(RecordLocation at)
    {
        Amendments = [.. Amendments, at];
        at.Segment.LiveRecords++;
    }

    public void LeaveSegments()
    {
        if (Location.Segment is { } segment)
            segment.LiveRecords--;
        foreach (var amendment in Amendments)
            amendment.Segment.LiveRecords--;
    }
}
