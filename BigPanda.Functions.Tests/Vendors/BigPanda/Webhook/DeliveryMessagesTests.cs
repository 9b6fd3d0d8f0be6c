using System.Text;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Vendors.BigPanda.Webhook;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;

/// <summary>BigPanda's deliveries as messages: the source's settings go with them, and what cannot be read is said.</summary>
public sealed class DeliveryMessagesTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"incident":{"id":"incident"}}""");

    [Theory]
    [InlineData(null, false, false)]
    [InlineData("{host}", true, false)]
    [InlineData("{host}", false, true)]
    public void A_delivery_comes_back_with_its_sources_settings(string? template, bool wantsCallback, bool isOneTime)
    {
        var message = DeliveryMessages.Of("incident", "id", "main", At(5), template, wantsCallback, isOneTime);

        var delivery = Read(message);

        Assert.Equal((template, wantsCallback, isOneTime), (delivery.TitleTemplate, delivery.WantsCallback, delivery.IsOneTime));
        Assert.Equal(("main", At(5)), (delivery.SourceId, delivery.ReceivedAt));
        // A message that a person sent again has another id.
        Assert.Equal(MessageIdentity.OfDelivery("main", Body, out var fingerprint), delivery.MessageId);
        Assert.Equal(fingerprint, delivery.Fingerprint);
    }

    [Theory]
    [InlineData(MessageProperties.Version, 0, "The message has version 0; this build reads version 1.")]
    [InlineData(MessageProperties.ReceivedAt, "yesterday", "The property receivedAt is not a time.")]
    [InlineData(MessageProperties.ReceivedAt, null, "The property receivedAt is missing.")]
    [InlineData(MessageProperties.Source, 7, "The property source is missing.")]
    public void What_cannot_be_read_is_said(string property, object? value, string error)
    {
        var message = DeliveryMessages.Of("incident", "id", "main", At(5));
        message.ApplicationProperties.Remove(property);
        if (value is not null) message.ApplicationProperties[property] = value;

        Assert.Equal(error, Assert.Throws<MessageUnreadableException>(() => Read(message)).Message);
    }

    private static IncidentReported Read(ServiceBusMessage message) => DeliveryMessages.Read(Bodies.Received(message), Body);
}
