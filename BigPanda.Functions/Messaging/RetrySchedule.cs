using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Messaging;

/// <summary>How long to wait before each further try: a list, so that it can be read. The last delay repeats where there is no last try.</summary>
/// <param name="counter">The message property that counts the tries of this kind: an outage of ours must not use up another's.</param>
public sealed class RetrySchedule(string counter, params ReadOnlySpan<TimeSpan> delays)
{
    private readonly TimeSpan[] _delays = delays.ToArray();

    /// <summary>Applying an event never gives up before the message expires: it waits for storage to come back.</summary>
    public static RetrySchedule ApplyingEvents { get; } = new(
        MessageProperties.Postponed, Seconds(1), Seconds(2), Seconds(5), Seconds(10), Seconds(20));

    /// <summary>Acting in BigPanda: quick at first, because somebody is watching, then over nearly a day.</summary>
    public static RetrySchedule ActingInBigPanda { get; } = new(
        MessageProperties.Attempts, Seconds(2), Seconds(5), Seconds(15), Seconds(30), Minutes(1), Minutes(2), Minutes(5), Minutes(15),
        Minutes(30), Minutes(60), Minutes(120), Minutes(240), Minutes(480));

    /// <summary>Tries in all, the first one included.</summary>
    public int Tries => _delays.Length + 1;

    /// <param name="failures">How often it has failed, from 1.</param>
    /// <param name="retryAfter">What the other side asked for; never undercut.</param>
    /// <param name="spread">0 to 1; adds up to a fifth, so that what failed together does not come back together.</param>
    public TimeSpan After(int failures, TimeSpan? retryAfter, double spread)
    {
        var delay = _delays[Math.Clamp(failures, 1, _delays.Length) - 1];
        delay += delay * (spread / 5);
        return retryAfter is { } asked && asked > delay ? asked : delay;
    }

    /// <summary>For a message that has failed once more.</summary>
    internal Postponement After(ServiceBusReceivedMessage message, TimeSpan? retryAfter)
    {
        var failures = CountOf(message) + 1;
        return new Postponement(After(failures, retryAfter, Random.Shared.NextDouble()), counter, failures);
    }

    /// <summary>Counts a try without being put off by the schedule.</summary>
    internal Postponement In(TimeSpan delay, ServiceBusReceivedMessage message) => new(delay, counter, CountOf(message) + 1);

    /// <summary>How many tries of this kind the message has behind it.</summary>
    internal int CountOf(ServiceBusReceivedMessage message) =>
        message.ApplicationProperties.TryGetValue(counter, out var count) && MessageProperties.NumberIn(count) is { } tries
            ? (int)Math.Clamp(tries, 0, int.MaxValue - 1)
            : 0;

    /// <summary>Gives a message as many tries of this kind behind it.</summary>
    internal void Count(ServiceBusMessage message, int tries) => message.ApplicationProperties[counter] = tries;

    private static TimeSpan Seconds(int count) => TimeSpan.FromSeconds(count);

    private static TimeSpan Minutes(int count) => TimeSpan.FromMinutes(count);
}

/// <summary>When a message is to come again, and what is counted for it.</summary>
internal readonly record struct Postponement(TimeSpan Delay, string Counter, int Count);
