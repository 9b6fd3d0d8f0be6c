using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging.Settling;

namespace BigPanda.Functions.Messaging.Replay;

/// <summary>
/// Makes the message that replaces a dead letter. Its id depends on the dead letter alone, whose sequence number is never used again in its queue: sent twice
/// within ten minutes, by two replays or because a replay died before it removed the dead letter, it is one message. Later it is a second one, which
/// <see cref="MessageProperties.Repeated"/> makes harmless.
/// </summary>
internal static class ReplayCopy
{
    /// <summary>These say how the dead letter came about, and do not apply to its copy.</summary>
    private static readonly string[] LeftOut =
    [
        MessageProperties.Released, MessageProperties.Failures, MessageProperties.TooNew, MessageProperties.NotBefore, MessageProperties.DeadLetteredAt,
        MessageProperties.Tries, MessageProperties.ReplayRun, "DeadLetterReason", "DeadLetterErrorDescription",
    ];

    /// <param name="run">The replay of all dead letters that sends it; null when it was named.</param>
    public static ServiceBusMessage Of(string queue, Delivery letter, string? run)
    {
        // Not the SDK's copy: that keeps the expiry of the first send.
        var message = letter.Message;
        var copy = new ServiceBusMessage(message.Body)
        {
            MessageId = IdOf(queue, letter),
            SessionId = message.SessionId,
            Subject = message.Subject,
            ContentType = message.ContentType,
            CorrelationId = message.CorrelationId,
        };
        foreach (var (name, value) in message.ApplicationProperties)
        {
            if (!LeftOut.Contains(name)) copy.ApplicationProperties[name] = value;
        }

        var attempts = letter.Count(MessageProperties.Attempts) + 1;
        copy.ApplicationProperties[MessageProperties.OriginalId] = letter.Identity;
        copy.ApplicationProperties[MessageProperties.FirstSentAt] = AppMessage.Format(letter.FirstSentAt);
        copy.ApplicationProperties[MessageProperties.Repeated] = true;
        copy.ApplicationProperties[MessageProperties.Replays] = letter.Count(MessageProperties.Replays) + 1;
        // Counted on, so that no report of the replay counts as older than the last one before it.
        copy.ApplicationProperties[MessageProperties.Attempts] = attempts;
        copy.ApplicationProperties[MessageProperties.AttemptsBeforeReplay] = attempts;
        if (run is not null) copy.ApplicationProperties[MessageProperties.ReplayRun] = run;
        return copy;
    }

    public static string IdOf(string queue, Delivery letter) =>
        MessageIdentity.Of("replay", queue, letter.Identity, $"{letter.Message.SequenceNumber}");
}
