using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Messaging;

internal static class MessageVersion
{
    /// <summary>A message of a newer build is not guessed at: it waits in the dead-letter queue for one that knows it.</summary>
    public static void Check(ServiceBusReceivedMessage message)
    {
        if (!message.ApplicationProperties.TryGetValue(MessageProperties.Version, out var version) || version is not MessageProperties.CurrentVersion)
            throw new MessageUnreadableException($"Message version '{version}'; this build reads {MessageProperties.CurrentVersion}.");
    }
}

/// <summary>A message that this build cannot read. It goes to the dead-letter queue at its first delivery: trying again does not help.</summary>
public sealed class MessageUnreadableException(string message) : Exception(message);
