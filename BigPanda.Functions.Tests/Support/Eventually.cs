namespace BigPanda.Functions.Tests.Support;

/// <summary>Waits for a condition that will become true. The deadline is far longer than needed and only ends a test that has failed.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    public static TimeSpan Deadline { get; } = TimeSpan.FromMinutes(1);

    /// <param name="within">Null: <see cref="Deadline"/>.</param>
    public static async Task<T> Async<T>(Func<Task<T>> look, Func<T, bool> condition, string what, TimeSpan? within = null)
    {
        var deadline = within ?? Deadline;
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (condition(seen)) return seen;
            if (TimeProvider.System.GetElapsedTime(start) > deadline) Assert.Fail($"Not within {deadline.TotalSeconds:0} s: {what}. Last seen: {seen}");
            await Task.Delay(Interval, TimeProvider.System);
        }
    }
}
