using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Queues;

internal enum MessagePlace : byte
{
    Gone,
    Scheduled,
    Active,
    DeadLettered,
}

/// <summary>A message's changeable state as one value, which a failed transaction restores.</summary>
internal readonly record struct MessageStatus(MessagePlace Place, int Deliveries = 0, MessageLock? Lock = null);

/// <summary>A receiver's lock on a message. Times are UTC ticks.</summary>
internal sealed class MessageLock(long until, long renewUntil)
{
    public Guid Token { get; } = Guid.NewGuid();

    public long Until { get; set; } = until;

    /// <summary>Until then the receiver renews the lock while its handler runs.</summary>
    public long RenewUntil { get; set; } = renewUntil;
}

/// <summary>The in-memory part of a stored message; its content stays on disk. Times are UTC ticks.</summary>
internal sealed class MessageEntry(QueueState queue, Session session, long sequence, int size, MessageKey key)
{
    public QueueState Queue => queue;

    public Session Session => session;

    public long Sequence => sequence;

    public int Size => size;

    public MessageKey Key => key;

    public required long EnqueuedAt { get; init; }

    public required long ScheduledFor { get; init; }

    public required long ExpiresAt { get; init; }

    /// <summary>Only the queue changes it.</summary>
    public MessageStatus Status { get; set; }

    /// <summary>The session's next message.</summary>
    public MessageEntry? Next { get; set; }

    public bool IsDeadLettered => Status.Place == MessagePlace.DeadLettered;

    public bool IsFree => Status is { Place: MessagePlace.Active, Lock: null };

    /// <summary>A scheduled message enters its session when due, not when sent.</summary>
    public long AvailableAt => Math.Max(EnqueuedAt, ScheduledFor);

    public MessageStamp Stamp => new(Sequence, Queue.Number, IsDeadLettered, Status.Deliveries, EnqueuedAt, ScheduledFor, ExpiresAt);
}
