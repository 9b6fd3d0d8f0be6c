using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Messaging;

internal static class MessageVersion
{
    private const int LongestShown = 40;

    /// <summary>A message of another build is not guessed at; one of a newer build waits for it.</summary>
    public static void Check(ServiceBusReceivedMessage message)
    {
        var isThere = message.ApplicationProperties.TryGetValue(MessageProperties.Version, out var value);
        var version = MessageProperties.ToNumber(value);
        if (version is MessageProperties.CurrentVersion) return;
        var reads = $"this build reads version {MessageProperties.CurrentVersion}.";
        throw version switch
        {
            > MessageProperties.CurrentVersion => new MessageTooNewException($"The message has version {version}; {reads}"),
            { } other => new MessageUnreadableException($"The message has version {other}; {reads}"),
            null when isThere => new MessageUnreadableException($"The message's version is no number but {Shown(value)}; {reads}"),
            null => new MessageUnreadableException($"The message has no property {MessageProperties.Version}; {reads}"),
        };
    }

    private static string Shown(object? value)
    {
        var text = $"{value}";
        return value is null ? "null" : $"'{(text.Length <= LongestShown ? text : $"{text[..LongestShown]}…")}' of type {value.GetType().Name}";
    }
}

/// <summary>A message that this build cannot read. It goes to the dead-letter queue at its first delivery: trying again does not help.</summary>
public class MessageUnreadableException(string message) : Exception(message);

/// <summary>A message of a newer build, which waits for an hour: a rolling deployment brings the build that reads it.</summary>
public sealed class MessageTooNewException(string message) : MessageUnreadableException(message);
