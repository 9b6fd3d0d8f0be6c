namespace BigPanda.Functions.Tests.Faults;

/// <summary>A clock that runs faster than the machine's, or with an offset: minutes of waiting take seconds.</summary>
/// <param name="speed">Seconds of this clock in one second of the machine's.</param>
/// <param name="skew">How far it is ahead of the machine's clock.</param>
internal sealed class RunClock(double speed, TimeSpan skew = default) : TimeProvider
{
    private readonly DateTimeOffset _start = System.GetUtcNow();
    private readonly long _began = System.GetTimestamp();
    private long _jumped;

    public RunClock WithSkew(TimeSpan ahead) => new(speed, ahead, _start, _began);

    private RunClock(double speed, TimeSpan skew, DateTimeOffset start, long began)
        : this(speed, skew) => (_start, _began) = (start, began);

    public TimeSpan Skew => skew;

    /// <summary>Puts the clock forward or back: timers run as usual.</summary>
    public void Jump(TimeSpan by) => Interlocked.Add(ref _jumped, by.Ticks);

    /// <summary>Converts a duration of the machine's clock to this clock.</summary>
    public TimeSpan Scaled(TimeSpan ofMachine) => ofMachine * speed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (long)(System.GetElapsedTime(_began).Ticks * speed);

    public override DateTimeOffset GetUtcNow() => _start + TimeSpan.FromTicks(GetTimestamp() + Interlocked.Read(ref _jumped)) + skew;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ScaledTimer(System.CreateTimer(callback, state, Scaled(dueTime, speed), Scaled(period, speed)), speed);

    private static TimeSpan Scaled(TimeSpan time, double speed) =>
        time <= TimeSpan.Zero ? time : TimeSpan.FromMilliseconds(Math.Max(1, time.TotalMilliseconds / speed));

    private sealed class ScaledTimer(ITimer timer, double speed) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Scaled(dueTime, speed), Scaled(period, speed));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
