using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Messaging;

internal static class MessageVersion
{
    private const int LongestShown = 40;

    /// <summary>A message of a newer build is not guessed at: it waits in the dead-letter queue for one that knows it.</summary>
    public static void Check(ServiceBusReceivedMessage message)
    {
        if (Fault(message) is { } fault)
            throw new MessageUnreadableException($"{fault}; this build reads version {MessageProperties.CurrentVersion}.");
    }

    private static string? Fault(ServiceBusReceivedMessage message)
    {
        if (!message.ApplicationProperties.TryGetValue(MessageProperties.Version, out var value)) return $"The message has no property {MessageProperties.Version}";
        return MessageProperties.NumberIn(value) switch
        {
            MessageProperties.CurrentVersion => null,
            { } other => $"The message has version {other}",
            null => $"The message's version is no number but {Shown(value)}",
        };
    }

    private static string Shown(object? value)
    {
        var text = $"{value}";
        return value is null ? "null" : $"'{(text.Length <= LongestShown ? text : $"{text[..LongestShown]}…")}' of type {value.GetType().Name}";
    }
}

/// <summary>A message that this build cannot read. It goes to the dead-letter queue at its first delivery: trying again does not help.</summary>
public sealed class MessageUnreadableException(string message) : Exception(message);
