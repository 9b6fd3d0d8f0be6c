using Microsoft.Extensions.Time.Testing;

namespace BigPanda.Functions.Tests.Support;

/// <summary>A clock that only the test advances, and that signals when a timer waits for it.</summary>
internal sealed class ManualTimeProvider() : FakeTimeProvider(Begin)
{
    public static readonly DateTimeOffset Begin = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<WatchedTimer> _timers = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The same clock for work that nothing here waits for: its timers fire and are not counted.</summary>
    public TimeProvider Uncounted => new UncountedTimeProvider(this);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(this, base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Completes once some timer is set to fire in exactly this time.</summary>
    public async Task WhenTimerIsSetAsync(TimeSpan dueIn)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline, TimeProvider.System);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (IsTimerSet(dueIn)) return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(deadline.Token);
        }
    }

    /// <summary>Whether some timer is set to fire in exactly this time.</summary>
    public bool IsTimerSet(TimeSpan dueIn)
    {
        lock (_gate) return _timers.Exists(timer => timer.Due - GetUtcNow() == dueIn);
    }

    /// <summary>Advances to the time of the next timer. False when none is set.</summary>
    public bool TryAdvanceToNext()
    {
        TimeSpan? next;
        lock (_gate) next = _timers.Select(timer => timer.Due - GetUtcNow()).Where(dueIn => dueIn > TimeSpan.Zero).Min();
        if (next is { } dueIn) Advance(dueIn);
        return next is not null;
    }

    /// <summary>The number of timers that have not fired.</summary>
    public int TimersSet
    {
        get
        {
            lock (_gate)
                return _timers.Count(timer => timer.Due > GetUtcNow());
        }
    }

    private void Note(WatchedTimer timer, DateTimeOffset? due)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            timer.Due = due;
            if (due is null) return;
            _timers.Add(timer);
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private ITimer CreateUncounted(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime, period);

    private sealed class UncountedTimeProvider(ManualTimeProvider time) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            time.CreateUncounted(callback, state, dueTime, period);
    }

    private sealed class WatchedTimer(ManualTimeProvider time, ITimer timer) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Note(this, null);
            var changed = timer.Change(dueTime, period);
            if (dueTime > TimeSpan.Zero) time.Note(this, time.GetUtcNow() + dueTime);
            return changed;
        }

        public void Dispose()
        {
            time.Note(this, null);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
