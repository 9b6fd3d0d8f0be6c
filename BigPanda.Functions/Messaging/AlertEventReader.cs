using System.Text.Json;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Rules;

namespace BigPanda.Functions.Messaging;

/// <summary>Reads a vendor's webhook, which is sent through the queue as it was received.</summary>
/// <param name="Subject">The subject of its messages.</param>
public sealed record WebhookFormat(string Subject, Func<ServiceBusReceivedMessage, ReadOnlyMemory<byte>, AlertEvent> Read);

/// <summary>Reads every alert event: our own and those of the vendors whose formats are registered.</summary>
public sealed class AlertEventReader(IEnumerable<WebhookFormat> formats)
{
    /// <exception cref="MessageUnreadableException">This build cannot read the message.</exception>
    internal AlertEvent Read(ServiceBusReceivedMessage message, ReadOnlyMemory<byte> body)
    {
        try
        {
            return formats.FirstOrDefault(format => format.Subject == message.Subject) is { } format
                ? format.Read(message, body)
                : AlertEventMessages.Read(message, body);
        }
        catch (JsonException e)
        {
            throw new MessageUnreadableException($"The body is not valid JSON of '{message.Subject}': {e.Message}");
        }
    }
}
