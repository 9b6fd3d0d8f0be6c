using System.Text.Json;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Actions;

/// <summary>Actions and their reports as messages: what makes two of them the same.</summary>
public sealed class ActionMessagesTests
{
    private static readonly AlertAction Action = new()
    {
        Kind = ActionKinds.Close,
        IncidentId = "incident",
        ActionId = "2.1",
        TraceParent = "the-trace",
        Fields = new() { ["comment"] = JsonSerializer.SerializeToElement("why") },
    };

    [Fact]
    public void An_action_has_one_id_and_each_deliberate_resend_another()
    {
        Assert.Equal(MessageIdentity.Of("action", "incident", "2.1", ""), ActionMessages.Of(Action).MessageId);
        Assert.Equal(MessageIdentity.Of("action", "incident", "2.1", "released-1"), ActionMessages.Of(Action, "released-1").MessageId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_action_comes_back_whole_with_its_trace(bool isRepeat)
    {
        var message = ActionMessages.Of(Action, isRepeat: isRepeat);

        Assert.Equal(("action", "incident", "application/json"), (message.Subject, message.SessionId, message.ContentType));
        Assert.Equal("the-trace", message.ApplicationProperties[MessageProperties.TraceParent]);
        Assert.Equal(isRepeat, message.ApplicationProperties.TryGetValue(MessageProperties.Repeated, out var repeated) && repeated is true);
        Assert.Equal(Action, ActionMessages.Read(Bodies.Received(message)));
    }

    [Fact]
    public void What_is_no_action_of_this_version_cannot_be_read()
    {
        Assert.Equal("Unknown subject 'another'.", Refused(message => message.Subject = "another"));
        Assert.Equal("The body is not an action: null", Refused(message => message.Body = BinaryData.FromString("null")));
        Assert.StartsWith("The body is not an action: ", Refused(message => message.Body = BinaryData.FromString("{")), StringComparison.Ordinal);
        Assert.Equal(
            "The message has version 2; this build reads version 1.", Refused(message => message.ApplicationProperties[MessageProperties.Version] = 2));
    }

    [Theory]
    [InlineData(ActionResult.Accepted, false)]
    [InlineData(ActionResult.Retrying, false)]
    [InlineData(ActionResult.Parked, true)]
    [InlineData(ActionResult.Released, true)]
    public void One_attempt_has_one_report_of_each_result_and_may_be_parked_several_times(ActionResult result, bool isByTime)
    {
        var report = ActionReports.Of(new ActionDelivery(Action, 3), result, "why", At(5));

        Assert.Equal(MessageIdentity.Of("outcome", "incident", "2.1", "3", $"{result}", isByTime ? $"{At(5).UtcTicks}" : ""), report.MessageId);
        Assert.Equal(("incident", "2.1", 3, "why", At(5)), (report.IncidentId, report.ActionId, report.Attempt, report.Detail, report.At));
    }

    [Theory]
    [InlineData(0, 1, false, false)]
    [InlineData(1, 1, false, true)]
    [InlineData(0, 2, false, true)]
    [InlineData(0, 1, true, true)]
    public void An_earlier_attempt_an_interrupted_delivery_or_an_earlier_send_may_have_reached_the_destination(
        int attempts, int deliveries, bool isSentAgain, bool mayHaveBeenSent)
    {
        var sent = ActionMessages.Of(Action, isRepeat: isSentAgain);
        sent.ApplicationProperties[MessageProperties.Attempts] = attempts;
        var received = ServiceBusModelFactory.ServiceBusReceivedMessage(
            body: sent.Body, subject: sent.Subject, properties: sent.ApplicationProperties, deliveryCount: deliveries);

        Assert.Equal(mayHaveBeenSent, ActionDelivery.Of(new Delivery(received), CancellationToken.None).MayHaveBeenSent);
    }

    private static string Refused(Action<ServiceBusMessage> change)
    {
        var message = ActionMessages.Of(Action);
        change(message);
        return Assert.ThrowsAny<MessageUnreadableException>(() => ActionMessages.Read(Bodies.Received(message))).Message;
    }
}
