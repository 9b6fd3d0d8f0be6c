namespace BigPanda.Functions.Messaging;

/// <summary>Delays before each further attempt, first those in seconds. Where attempts are unlimited, the last delay repeats.</summary>
public sealed class RetrySchedule(ReadOnlySpan<int> seconds, ReadOnlySpan<int> minutes = default)
{
    private readonly TimeSpan[] _delays =
        [.. seconds.ToArray().Select(count => TimeSpan.FromSeconds(count)), .. minutes.ToArray().Select(count => TimeSpan.FromMinutes(count))];

    /// <summary>For a storage outage, within one delivery: work resumes at most half a minute after the outage.</summary>
    public static RetrySchedule Outage { get; } = new(seconds: [1, 2, 5, 10, 20, 30]);

    /// <summary>While the broker refuses: one call per process.</summary>
    public static RetrySchedule Broker { get; } = new(seconds: [1, 2, 5, 10, 20, 40]);

    /// <summary>After an exception other than an outage: a defect, if ten attempts in two minutes all fail.</summary>
    public static RetrySchedule Failures { get; } = new(seconds: [1, 2, 5, 10, 15, 20, 20, 20, 20]);

    /// <summary>For a message of a newer version: an hour, in which a rolling deployment ends.</summary>
    public static RetrySchedule NewerVersion { get; } = new(seconds: [], minutes: [1, 2, 5, 10, 10, 10, 10, 12]);

    /// <summary>Number of attempts, the first included.</summary>
    public int Tries => _delays.Length + 1;

    /// <summary>For <c>Task.Delay</c>, which cuts a time to whole milliseconds: a wait for the rest of one would not wait at all.</summary>
    internal static TimeSpan RoundUp(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));

    /// <param name="failures">Number of failures so far, from 1.</param>
    /// <param name="retryAfter">The server's Retry-After: a lower bound.</param>
    /// <param name="spread">Random from 0 to 1: adds up to a fifth, so that attempts that failed together are not repeated together.</param>
    public TimeSpan GetDelay(int failures, TimeSpan? retryAfter, double spread)
    {
        var delay = _delays[Math.Clamp(failures, 1, _delays.Length) - 1];
        delay += delay * (spread / 5);
        return retryAfter is { } asked && asked > delay ? asked : delay;
    }
}
