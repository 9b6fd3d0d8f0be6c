using System.Text;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Webhook;

/// <summary>PagerDuty's events as messages: what makes two of them the same, and what cannot be read.</summary>
public sealed class PagerDutyEventMessagesTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        """{"event":{"id":"E1","event_type":"incident.resolved","data":{"type":"incident","id":"P1"}}}""");

    [Theory]
    [InlineData("E1", "D1", "event", "E1")]
    [InlineData(null, "D1", "delivery", "D1")]
    [InlineData("", "D1", "delivery", "D1")]
    public void An_event_is_known_by_its_id_or_by_its_deliverys(string? id, string? delivery, string kind, string by) =>
        Assert.Equal(MessageIdentity.Of("pagerduty", kind, by), Of(id, delivery).MessageId);

    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    public void Without_an_id_it_is_known_by_its_bytes(string? id, string? delivery) =>
        Assert.Equal(MessageIdentity.OfDelivery("pagerduty-event", Body, out _), Of(id, delivery).MessageId);

    [Theory]
    [InlineData(128)]
    [InlineData(129)]
    public void Events_of_one_incident_in_PagerDuty_are_one_session(int length)
    {
        var id = new string('P', length);

        Assert.Equal(
            length <= 128 ? id : MessageIdentity.Of("incident", id),
            PagerDutyEventMessages.Of(new PagerDutyEvent("E1", "incident.resolved", id), null, Body, At(5)).SessionId);
    }

    [Fact]
    public void An_event_comes_back_with_the_time_of_its_receipt()
    {
        var message = Of("E1", null);

        Assert.Equal("application/json", message.ContentType);
        Assert.Equal("2026-11-01T10:00:05.0000000+00:00", message.ApplicationProperties[MessageProperties.ReceivedAt]);
        var (evt, receivedAt) = PagerDutyEventMessages.Read(Bodies.Received(message), Body);
        Assert.Equal(("E1", "P1", At(5)), (evt.Id, evt.IncidentId, receivedAt));
    }

    [Fact]
    public void What_is_no_event_of_this_version_cannot_be_read()
    {
        Assert.Equal("Unknown subject 'another'.", Refused(message => message.Subject = "another", Body));
        Assert.Equal("The body is no event of an incident in PagerDuty.", Refused(_ => { }, "{}"u8.ToArray()));
        Assert.Equal(
            "The property receivedAt is not a time.", Refused(message => message.ApplicationProperties[MessageProperties.ReceivedAt] = "yesterday", Body));
        Assert.Equal(
            "The message has version 2; this build reads version 1.", Refused(message => message.ApplicationProperties[MessageProperties.Version] = 2, Body));
    }

    private static ServiceBusMessage Of(string? id, string? delivery) =>
        PagerDutyEventMessages.Of(new PagerDutyEvent(id, "incident.resolved", "P1"), delivery, Body, At(5));

    private static string Refused(Action<ServiceBusMessage> change, byte[] body)
    {
        var message = Of("E1", null);
        change(message);
        return Assert.ThrowsAny<MessageUnreadableException>(() => PagerDutyEventMessages.Read(Bodies.Received(message), body)).Message;
    }
}
