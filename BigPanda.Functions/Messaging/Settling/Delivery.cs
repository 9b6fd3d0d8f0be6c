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
    /// <summary>The id of the message's first send.</summary>
    public string Identity => Text(MessageProperties.OriginalId) ?? Message.MessageId;

    /// <summary>Deliveries that ended without a settlement: the process died, or the lock was lost.</summary>
    public int Interruptions => Math.Max(0, Message.DeliveryCount - 1 - Count(MessageProperties.Released));

    /// <summary>Whether an earlier delivery or attempt may have done a part of the work.</summary>
    public bool MayHaveRun => IsRepeat || Message.DeliveryCount > 1;

    /// <summary>Sent again because the result of the first send was unknown: both may have arrived.</summary>
    public bool IsSentAgain => Message.ApplicationProperties.ContainsKey(MessageProperties.Repeated);

    /// <summary>Set when the copy scheduled for this time could not be sent.</summary>
    public DateTimeOffset? NotBefore =>
        DateTimeOffset.TryParse(Text(MessageProperties.NotBefore), CultureInfo.InvariantCulture, out var time) ? time : null;

    public int Count(string counter) =>
        Message.ApplicationProperties.TryGetValue(counter, out var count) && MessageProperties.ToNumber(count) is { } times
            ? (int)Math.Clamp(times, 0, int.MaxValue - 1)
            : 0;

    public string? Text(string property) => Message.ApplicationProperties.TryGetValue(property, out var value) ? value as string : null;

    /// <summary>Releases the message and counts it, to distinguish releases from interruptions.</summary>
    public Disposition.Released Release(params ReadOnlySpan<KeyValuePair<string, object>> properties)
    {
        var counted = new Dictionary<string, object> { [MessageProperties.Released] = Count(MessageProperties.Released) + 1 };
        foreach (var (name, value) in properties) counted[name] = value;
        return new Disposition.Released(counted);
    }
}
