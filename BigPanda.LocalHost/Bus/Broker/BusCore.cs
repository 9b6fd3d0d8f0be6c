using BigPanda.LocalHost.Bus.Queues;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>
/// What all parts of the bus share: the one lock, the clock, the queues and the journal. Operations take a few microseconds each,
/// so that one lock for all is cheaper than to prove an order of several.
/// </summary>
internal sealed class BusCore : IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);
    private static readonly long SweepInterval = TimeSpan.FromSeconds(1).Ticks;

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Dictionary<string, QueueState> _byName;
    private long _now;
    private long _timerDue = long.MaxValue;
    private long _nextSweep;
    private bool _closed;
    private Journal? _journal;

    public BusCore(IReadOnlyList<QueueState> queues, TimeProvider time)
    {
        (Queues, _time) = (queues, time);
        _byName = queues.ToDictionary(static queue => queue.Description.Name, StringComparer.OrdinalIgnoreCase);
        _timer = _time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _now = _time.GetUtcNow().UtcTicks;
    }

    public Lock Gate { get; } = new();

    public IReadOnlyList<QueueState> Queues { get; }

    public TimeProvider Time => _time;

    public Journal Journal => _journal ?? throw new InvalidOperationException("The bus has not started.");

    public bool IsClosed => _closed;

    /// <summary>Under the lock, for changes that come into effect: never runs rules of its own.</summary>
    public long CommitTime => _now;

    public QueueState QueueNamed(string name) => _byName.TryGetValue(name, out var queue) ? queue : throw BusFailures.NoSuchQueue(name);

    public void Start(Journal started, long notBefore)
    {
        lock (Gate)
        {
            _journal = started;
            _now = Math.Max(_now, notBefore);
            foreach (var queue in Queues)
                Sweep(queue);
            Rearm();
        }
    }

    /// <summary>The time, after everything due by then has happened. Time never runs backwards here. Under the lock.</summary>
    public long Now()
    {
        if (_closed)
            throw BusFailures.Closed();
        _now = Math.Max(_now, _time.GetUtcNow().UtcTicks);
        if (_now >= _timerDue)
            RunDue();
        return _now;
    }

    /// <summary>After something changed that others may be waiting for. Under the lock.</summary>
    public void Changed()
    {
        foreach (var queue in Queues)
        {
            if (queue.IsIdle)
                queue.Idle.WakeAll();
            if (!queue.DeadLetterArrivals.IsEmpty && queue.HasDeadLetters)
                queue.DeadLetterArrivals.WakeAll();
        }

        Rearm();
    }

    /// <summary>Under the lock.</summary>
    public Batch BeginRemoval(Removal removal)
    {
        var (entry, queue) = (removal.Entry, removal.Entry.Queue);
        entry.Settling = true;
        var record = Journal.Begin();
        if (removal.Reason == Removal.Expired && !queue.Description.DeadLetterOnExpiration)
        {
            SmallRecords.WriteRemoved(record, queue.Number, entry.Sequence);
            return Journal.End(new RemovedChange(entry));
        }

        AmendmentRecord.Write(record, queue.Number, entry.Sequence, deadLettered: true, DeadLetterProperties.Of(removal.Reason, removal.Description));
        return Journal.End(new AmendedChange(entry, deadLettered: true));
    }

    public SegmentStart DescribeQueues()
    {
        lock (Gate)
            return new SegmentStart([.. Queues.Select(static queue => (queue.Description.Name, queue.NextSequence))]);
    }

    /// <summary>Stops the rules; receivers that wait find out. What was accepted is still written by the journal.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            if (_closed)
                return;
            _closed = true;
            foreach (var queue in Queues)
            {
                queue.Idle.WakeAll();
                queue.DeadLetterArrivals.WakeAll();
            }
        }

        _timer.Dispose();
    }

    private void OnTimer()
    {
        lock (Gate)
        {
            _timerDue = long.MaxValue;
            if (_closed)
                return;
            _now = Math.Max(_now, _time.GetUtcNow().UtcTicks);
            RunDue();
        }
    }

    private void RunDue()
    {
        _timerDue = long.MaxValue;
        foreach (var queue in Queues)
        {
            queue.ActivateDue(_now);
            foreach (var entry in queue.Locks.FindExpired(_now, queue.Description.LockDuration.Ticks))
                ExpireLock(queue, entry);
        }

        if (_now >= _nextSweep)
            foreach (var queue in Queues)
                if (queue.EarliestExpiry <= _now)
                    Sweep(queue);
        Changed();
    }

    private void ExpireLock(QueueState queue, MessageEntry entry)
    {
        queue.ExpireLock(entry);
        if (!entry.DeadLettered && queue.UnfitReason(entry, _now) is { } removal)
            BeginRemoval(removal);
    }

    private void Sweep(QueueState queue)
    {
        _nextSweep = _now + SweepInterval;
        foreach (var removal in queue.FindUnfit(_now))
            BeginRemoval(removal);
    }

    /// <summary>Sets the timer to what is due next. Under the lock.</summary>
    public void Rearm()
    {
        var due = long.MaxValue;
        foreach (var queue in Queues)
        {
            due = Math.Min(due, Math.Min(queue.EarliestSchedule, queue.Locks.Earliest));
            if (queue.EarliestExpiry != long.MaxValue)
                due = Math.Min(due, Math.Max(queue.EarliestExpiry, _nextSweep));
        }

        if (due >= _timerDue || _closed)
            return;
        _timerDue = due;
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, due - _now) / (double)TimeSpan.TicksPerMillisecond));
        _timer.Change(wait < LongestTimer ? wait : LongestTimer, Timeout.InfiniteTimeSpan);
    }
}
