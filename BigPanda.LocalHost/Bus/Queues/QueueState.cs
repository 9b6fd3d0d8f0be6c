namespace BigPanda.LocalHost.Bus.Queues;

/// <summary>
/// One queue's rules, in memory: no disk, no clock. Changes take effect at once; <see cref="Commit"/> keeps and
/// <see cref="RollBack"/> reverts those since the last commit. Only for the broker's thread; times are UTC ticks.
/// </summary>
internal sealed class QueueState
{
    private readonly Dictionary<long, MessageEntry> _entries = [];
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly PriorityQueue<MessageEntry, (long, long)> _scheduled = new();
    private readonly SortedDictionary<long, MessageEntry> _deadLetters = [];
    private readonly HashSet<MessageEntry> _locked = [];
    private readonly List<(MessageEntry Entry, MessageStatus Before)> _changes = [];

    private int _active;
    private int _scheduledCount;
    private int _lockedActive;

    public QueueState(QueueDescription description, long number)
    {
        (Description, Number) = (description, number);
        History = new DuplicateHistory(description.DuplicateDetectionWindow);
        Slots = new Slots(DropIfUnused);
    }

    public QueueDescription Description { get; }

    public long Number { get; }

    public Slots Slots { get; }

    public DuplicateHistory History { get; }

    public List<TaskCompletionSource> IdleWaiters { get; } = [];

    public List<TaskCompletionSource> DeadLetterWaiters { get; } = [];

    /// <summary>The size that the quota limits: scheduled and dead-lettered messages included.</summary>
    public long SizeBytes { get; private set; }

    public long EarliestExpiry { get; set; } = long.MaxValue;

    public long EarliestLock { get; private set; } = long.MaxValue;

    /// <summary>Deliveries to the trigger are refused until then.</summary>
    public long WithheldUntil { get; set; }

    public long EarliestSchedule => _scheduled.TryPeek(out _, out var due) ? due.Item1 : long.MaxValue;

    public bool IsIdle => _active == 0 && _lockedActive == 0;

    public QueueCounts Counts => new(_active, _scheduledCount, _lockedActive, _deadLetters.Count);

    public IEnumerable<MessageEntry> Entries => _entries.Values;

    public IEnumerable<MessageEntry> DeadLetters => _deadLetters.Values;

    public IEnumerable<MessageEntry> FreeDeadLetters => _deadLetters.Values.Where(static entry => entry.Status.Lock is null);

    public IEnumerable<MessageEntry> Locked => _locked;

    public MessageEntry? Find(long sequence) => _entries.GetValueOrDefault(sequence);

    public Session SessionFor(string? id)
    {
        if (id is null || !Description.RequiresSession)
            return new Session(null);
        if (!_sessions.TryGetValue(id, out var session))
            _sessions.Add(id, session = new Session(id));
        return session;
    }

    /// <summary>Adds a new message, or one loaded at the start.</summary>
    public void Add(MessageEntry entry, MessageStatus status)
    {
        Change(entry, status);
        if (status.Place == MessagePlace.DeadLettered)
            return;
        EarliestExpiry = Math.Min(EarliestExpiry, entry.ExpiresAt);
        if (status.Place == MessagePlace.Scheduled)
            _scheduled.Enqueue(entry, (entry.ScheduledFor, entry.Sequence));
        else
            Line(entry);
    }

    public void Change(MessageEntry entry, MessageStatus next)
    {
        _changes.Add((entry, entry.Status));
        Apply(entry, next);
        Slots.Offer(entry.Session);
    }

    public void ActivateDue(long now)
    {
        while (EarliestSchedule <= now)
        {
            var entry = _scheduled.Dequeue();
            // The send was rolled back.
            if (entry.Status.Place != MessagePlace.Scheduled)
                continue;
            Apply(entry, entry.Status with { Place = MessagePlace.Active });
            Line(entry);
        }
    }

    /// <summary>
    /// Makes messages with an expired lock available again; renews the lock instead while the handler is still running, as a receiver does.
    /// </summary>
    public IReadOnlyList<MessageEntry> ExpireLocks(long now)
    {
        if (EarliestLock > now)
            return [];
        var expired = new List<MessageEntry>();
        EarliestLock = long.MaxValue;
        foreach (var entry in _locked)
        {
            if (entry.Status.Lock is not { } held)
                continue;
            while (held.Until <= now && held.Until < held.RenewUntil)
                held.Until += Description.LockDuration.Ticks;
            if (held.Until <= now)
                expired.Add(entry);
            else
                EarliestLock = Math.Min(EarliestLock, held.Until);
        }

        foreach (var entry in expired)
            LoseLock(entry);
        return expired;
    }

    /// <summary>Also removes the session from its holder, whose locks become invalid.</summary>
    public void LoseLock(MessageEntry entry)
    {
        Apply(entry, entry.Status with { Lock = null });
        if (!entry.IsDeadLettered && entry.Session.Holder is { } holder)
            Slots.Release(holder);
        Slots.Offer(entry.Session);
    }

    public void Commit()
    {
        foreach (var (entry, _) in _changes)
        {
            entry.Session.Trim();
            DropIfUnused(entry.Session);
        }

        _changes.Clear();
    }

    public void RollBack()
    {
        for (var i = _changes.Count - 1; i >= 0; i--)
        {
            var (entry, before) = _changes[i];
            Apply(entry, before);
            if (before.Place == MessagePlace.Gone)
                History.Forget(entry.Key);
        }

        foreach (var (entry, _) in _changes)
            Slots.Offer(entry.Session);
        Commit();
    }

    public void WakeWaiters()
    {
        if (IdleWaiters.Count > 0 && IsIdle)
            Wake(IdleWaiters);
        if (DeadLetterWaiters.Count > 0 && FreeDeadLetters.Any())
            Wake(DeadLetterWaiters);
    }

    public void WakeAllWaiters()
    {
        Wake(IdleWaiters);
        Wake(DeadLetterWaiters);
    }

    private static void Wake(List<TaskCompletionSource> waiters)
    {
        foreach (var waiter in waiters)
            waiter.TrySetResult();
        waiters.Clear();
    }

    private void Line(MessageEntry entry)
    {
        entry.Session.Append(entry);
        Slots.Offer(entry.Session);
    }

    /// <summary>Updates counts and lists for the message's new state.</summary>
    private void Apply(MessageEntry entry, MessageStatus next)
    {
        var before = entry.Status;
        Count(entry, before, -1);
        entry.Status = next;
        Count(entry, next, 1);
        if (next.Lock is { } held)
        {
            _locked.Add(entry);
            EarliestLock = Math.Min(EarliestLock, held.Until);
        }
        else
        {
            _locked.Remove(entry);
        }

        if (before.Place == next.Place)
            return;
        if (next.Place == MessagePlace.Gone)
            _entries.Remove(entry.Sequence);
        else
            _entries[entry.Sequence] = entry;
        if (next.Place == MessagePlace.DeadLettered)
            _deadLetters[entry.Sequence] = entry;
        else
            _deadLetters.Remove(entry.Sequence);
        if (IsInSession(next) && entry.Session.Id is { } id)
            _sessions[id] = entry.Session;
    }

    private void Count(MessageEntry entry, MessageStatus status, int by)
    {
        if (status.Place == MessagePlace.Gone)
            return;
        SizeBytes += by * entry.Size;
        if (!IsInSession(status))
            return;
        entry.Session.Messages += by;
        if (status.Place == MessagePlace.Scheduled)
            _scheduledCount += by;
        else if (status.Lock is null)
            _active += by;
        else
            _lockedActive += by;
    }

    private void DropIfUnused(Session session)
    {
        if (session is { Messages: 0, Holder: null, Id: { } id } && _sessions.GetValueOrDefault(id) == session)
            _sessions.Remove(id);
    }

    private static bool IsInSession(MessageStatus status) => status.Place is MessagePlace.Scheduled or MessagePlace.Active;
}
