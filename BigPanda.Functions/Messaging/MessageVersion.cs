using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Messaging;

internal static class MessageVersion
{
    private const int LongestShown = 40;

    /// <summary>Refuses an unknown version; a newer one waits for the build that reads it.</summary>
    /// <param name="current">The version of this kind of message that this build reads.</param>
    public static void Check(ServiceBusReceivedMessage message, int current = MessageProperties.CurrentVersion)
    {
        var isThere = message.ApplicationProperties.TryGetValue(MessageProperties.Version, out var value);
        var version = MessageProperties.ToNumber(value);
        if (version == current) return;
        var reads = $"this build reads version {current}.";
        throw version switch
        {
            { } newer when newer > current => new MessageTooNewException($"The message has version {newer}; {reads}"),
            { } other => new MessageUnreadableException($"The message has version {other}; {reads}"),
            null when isThere => new MessageUnreadableException($"The message's version is not a number: {Format(value)}; {reads}"),
            null => new MessageUnreadableException($"The message has no property {MessageProperties.Version}; {reads}"),
        };
    }

    private static string Format(object? value)
    {
        var text = $"{value}";
        return value is null ? "null" : $"'{(text.Length <= LongestShown ? text : $"{text[..LongestShown]}…")}' of type {value.GetType().Name}";
    }
}

/// <summary>This build cannot read the message. It is dead-lettered at its first delivery, because retrying does not help.</summary>
public class MessageUnreadableException(string message) : Exception(message)
{
    /// <summary>The member of the body that is wrong; null for none.</summary>
    public string? Field { get; init; }
}

/// <summary>The message is from a newer version. It waits up to an hour: a rolling deployment brings the build that reads it.</summary>
public sealed class MessageTooNewException(string message) : MessageUnreadableException(message);
