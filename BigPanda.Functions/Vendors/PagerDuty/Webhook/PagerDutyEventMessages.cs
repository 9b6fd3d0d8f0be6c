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
        var message = AppMessage.New(MessageIdentity.SessionOf("incident", evt.IncidentId), IdOf(evt, deliveryId, body), Subject);
        message.ApplicationProperties[MessageProperties.ReceivedAt] = AppMessage.Format(receivedAt);
        return message;
    }

    /// <summary>The event, and when it was received.</summary>
    /// <exception cref="MessageUnreadableException">This build cannot read the message.</exception>
    public static (PagerDutyEvent Event, DateTimeOffset ReceivedAt) Read(ServiceBusReceivedMessage message, ReadOnlyMemory<byte> body)
    {
        AppMessage.Check(message, Subject);
        var evt = PagerDutyEvent.Read(body) ?? throw new MessageUnreadableException("The body is no event of an incident in PagerDuty.");
        return (evt, AppMessage.Time(message, MessageProperties.ReceivedAt));
    }

    private static string IdOf(PagerDutyEvent evt, string? deliveryId, ReadOnlySpan<byte> body)
    {
        if (evt.Id is { Length: > 0 } id) return MessageIdentity.Of("pagerduty", "event", id);
        return deliveryId is { Length: > 0 } ? MessageIdentity.Of("pagerduty", "delivery", deliveryId) : MessageIdentity.OfDelivery(Subject, body, out _);
    }
}
