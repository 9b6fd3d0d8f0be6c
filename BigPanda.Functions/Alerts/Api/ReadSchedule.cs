using BigPanda.Functions.Messaging;

namespace BigPanda.Functions.Alerts.Api;

/// <summary>
/// When the tables are read for the console's list: once a minute, and sooner after events of this instance. One that was applied here is there to be read.
/// One that was sent here may be applied by another instance: it is read for two seconds later, and again, ever more seldom, until something has changed.
/// Not for two callers at once.
/// </summary>
internal sealed class ReadSchedule(RecentEvents events, TimeProvider time)
{
    internal static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>An event is usually applied within this time.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    /// <summary>The others come 5, 10 and 20 seconds after the one before: a repeated webhook changes nothing.</summary>
    private const int MaxTries = 4;

    private long? _readAt;

    /// <summary>The first event that was sent since and has not been seen; null without one.</summary>
    private long? _sentSince;
    private long _answered = long.MinValue;
    private int _tries;

    /// <summary>An event is the reason for the next read.</summary>
    public bool IsPrompted => HasApplied || FindSent() is not null;

    /// <summary>A resolved alert has changed, whatever the firing ones show.</summary>
    public bool HasResolved => events.AppliedToResolvedAt is { } at && !(at < _readAt);

    private bool HasApplied => events.AppliedAt is { } at && !(at < _readAt);

    /// <returns>How long what was read last stays the latest; zero or less when it is to be read.</returns>
    public TimeSpan Left()
    {
        if (_readAt is not { } readAt) return TimeSpan.Zero;
        var age = time.GetElapsedTime(readAt);
        if (HasApplied) return Shortest - age;
        if (FindSent() is not { } sentAt) return Longest - age;
        var (interval, settled) = (Shortest * (1 << Math.Max(0, _tries - 1)) - age, Settling - time.GetElapsedTime(sentAt));
        return interval > settled ? interval : settled;
    }

    /// <param name="startedAt">A timestamp.</param>
    public void Note(long startedAt, bool isChanged)
    {
        _readAt = startedAt;
        if (FindSent() is not { } since || events.SentAt is not { } sentAt) return;
        _tries = isChanged ? 0 : Math.Min(_tries + 1, MaxTries);
        // Where events are applied here, each says so.
        var isApplied = events.AppliedAt >= since && events.AppliedAt <= startedAt;
        if (isApplied || ((isChanged || _tries >= MaxTries) && time.GetElapsedTime(sentAt, startedAt) >= Settling))
            (_answered, _sentSince, _tries) = (isApplied ? Math.Min(sentAt, startedAt) : sentAt, null, 0);
        else if (isChanged) _sentSince = sentAt;
    }

    private long? FindSent()
    {
        if (_sentSince is null && events.SentAt is { } sentAt && sentAt > _answered) _sentSince = sentAt;
        return _sentSince;
    }
}
