using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Queues;

/// <summary>
/// One queue's rules over what is in memory: no disk and no clock. Everything runs under the bus's lock, and each change is
/// made when its record is on disk. Times are UTC ticks.
/// </summary>
internal sealed class QueueState(QueueDescription description, byte number)
{
    private readonly Dictionary<long, MessageEntry> _entries = [];
    private readonly Dictionary<string, SessionQueue> _sessions = new(StringComparer.Ordinal);
    private readonly PriorityQueue<MessageEntry, (long, long)> _scheduled = new();
    private readonly SortedSet<MessageEntry> _deadLetters = new(Comparer<MessageEntry>.Create(static (a, b) => a.Sequence.CompareTo(b.Sequence)));
    private readonly int[] _counts = new int[3];

    public QueueDescription Description => description;

    public byte Number => number;

    public ReadySessions Ready { get; } = new();

    public LockTable Locks { get; } = new();

    public DuplicateHistory History { get; } = new(description.DuplicateDetectionWindow);

    public WaitList Idle { get; } = new();

    public WaitList DeadLetterArrivals { get; } = new();

    public long NextSequence { get; set; } = 1;

    /// <summary>What the quota counts: scheduled, dead-lettered and not yet acknowledged messages included.</summary>
    public long SizeBytes { get; private set; }

    public long EarliestExpiry { get; private set; } = long.MaxValue;

    public long EarliestSchedule => _scheduled.TryPeek(out _, out var due) ? due.Item1 : long.MaxValue;

    public bool HasDeadLetters => _deadLetters.Any(static entry => entry is { Lock: null, Settling: false });

    public bool IsIdle => _counts[(int)EntryState.Active] == 0 && _counts[(int)EntryState.Locked] == 0;

    public QueueCounts Counts => new(
        _counts[(int)EntryState.Active], _counts[(int)EntryState.Scheduled], _counts[(int)EntryState.Locked], _deadLetters.Count);

    public IReadOnlyCollection<MessageEntry> Entries => _entries.Values;

    public IEnumerable<MessageEntry> DeadLetters => _deadLetters;

    public SendVerdict Judge(MessageKey? key, int bytes, long now)
    {
        if (key is { } known && History.Contains(known, now))
            return SendVerdict.Duplicate;
        return SizeBytes + bytes > description.MaxSizeBytes ? SendVerdict.OverQuota : SendVerdict.Accept;
    }

    /// <summary>A message takes its number, its room and its id when it is sent; it is there once it is on disk.</summary>
    public MessageEntry Admit(string? sessionId, int bytes, long enqueuedAt, long scheduledFor, TimeSpan timeToLive, MessageKey? key)
    {
        if (key is { } id)
            History.Add(id, enqueuedAt);
        SizeBytes += bytes;
        var available = Math.Max(enqueuedAt, scheduledFor);
        var life = timeToLive < description.DefaultTimeToLive ? timeToLive : description.DefaultTimeToLive;
        return new MessageEntry(this, SessionFor(sessionId), NextSequence++, bytes)
        {
            EnqueuedAt = enqueuedAt,
            ScheduledFor = scheduledFor,
            ExpiresAt = life.Ticks > DateTime.MaxValue.Ticks - available ? DateTime.MaxValue.Ticks : available + life.Ticks,
        };
    }

    /// <summary>The disk refused an admitted message.</summary>
    public void Refuse(MessageEntry entry, MessageKey? key)
    {
        if (key is { } id)
            History.Forget(id);
        SizeBytes -= entry.Size;
        entry.Session.Messages--;
        DropIfUnused(entry.Session);
    }

    /// <summary>Brings back, at start, a message the journal holds.</summary>
    public MessageEntry Restore(MessageStamp stamp, string? sessionId, int bytes)
    {
        SizeBytes += bytes;
        return new MessageEntry(this, stamp.DeadLettered ? new SessionQueue(null) : SessionFor(sessionId), stamp.Sequence, bytes)
        {
            EnqueuedAt = stamp.EnqueuedAt,
            ScheduledFor = stamp.ScheduledFor,
            ExpiresAt = stamp.ExpiresAt,
            DeadLettered = stamp.DeadLettered,
            Deliveries = stamp.Deliveries,
        };
    }

    public void Enqueue(MessageEntry entry, long now)
    {
        _entries.Add(entry.Sequence, entry);
        if (entry.DeadLettered)
        {
            _deadLetters.Add(entry);
            return;
        }

        EarliestExpiry = Math.Min(EarliestExpiry, entry.ExpiresAt);
        if (entry.ScheduledFor > now)
        {
            entry.State = EntryState.Scheduled;
            _counts[(int)EntryState.Scheduled]++;
            _scheduled.Enqueue(entry, (entry.ScheduledFor, entry.Sequence));
            return;
        }

        entry.State = EntryState.Active;
        _counts[(int)EntryState.Active]++;
        entry.Session.Insert(entry);
        Offer(entry.Session);
    }

    public void ActivateDue(long now)
    {
        while (EarliestSchedule <= now)
        {
            var entry = _scheduled.Dequeue();
            SetState(entry, EntryState.Active);
            entry.Session.Insert(entry);
            Offer(entry.Session);
        }
    }

    public MessageEntry? Find(long sequence) => _entries.GetValueOrDefault(sequence);

    public void Lock(MessageEntry entry, MessageLock taken)
    {
        entry.Lock = taken;
        Locks.Add(entry);
        if (!entry.DeadLettered)
            SetState(entry, EntryState.Locked);
    }

    /// <summary>An abandoned message, or one whose lock expired, is delivered again at once.</summary>
    public void Unlock(MessageEntry entry)
    {
        entry.Settling = false;
        entry.Lock = null;
        Locks.Remove(entry);
        if (entry.DeadLettered)
            return;
        SetState(entry, EntryState.Active);
        Offer(entry.Session);
    }

    /// <summary>Also takes the session from its receiver: what it still holds of it is worth nothing any more.</summary>
    public void ExpireLock(MessageEntry entry)
    {
        if (!entry.DeadLettered && entry.Session.Hold is { } hold)
        {
            entry.Session.Hold = null;
            hold.Wake(hasMessage: false);
        }

        Unlock(entry);
    }

    public void Remove(MessageEntry entry)
    {
        _entries.Remove(entry.Sequence);
        SizeBytes -= entry.Size;
        entry.LeaveSegments();
        if (entry.DeadLettered)
            _deadLetters.Remove(entry);
        else
            LeaveSession(entry);
        entry.Lock = null;
        Locks.Remove(entry);
    }

    public void MoveToDeadLetters(MessageEntry entry)
    {
        LeaveSession(entry);
        entry.Lock = null;
        Locks.Remove(entry);
        (entry.Settling, entry.DeadLettered) = (false, true);
        _deadLetters.Add(entry);
    }

    public void Release(SessionHold hold)
    {
        if (!hold.IsValid)
            return;
        hold.Session.Hold = null;
        Offer(hold.Session);
        DropIfUnused(hold.Session);
    }

    /// <summary>Why this message may not be delivered any more, if so.</summary>
    public Removal? UnfitReason(MessageEntry entry, long now)
    {
        if (WornOutReason(entry) is { } wornOut)
            return wornOut;
        return entry.ExpiresAt <= now
            ? new Removal(entry, Removal.Expired, "The message expired and was dead lettered.")
            : null;
    }

    public Removal? WornOutReason(MessageEntry entry) => entry.Deliveries >= description.MaxDeliveryCount
        ? new Removal(entry, Removal.TooManyDeliveries, $"Message could not be consumed after {entry.Deliveries} delivery attempts.")
        : null;

    /// <summary>A removal the disk refused is tried again at the next sweep.</summary>
    public void RetryRemoval(MessageEntry entry)
    {
        entry.Settling = false;
        EarliestExpiry = 0;
    }

    /// <summary>Every available message that may not be delivered any more. A locked one may still be completed.</summary>
    public List<Removal> FindUnfit(long now)
    {
        var found = new List<Removal>();
        EarliestExpiry = long.MaxValue;
        foreach (var entry in _entries.Values)
        {
            if (entry.DeadLettered || entry.Settling)
                continue;
            if (entry.State == EntryState.Active && UnfitReason(entry, now) is { } removal)
                found.Add(removal);
            else
                EarliestExpiry = Math.Min(EarliestExpiry, entry.ExpiresAt);
        }

        return found;
    }

    /// <summary>Tells whoever can take it that the session's first message is available.</summary>
    public void Offer(SessionQueue session)
    {
        if (!session.HasWork)
            return;
        if (session.Hold is { } hold)
            hold.Wake(hasMessage: true);
        else
            Ready.Add(session);
    }

    private void LeaveSession(MessageEntry entry)
    {
        _counts[(int)entry.State]--;
        entry.Session.Remove(entry);
        entry.Session.Messages--;
        Offer(entry.Session);
        DropIfUnused(entry.Session);
    }

    private void SetState(MessageEntry entry, EntryState state)
    {
        _counts[(int)entry.State]--;
        entry.State = state;
        _counts[(int)state]++;
    }

    private SessionQueue SessionFor(string? id)
    {
        if (id is null || !description.RequiresSession)
            return new SessionQueue(null);
        if (!_sessions.TryGetValue(id, out var session))
            _sessions.Add(id, session = new SessionQueue(id));
        session.Messages++;
        return session;
    }

    private void DropIfUnused(SessionQueue session)
    {
        if (session is { IsUnused: true, Id: { } id })
            _sessions.Remove(id);
    }
}
