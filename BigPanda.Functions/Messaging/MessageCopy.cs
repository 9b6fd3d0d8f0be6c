using System.Globalization;
using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Messaging;

/// <summary>
/// The scheduled copy that takes a message's place. Its id is not the message's, for duplicate detection would drop that, and it is the
/// same however often the copy is sent: a send whose answer was lost makes one copy.
/// </summary>
internal static class MessageCopy
{
    public static ServiceBusMessage Of(Delivery delivery, Disposition.Rescheduled later)
    {
        var copy = new ServiceBusMessage(delivery.Message) { ScheduledEnqueueTime = later.When.At };
        // What counted for this message alone.
        foreach (var own in new[] { MessageProperties.Released, MessageProperties.Failures, MessageProperties.NotBefore })
            copy.ApplicationProperties.Remove(own);
        foreach (var (name, value) in Changes(later)) copy.ApplicationProperties[name] = value;
        copy.ApplicationProperties[MessageProperties.OriginalId] = delivery.Identity;
        copy.MessageId = MessageIdentity.Of(
            "again", delivery.Identity, Counter(copy, MessageProperties.Attempts), Counter(copy, MessageProperties.TooNew),
            $"{delivery.Message.EnqueuedTime.UtcTicks}");
        // The SDK leaves it out of a copy.
        MessageTrace.Join(copy, MessageTrace.Of(delivery.Message));
        return copy;
    }

    /// <summary>What the copy, or the message itself where no copy can be sent, says more than before.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Changes(Disposition.Rescheduled later)
    {
        if (later.When.Counted is { } counted) yield return counted;
        if (later.Property is { } property) yield return property;
    }

    public static KeyValuePair<string, object> NotBefore(Disposition.Rescheduled later) =>
        new(MessageProperties.NotBefore, later.When.At.ToString("O", CultureInfo.InvariantCulture));

    private static string Counter(ServiceBusMessage copy, string name) => copy.ApplicationProperties.TryGetValue(name, out var count) ? $"{count}" : "";
}
