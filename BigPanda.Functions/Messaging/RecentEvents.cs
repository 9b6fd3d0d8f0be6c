using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Messaging;

/// <summary>
/// When this instance last sent an event of an alert, and when it last applied one: what shows alerts then has something new to read. Timestamps of
/// <see cref="TimeProvider"/>; null before the first.
/// </summary>
public sealed class RecentEvents(TimeProvider time)
{
    private long _sentAt = long.MinValue;
    private long _appliedAt = long.MinValue;
    private long _resolvedAt = long.MinValue;

    /// <summary>It is applied soon, by this or another instance.</summary>
    internal long? SentAt => Read(ref _sentAt);

    internal long? AppliedAt => Read(ref _appliedAt);

    /// <summary>The same of the last one whose alert is resolved.</summary>
    internal long? AppliedToResolvedAt => Read(ref _resolvedAt);

    internal void NoteSent(string queue, ServiceBusMessage message)
    {
        // A change of a page is correlated first, and then one of its alert.
        if (queue is not (Queues.AlertEvents or Queues.PagerDutyEvents) || message.ScheduledEnqueueTime > time.GetUtcNow()) return;
        Volatile.Write(ref _sentAt, time.GetTimestamp());
    }

    /// <param name="isFiring">The alert, after it.</param>
    internal void NoteApplied(bool isFiring)
    {
        var now = time.GetTimestamp();
        // First: who sees the other must see this one.
        if (!isFiring) Volatile.Write(ref _resolvedAt, now);
        Volatile.Write(ref _appliedAt, now);
    }

    private static long? Read(ref long at) => Volatile.Read(ref at) is not long.MinValue and var known ? known : null;
}
