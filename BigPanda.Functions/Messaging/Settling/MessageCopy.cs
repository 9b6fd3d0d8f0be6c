using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Messaging.Settling;

/// <summary>
/// Makes the scheduled copy that replaces a message. Its id differs from the message's, which duplicate detection would drop, and is the
/// same for every send of the copy, so that a retried send makes one copy.
/// </summary>
internal static class MessageCopy
{
    /// <param name="dueAt">By the broker's clock.</param>
    public static ServiceBusMessage Of(Delivery delivery, Disposition.Rescheduled later, DateTimeOffset dueAt)
    {
        var copy = new ServiceBusMessage(delivery.Message) { ScheduledEnqueueTime = dueAt };
        // These apply to this message only.
        foreach (var own in new[] { MessageProperties.Released, MessageProperties.Failures, MessageProperties.NotBefore })
            copy.ApplicationProperties.Remove(own);
        foreach (var (name, value) in Changes(later)) copy.ApplicationProperties[name] = value;
        // The delivery count tells of interrupted deliveries, and a copy begins with a new one.
        if (delivery.Interruptions > 0) copy.ApplicationProperties[MessageProperties.Unanswered] = true;
        copy.ApplicationProperties[MessageProperties.OriginalId] = delivery.Identity;
        copy.ApplicationProperties[MessageProperties.FirstSentAt] = AppMessage.Format(delivery.FirstSentAt);
        copy.MessageId = MessageIdentity.Of(
            "again", delivery.Identity, Counter(copy, MessageProperties.Attempts), Counter(copy, MessageProperties.TooNew),
            $"{delivery.Message.EnqueuedTime.UtcTicks}");
        // The SDK does not copy it.
        MessageTrace.Join(copy, MessageTrace.Of(delivery.Message));
        return copy;
    }

    /// <summary>The properties to set on the copy, or on the message itself if no copy can be sent.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Changes(Disposition.Rescheduled later)
    {
        if (later.When.Counted is { } counted) yield return counted;
        if (later.Property is { } property) yield return property;
    }

    public static KeyValuePair<string, object> NotBefore(DateTimeOffset dueAt) => new(MessageProperties.NotBefore, AppMessage.Format(dueAt));

    private static string Counter(ServiceBusMessage copy, string name) => copy.ApplicationProperties.TryGetValue(name, out var count) ? $"{count}" : "";
}
