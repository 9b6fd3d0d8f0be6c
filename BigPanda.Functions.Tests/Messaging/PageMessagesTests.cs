using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Messaging;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Messaging;

/// <summary>Events of pages as messages. The version before does not know them: it lets them wait, by their version.</summary>
public sealed class PageMessagesTests
{
    [Fact]
    public void A_change_of_a_page_comes_back_whole()
    {
        var changed = new PageChanged(IncidentId, "20261101100000-1", PageChange.Noted, "grace", "restarting", At(10), "page-event")
        {
            External = new PagerIncident("P1", "https://acme.pagerduty.com/incidents/P1"),
            IsIgnored = true,
        };

        Assert.Equal(changed, Return(AlertEventMessages.Of(changed)));
    }

    [Fact]
    public void An_outcome_in_PagerDuty_comes_back_whole()
    {
        var report = new ActionReported(
            IncidentId, "page-20261101100000-1", Destination.PagerDuty, PageActionKinds.Trigger, ActionResult.Closed, 2, "seen", At(10), "outcome-1")
        {
            External = new PagerIncident("P1", null),
        };

        Assert.Equal(report, Return(AlertEventMessages.Of(report)));
    }

    [Fact]
    public void A_reminder_comes_at_its_time_and_once()
    {
        var message = AlertEventMessages.Of(IncidentId, new Reminder(At(30)));

        Assert.Equal((At(30), message.MessageId), (message.ScheduledEnqueueTime, AlertEventMessages.Of(IncidentId, new Reminder(At(30))).MessageId));
        Assert.Equal(new PlanDue(IncidentId, At(30), message.MessageId), Return(message));
        Assert.NotEqual(message.MessageId, AlertEventMessages.Of(IncidentId, new Reminder(At(31))).MessageId);
    }

    private static AlertEvent Return(ServiceBusMessage sent)
    {
        Assert.Equal(2, sent.ApplicationProperties[MessageProperties.Version]);
        var received = ServiceBusModelFactory.ServiceBusReceivedMessage(
            body: sent.Body, messageId: sent.MessageId, sessionId: sent.SessionId, subject: sent.Subject, properties: sent.ApplicationProperties);
        return AlertEventMessages.Read(received, received.Body.ToMemory());
    }
}
