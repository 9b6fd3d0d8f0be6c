namespace BigPanda.Functions.Messaging;

/// <summary>How long to wait before each further try: a list, so that it can be read. The last delay repeats where there is no last try.</summary>
public sealed class RetrySchedule(params ReadOnlySpan<TimeSpan> delays)
{
    private readonly TimeSpan[] _delays = delays.ToArray();

    /// <summary>While storage is down, in place: a message waits up to half a minute after it is back.</summary>
    public static RetrySchedule Outage { get; } = new(Seconds(1), Seconds(2), Seconds(5), Seconds(10), Seconds(20), Seconds(30));

    /// <summary>While the broker refuses: one call a process, for all that wait in it.</summary>
    public static RetrySchedule Broker { get; } = new(Seconds(1), Seconds(2), Seconds(5), Seconds(10), Seconds(20), Seconds(40));

    /// <summary>After an exception that is no outage: a defect, which ten tries in two minutes show to be one.</summary>
    public static RetrySchedule Failures { get; } = new(
        Seconds(1), Seconds(2), Seconds(5), Seconds(10), Seconds(15), Seconds(20), Seconds(20), Seconds(20), Seconds(20));

    /// <summary>A message of a newer version than this build: over an hour, in which a rolling deployment ends.</summary>
    public static RetrySchedule NewerVersion { get; } = new(
        Minutes(1), Minutes(2), Minutes(5), Minutes(10), Minutes(10), Minutes(10), Minutes(10), Minutes(12));

    /// <summary>Acting in BigPanda: quick at first, because a person is watching, then over nearly a day.</summary>
    public static RetrySchedule ActingInBigPanda { get; } = new(
        Seconds(2), Seconds(5), Seconds(15), Seconds(30), Minutes(1), Minutes(2), Minutes(5), Minutes(15),
        Minutes(30), Minutes(60), Minutes(120), Minutes(240), Minutes(480));

    /// <summary>Tries in all, the first one included.</summary>
    public int Tries => _delays.Length + 1;

    /// <param name="failures">How often it has failed, from 1.</param>
    /// <param name="retryAfter">What the other side asked for; never undercut.</param>
    /// <param name="spread">0 to 1; adds up to a fifth, so that what failed together does not come back together.</param>
    public TimeSpan GetDelay(int failures, TimeSpan? retryAfter, double spread)
    {
        var delay = _delays[Math.Clamp(failures, 1, _delays.Length) - 1];
        delay += delay * (spread / 5);
        return retryAfter is { } asked && asked > delay ? asked : delay;
    }

    private static TimeSpan Seconds(int count) => TimeSpan.FromSeconds(count);

    private static TimeSpan Minutes(int count) => TimeSpan.FromMinutes(count);
}
