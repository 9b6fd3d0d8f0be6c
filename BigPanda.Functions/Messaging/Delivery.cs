using System.Globalization;
using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Messaging;

/// <summary>
/// One delivery of a message, and what earlier ones left behind in it. Service Bus's delivery count grows with every release and every
/// lost lock, so what counts is counted in the message's properties, which a release can change.
/// </summary>
/// <param name="IsRepeat">An earlier try within this delivery met an outage: it may have done a part of the work.</param>
internal sealed record Delivery(ServiceBusReceivedMessage Message, bool IsRepeat = false)
{
    /// <summary>The message's identity, however often it has been sent again.</summary>
    public string Identity => Text(MessageProperties.OriginalId) ?? Message.MessageId;

    /// <summary>Deliveries that ended without a word from us: the process died, or the lock was lost.</summary>
    public int Interruptions => Math.Max(0, Message.DeliveryCount - 1 - Count(MessageProperties.Released));

    /// <summary>Whether an earlier delivery or try may have done a part of the work.</summary>
    public bool MayHaveRun => IsRepeat || Message.DeliveryCount > 1;

    /// <summary>Sent once more because it was unknown whether the first send arrived: both may have.</summary>
    public bool IsSentAgain => Message.ApplicationProperties.ContainsKey(MessageProperties.Repeated);

    /// <summary>Set where a copy for this time could not be sent.</summary>
    public DateTimeOffset? NotBefore =>
        DateTimeOffset.TryParse(Text(MessageProperties.NotBefore), CultureInfo.InvariantCulture, out var time) ? time : null;

    public int Count(string counter) =>
        Message.ApplicationProperties.TryGetValue(counter, out var count) && MessageProperties.ToNumber(count) is { } times
            ? (int)Math.Clamp(times, 0, int.MaxValue - 1)
            : 0;

    public string? Text(string property) => Message.ApplicationProperties.TryGetValue(property, out var value) ? value as string : null;

    /// <summary>Gives the message back; that we did so is counted, to tell it from an interruption.</summary>
    public Disposition.Released Release(params ReadOnlySpan<KeyValuePair<string, object>> properties)
    {
        var counted = new Dictionary<string, object> { [MessageProperties.Released] = Count(MessageProperties.Released) + 1 };
        foreach (var (name, value) in properties) counted[name] = value;
        return new Disposition.Released(counted);
    }
}
