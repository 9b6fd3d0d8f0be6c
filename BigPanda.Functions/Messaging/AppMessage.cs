using System.Globalization;
using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Messaging;

/// <summary>What all messages of the app have: JSON, a version, a subject that names the kind, and properties.</summary>
internal static class AppMessage
{
    /// <summary>A message of the current version, still without a body.</summary>
    public static ServiceBusMessage New(string sessionId, string messageId, string subject)
    {
        var message = new ServiceBusMessage { MessageId = messageId, SessionId = sessionId, Subject = subject, ContentType = "application/json" };
        message.ApplicationProperties[MessageProperties.Version] = MessageProperties.CurrentVersion;
        return message;
    }

    /// <exception cref="MessageUnreadableException">This build does not read its version, or it is of another kind.</exception>
    public static void Check(ServiceBusReceivedMessage message, string subject)
    {
        MessageVersion.Check(message);
        if (message.Subject != subject) throw new MessageUnreadableException($"Unknown subject '{message.Subject}'.");
    }

    /// <exception cref="MessageUnreadableException">It has no such text.</exception>
    public static string Text(ServiceBusReceivedMessage message, string property) =>
        message.ApplicationProperties.GetValueOrDefault(property) is string { Length: > 0 } text
            ? text
            : throw new MessageUnreadableException($"The property {property} is missing.");

    /// <exception cref="MessageUnreadableException">It has no such time.</exception>
    public static DateTimeOffset Time(ServiceBusReceivedMessage message, string property) =>
        DateTimeOffset.TryParse(Text(message, property), CultureInfo.InvariantCulture, out var time)
            ? time
            : throw new MessageUnreadableException($"The property {property} is not a time.");

    /// <summary>A time as a property.</summary>
    public static string Format(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);
}
