using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Queues;
using Microsoft.Data.Sqlite;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>
/// Runs every broker operation on one thread. Operations that queued up while the disk was busy share the next transaction and its
/// flush; each completes once its transaction is on disk.
/// </summary>
internal sealed partial class BrokerLoop : IDisposable
{
    /// <summary>Limits a transaction, and with it the write-ahead log, to about 30 MB.</summary>
    private const int MostAtOnce = 128;
    private const int TidyStep = 5000;
    private static readonly long ClockStep = TimeSpan.FromMinutes(1).Ticks;
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);
    private static readonly long ReceiveAgain = TimeSpan.FromSeconds(1).Ticks;
    private static readonly long TidyInterval = TimeSpan.FromMinutes(1).Ticks;

    private readonly Ledger _ledger;
    private readonly BusFaults _faults;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly List<IOperation> _batch = [];
    private readonly List<(Slot Slot, Delivery? Delivery, Exception? Failure)> _served = [];
    private readonly Queue<IOperation> _posted = new();
    private long _timerDue = long.MaxValue;
    private long _tidyDue;
    private bool _nudged;
    private bool _closing;

    public BrokerLoop(Ledger ledger, BusFaults faults, TimeProvider time, long notBefore, ILogger logger)
    {
        (_ledger, _faults, Time, Now, _logger) = (ledger, faults, time, notBefore, logger);
        _tidyDue = Now + TidyInterval;
        _timer = time.CreateTimer(_ => Nudge(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _thread = new Thread(Work) { IsBackground = true, Name = "local bus" };
        _thread.Start();
        faults.Lifted = () => Post(ReceiveNow);
        Nudge();
    }

    public TimeProvider Time { get; }

    /// <summary>Time of the current batch in UTC ticks; not earlier than the previous batch, unless the clock was put back. Only for operations.</summary>
    public long Now { get; private set; }

    /// <summary>Completes once the operation's changes are on disk.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var operation = new Operation<T>(work);
        return TryPost(operation) ? operation.Task : throw BusFailures.Closed();
    }

    /// <summary>Runs work on the broker's thread that changes nothing on disk.</summary>
    public void Post(Action work, Action? closed = null)
    {
        if (TryPost(new Operation<bool>(() =>
            {
                work();
                return true;
            })))
            return;
        closed?.Invoke();
    }

    /// <summary>Commits accepted operations, stops, and ends the waits of receivers.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closing)
                return;
            _closing = true;
        }

        _timer.Dispose();
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
        foreach (var queue in _ledger.Queues)
        {
            queue.WakeAllWaiters();
            queue.Slots.StopAll();
        }

        _ledger.Dispose();
    }

    private bool TryPost(IOperation operation)
    {
        lock (_gate)
        {
            if (_closing)
                return false;
            _posted.Enqueue(operation);
            // If other operations are queued, the thread is awake or about to be.
            if (_posted.Count > 1)
                return true;
        }

        _wake.Set();
        return true;
    }

    private void ReceiveNow()
    {
        foreach (var queue in _ledger.Queues)
            queue.WithheldUntil = 0;
    }

    /// <summary>Wakes the thread to process what is due.</summary>
    private void Nudge()
    {
        lock (_gate)
        {
            if (_closing)
                return;
            _timerDue = long.MaxValue;
            _nudged = true;
        }

        _wake.Set();
    }

    private void Work()
    {
        while (TakeBatch())
            RunBatch();
    }

    /// <summary>Waits for work; false once stopped.</summary>
    private bool TakeBatch()
    {
        while (true)
        {
            lock (_gate)
            {
                _batch.Clear();
                while (_batch.Count < MostAtOnce && _posted.TryDequeue(out var operation))
                    _batch.Add(operation);
                if (_batch.Count > 0 || _nudged)
                {
                    _nudged = false;
                    return true;
                }

                if (_closing)
                    return false;
            }

            _wake.WaitOne();
        }
    }

    private void RunBatch()
    {
        var time = Time.GetUtcNow().UtcTicks;
        // A step back of the machine's clock is followed: else nothing would be due at its time until the clock is where it was.
        if (time > Now || time < Now - ClockStep)
            Now = time;
        Exception? failure = null;
        try
        {
            RunDue();
            foreach (var operation in _batch)
                operation.Run();
            foreach (var queue in _ledger.Queues)
                Serve(queue);
            if (_ledger.Commit())
                _tidyDue = Math.Min(_tidyDue, Now + TidyInterval);
        }
        catch (SqliteException refused)
        {
            failure = TakeBack(refused);
        }

        // Last, so that a caller that awaits the end finds everything released, the timer included.
        if (Now >= _tidyDue)
            Tidy();
        Rearm();
        Report(failure);
    }

    private void RunDue()
    {
        try
        {
            _ledger.RunDue(Now);
        }
        catch (BusFolderException damaged)
        {
            Log.Damaged(_logger, damaged.Message);
        }
    }

    /// <summary>Delivers to waiting slots, in the same transaction that may have stored the message.</summary>
    private void Serve(QueueState queue)
    {
        while (Now >= queue.WithheldUntil && queue.Slots.Match() is { Session: { } session } slot)
        {
            queue.WithheldUntil = 0;
            try
            {
                if (_ledger.FirstFit(session, Now) is not { } entry)
                    queue.Slots.Wait(slot, Now);
                else if (_faults.Find(BusOperations.Receive, queue.Description.Name) is { } fault)
                    Withhold(slot, entry, fault.Kind);
                else
                    _served.Add((slot, _ledger.Take(entry, Now, slot.RenewFor), null));
            }
            catch (BusFolderException damaged)
            {
                _served.Add((slot, null, damaged));
            }
        }
    }

    private void Withhold(Slot slot, MessageEntry entry, FaultKind fault)
    {
        if (fault == FaultKind.LoseAnswer)
        {
            // The delivery is lost: the message stays locked and is redelivered when the lock expires.
            _ledger.Take(entry, Now, TimeSpan.Zero);
            entry.Queue.Slots.Release(slot);
        }
        else
        {
            entry.Queue.WithheldUntil = Now + ReceiveAgain;
        }

        entry.Queue.Slots.Wait(slot, Now);
    }

    private ServiceBusException TakeBack(SqliteException refused)
    {
        Log.WriteFailed(_logger, refused);
        try
        {
            _ledger.RollBack();
        }
        catch (SqliteException notEven)
        {
            Log.WriteFailed(_logger, notEven);
        }

        return BusFailures.DiskFailed(refused);
    }

    private void Report(Exception? failure)
    {
        foreach (var (slot, delivery, damaged) in _served)
        {
            if ((failure ?? damaged) is not { } error)
            {
                slot.Hand(delivery);
                continue;
            }

            slot.Queue.Slots.Release(slot);
            slot.Fail(error);
            Nudge();
        }

        _served.Clear();
        foreach (var operation in _batch)
        {
            if (failure is null)
                operation.Complete();
            else
                operation.Fail(failure);
        }

        foreach (var queue in _ledger.Queues)
            queue.WakeWaiters();
    }

    private void Tidy()
    {
        try
        {
            var done = _ledger.Tidy(Now, TidyStep, out var again);
            if (!done)
                Nudge();
            else
                _tidyDue = again ? Now + TidyInterval : long.MaxValue;
        }
        catch (SqliteException failure)
        {
            _ledger.RollBack();
            _tidyDue = Now + TidyInterval;
            Log.NotTidied(_logger, failure);
        }
    }

    /// <summary>Sets the timer to the next due time.</summary>
    private void Rearm()
    {
        var due = Math.Min(_ledger.NextDue, _tidyDue);
        lock (_gate)
        {
            if (due >= _timerDue || _closing)
                return;
            _timerDue = due;
            var wait = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, due - Time.GetUtcNow().UtcTicks) / (double)TimeSpan.TicksPerMillisecond));
            _timer.Change(wait < LongestTimer ? wait : LongestTimer, Timeout.InfiniteTimeSpan);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Could not write the queue database. All operations of this transaction failed. Check the disk of the data folder")]
        public static partial void WriteFailed(ILogger logger, Exception failure);

        [LoggerMessage(2, LogLevel.Error, "{Damage}")]
        public static partial void Damaged(ILogger logger, string damage);

        [LoggerMessage(3, LogLevel.Warning, "Could not shrink the queue database. Will retry in a minute")]
        public static partial void NotTidied(ILogger logger, Exception failure);
    }
}
