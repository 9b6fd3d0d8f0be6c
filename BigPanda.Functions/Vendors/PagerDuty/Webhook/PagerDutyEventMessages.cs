using System.Globalization;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;

namespace BigPanda.Functions.Vendors.PagerDuty.Webhook;

/// <summary>PagerDuty's events as messages: the body as it was received.</summary>
internal static class PagerDutyEventMessages
{
    private const string Subject = "pagerduty-event";

    /// <summary>A message without its body.</summary>
    /// <param name="deliveryId">The webhook's id, the same on every attempt.</param>
    /// <param name="body">Names an event that has neither an id nor a delivery's.</param>
    public static ServiceBusMessage Of(PagerDutyEvent evt, string? deliveryId, ReadOnlySpan<byte> body, DateTimeOffset receivedAt)
    {
        var message = new ServiceBusMessage
        {
            MessageId = IdOf(evt, deliveryId, body),
            SessionId = MessageIdentity.SessionOf("incident", evt.IncidentId),
            Subject = Subject,
            ContentType = "application/json",
        };
        message.ApplicationProperties[MessageProperties.Version] = MessageProperties.CurrentVersion;
        message.ApplicationProperties[MessageProperties.ReceivedAt] = receivedAt.ToString("O", CultureInfo.InvariantCulture);
        return message;
    }

    /// <summary>The event, and when it was received.</summary>
    /// <exception cref="MessageUnreadableException">This build cannot read the message.</exception>
    public static (PagerDutyEvent Event, DateTimeOffset ReceivedAt) Read(ServiceBusReceivedMessage message, ReadOnlyMemory<byte> body)
    {
        MessageVersion.Check(message);
        if (message.Subject != Subject) throw new MessageUnreadableException($"Unknown subject '{message.Subject}'.");
        var evt = PagerDutyEvent.Read(body) ?? throw new MessageUnreadableException("The body is no event of an incident in PagerDuty.");
        var text = message.ApplicationProperties.GetValueOrDefault(MessageProperties.ReceivedAt) as string;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var receivedAt))
            throw new MessageUnreadableException($"The property {MessageProperties.ReceivedAt} is not a time.");
        return (evt, receivedAt);
    }

    private static string IdOf(PagerDutyEvent evt, string? deliveryId, ReadOnlySpan<byte> body)
    {
        if (evt.Id is { Length: > 0 } id) return MessageIdentity.Of("pagerduty", "event", id);
        return deliveryId is { Length: > 0 } ? MessageIdentity.Of("pagerduty", "delivery", deliveryId) : MessageIdentity.OfDelivery(Subject, body, out _);
    }
}
