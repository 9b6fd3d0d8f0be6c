namespace BigPanda.Functions.Tests.Support;

/// <summary>The machine's clock, which a test can put forward: timers run as usual.</summary>
internal sealed class AdvancedClock : TimeProvider
{
    private long _ahead;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));
}
