using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Vendors.BigPanda.Incidents;

namespace BigPanda.Functions.Vendors.BigPanda.Webhook;

/// <summary>BigPanda's deliveries as messages: the body as it was received, and the source's settings beside it.</summary>
internal static class DeliveryMessages
{
    private const string Subject = "incident";

    public static WebhookFormat Format { get; } = new(Subject, Read);

    /// <summary>A delivery without its body, which <see cref="MessageBodies"/> adds.</summary>
    /// <param name="titleTemplate">The source's settings are sent with the delivery, so that applying it does not read the sources.</param>
    public static ServiceBusMessage Of(
        string incidentId, string messageId, string sourceId, DateTimeOffset receivedAt,
        string? titleTemplate = null, bool wantsCallback = false, bool isOneTime = false, IReadOnlyDictionary<string, string>? headers = null)
    {
        var message = AppMessage.New(incidentId, messageId, Subject);
        message.ApplicationProperties[MessageProperties.Source] = sourceId;
        message.ApplicationProperties[MessageProperties.ReceivedAt] = AppMessage.Format(receivedAt);
        if (titleTemplate is not null) message.ApplicationProperties[MessageProperties.TitleTemplate] = titleTemplate;
        if (wantsCallback) message.ApplicationProperties[MessageProperties.Callback] = true;
        if (isOneTime) message.ApplicationProperties[MessageProperties.OneTime] = true;
        if (headers is not null) message.ApplicationProperties[MessageProperties.Headers] = DeliveryHeaders.Write(headers);
        return message;
    }

    /// <summary>
    /// The id and fingerprint are taken from the body again: a message that a person re-sent has another message id, and must still be
    /// recognised as the same delivery.
    /// </summary>
    /// <exception cref="MessageUnreadableException">This build cannot read the message.</exception>
    public static IncidentReported Read(ServiceBusReceivedMessage message, ReadOnlyMemory<byte> packed)
    {
        MessageVersion.Check(message);
        var sourceId = AppMessage.Text(message, MessageProperties.Source);
        var receivedAt = AppMessage.Time(message, MessageProperties.ReceivedAt);
        return Read(packed, sourceId, receivedAt, DeliveryHeaders.Read(message.ApplicationProperties.GetValueOrDefault(MessageProperties.Headers))) with
        {
            TitleTemplate = message.ApplicationProperties.TryGetValue(MessageProperties.TitleTemplate, out var template) ? template as string : null,
            WantsCallback = message.ApplicationProperties.ContainsKey(MessageProperties.Callback),
            IsOneTime = message.ApplicationProperties.ContainsKey(MessageProperties.OneTime),
        };
    }

    /// <summary>A <see cref="DeliveryReader"/>.</summary>
    public static IncidentReported Read(
        ReadOnlyMemory<byte> body, string sourceId, DateTimeOffset receivedAt, IReadOnlyDictionary<string, string>? headers)
    {
        if (!IncidentScanner.TryScan(body.Span, out _, out var error)) throw new MessageUnreadableException(error.Detail) { Field = error.Field };
        var messageId = MessageIdentity.OfDelivery(sourceId, body.Span, out var fingerprint);
        var incident = IncidentReader.Read(body.Span).WithoutFutureTimes(receivedAt);
        return new IncidentReported(incident, sourceId, receivedAt, fingerprint, messageId) { Headers = headers };
    }
}
