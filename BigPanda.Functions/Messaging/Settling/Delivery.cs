using System.Globalization;
using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Messaging.Settling;

/// <summary>
/// One delivery of a message, with the counters in its properties. Service Bus's delivery count grows with every release and lost lock,
/// so we count in properties, which a release can change.
/// </summary>
/// <param name="IsRepeat">An earlier attempt within this delivery hit an outage and may have done a part of the work.</param>
internal sealed record Delivery(ServiceBusReceivedMessage Message, bool IsRepeat = false)
{
    /// <summary>
    /// How far our clock is behind the broker's, by which copies are scheduled: a message was enqueued before it was received. By a clock that is
    /// behind, a copy would be due at once, and its attempts used up.
    /// </summary>
    public TimeSpan ClockBehind { get; init; }

    public static Delivery Received(ServiceBusReceivedMessage message, DateTimeOffset now) =>
        new(message) { ClockBehind = message.EnqueuedTime > now ? message.EnqueuedTime - now : TimeSpan.Zero };

    /// <summary>Properties that each release of this delivery sets besides: what its work has begun.</summary>
    public Dictionary<string, object> OnRelease { get; } = [];

    /// <summary>The id of the message's first send.</summary>
    public string Identity => Text(MessageProperties.OriginalId) ?? Message.MessageId;

    /// <summary>Deliveries that ended without a settlement: the process died, or the lock was lost.</summary>
    public int Interruptions => Math.Max(0, Message.DeliveryCount - 1 - Count(MessageProperties.Released));

    /// <summary>Whether an earlier delivery or attempt may have done a part of the work.</summary>
    public bool MayHaveRun => IsRepeat || Message.DeliveryCount > 1;

    /// <summary>Sent again, and the first send may have arrived or may have done a part of the work.</summary>
    public bool IsSentAgain => Message.ApplicationProperties.ContainsKey(MessageProperties.Repeated);

    /// <summary>Sent again as a dead letter, because a person asked for it.</summary>
    public bool IsReplay => Count(MessageProperties.Replays) > 0;

    /// <summary>Attempts of the action that count towards the schedule: a replay begins it again.</summary>
    public int AttemptsSinceReplay => Math.Max(0, Count(MessageProperties.Attempts) - Count(MessageProperties.AttemptsBeforeReplay));

    /// <summary>How often the message has been processed, this time included, by the counters of all its copies.</summary>
    public int Tries =>
        Count(MessageProperties.Attempts) + Count(MessageProperties.Failures) + Count(MessageProperties.TooNew) + Interruptions + 1;

    /// <summary>When the message was first received or sent.</summary>
    public DateTimeOffset FirstSentAt =>
        Time(MessageProperties.FirstSentAt) ?? Time(MessageProperties.ReceivedAt) ?? Message.EnqueuedTime;

    /// <summary>Set when the copy scheduled for this time could not be sent.</summary>
    public DateTimeOffset? NotBefore => Time(MessageProperties.NotBefore);

    public int Count(string counter) =>
        Message.ApplicationProperties.TryGetValue(counter, out var count) && MessageProperties.ToNumber(count) is { } times
            ? (int)Math.Clamp(times, 0, int.MaxValue - 1)
            : 0;

    public DateTimeOffset? Time(string property) =>
        DateTimeOffset.TryParse(Text(property), CultureInfo.InvariantCulture, out var time) ? time : null;

    public string? Text(string property) => Message.ApplicationProperties.TryGetValue(property, out var value) ? value as string : null;

    /// <summary>What a dead letter says of its time and attempts: Service Bus keeps neither.</summary>
    public Dictionary<string, object> DeadLetterProperties(DateTimeOffset now) => new()
    {
        [MessageProperties.DeadLetteredAt] = AppMessage.Format(now),
        [MessageProperties.Tries] = Tries,
    };

    /// <summary>Releases the message and counts it, to distinguish releases from interruptions.</summary>
    public Disposition.Released Release(params ReadOnlySpan<KeyValuePair<string, object>> properties)
    {
        var counted = new Dictionary<string, object>(OnRelease) { [MessageProperties.Released] = Count(MessageProperties.Released) + 1 };
        foreach (var (name, value) in properties) counted[name] = value;
        return new Disposition.Released(counted);
    }
}
