using System.Threading.Channels;

namespace BigPanda.Functions.Tests.Hosting;

/// <summary>A clock that moves when the test says so, once somebody waits for it.</summary>
internal sealed class SteppedTime(DateTimeOffset start) : TimeProvider
{
    private readonly Channel<Waiter> _waiters = Channel.CreateUnbounded<Waiter>();
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var waiter = new Waiter(() => callback(state), _now + dueTime);
        _waiters.Writer.TryWrite(waiter);
        return waiter;
    }

    public async Task AdvanceAsync(TimeSpan by)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var waiter = await _waiters.Reader.ReadAsync(deadline.Token);
        _now += by;
        if (waiter.Due <= _now)
            waiter.Fire();
        else
            _waiters.Writer.TryWrite(waiter);
    }

    private sealed class Waiter(Action fire, DateTimeOffset due) : ITimer
    {
        public DateTimeOffset Due => due;

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
