using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Messaging;

/// <summary>Reads a vendor's webhook, which is sent through the queue as it was received.</summary>
/// <param name="Subject">The subject of its messages.</param>
public sealed record WebhookFormat(string Subject, Func<ServiceBusReceivedMessage, ReadOnlyMemory<byte>, AlertEvent> Read);

/// <summary>Reads a body of BigPanda's webhook that was not received from it: a person wants to see what it would lead to.</summary>
/// <param name="headers">The <c>x-bp-*</c> headers, names in lower case; null without any.</param>
/// <exception cref="MessageUnreadableException">The body is not an incident.</exception>
public delegate IncidentReported DeliveryReader(
    ReadOnlyMemory<byte> body, string sourceId, DateTimeOffset receivedAt, IReadOnlyDictionary<string, string>? headers);

/// <summary>Reads every alert event: our own and those of the vendors whose formats are registered.</summary>
public sealed class AlertEventReader(IEnumerable<WebhookFormat> formats)
{
    /// <exception cref="MessageUnreadableException">This build cannot read the message.</exception>
    internal AlertEvent Read(ServiceBusReceivedMessage message, ReadOnlyMemory<byte> body)
    {
        try
        {
            var evt = formats.FirstOrDefault(format => format.Subject == message.Subject) is { } format
                ? format.Read(message, body)
                : AlertEventMessages.Read(message, body);
            // Members of JSON may be missing.
            return evt is { IncidentId.Length: > 0, MessageId: not null }
                ? evt
                : throw new MessageUnreadableException("The body names no incident or no event.");
        }
        catch (Exception e) when (ReceivedJson.IsInvalid(e))
        {
            throw new MessageUnreadableException($"The body is not valid JSON of '{message.Subject}': {e.Message}");
        }
    }
}
