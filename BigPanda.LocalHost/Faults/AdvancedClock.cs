namespace BigPanda.LocalHost.Faults;

/// <summary>The machine's clock, which can be put forward and back: timers run as usual.</summary>
internal sealed class AdvancedClock : TimeProvider
{
    private long _ahead;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));
}
