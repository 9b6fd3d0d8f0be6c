using System.Text;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Messaging;

/// <summary>Our own events as messages. Events of pages: <see cref="PageMessagesTests"/>.</summary>
public sealed class AlertEventMessagesTests
{
    private static readonly AlertEventReader Reader = new([]);

    private static ResolveRequested Resolved => new(IncidentId, Seen(5), ResolvedVia.Api, "ada", "why", At(6), "resolve-1") { SeenBefore = Seen(4) };

    private static CommentRequested Comment => new(IncidentId, ResolvedVia.Api, "ada", "text", At(6), "comment-1");

    private static IncidentObserved Observed =>
        new(IncidentId, "observed-1", "2.1", "verification", true, At(5), At(4), "grace", At(3), At(6)) { Seen = Seen(5), ResolvedBy = "ada", Gone = "merged" };

    private static PageChanged Changed => new(IncidentId, "page-1", PageChange.Resolved, "grace", null, At(5), "page-event");

    public static TheoryData<AlertEvent, string, int> Events => new()
    {
        { Resolved, "resolve", 1 },
        { Comment, "comment", 1 },
        { Report(Destination.BigPanda), "outcome", 1 },
        { Report(Destination.PagerDuty), "page-outcome", 2 },
        { Observed, "observation", 1 },
        { Changed, "page", 2 },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void An_event_comes_back_whole_and_under_its_own_id(AlertEvent evt, string subject, int version)
    {
        var message = Sent(evt);

        Assert.Equal((subject, IncidentId, evt.MessageId), (message.Subject, message.SessionId, message.MessageId));
        Assert.Equal(("application/json", version), (message.ContentType, message.ApplicationProperties[MessageProperties.Version]));
        Assert.Equal(evt, Read(message));
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void An_event_in_another_version_than_its_kinds_is_not_read(AlertEvent evt, string subject, int version)
    {
        var message = Sent(evt);

        message.ApplicationProperties[MessageProperties.Version] = version + 1;
        var refusal = Assert.Throws<MessageTooNewException>(() => Read(message));
        Assert.Equal($"The message has version {version + 1}; this build reads version {version}.", refusal.Message);
        message.ApplicationProperties[MessageProperties.Version] = version - 1;
        Assert.Throws<MessageUnreadableException>(() => Read(message));
        Assert.Equal(subject, message.Subject);
    }

    [Theory]
    [InlineData("resolve", 1)]
    [InlineData("comment", 1)]
    [InlineData("outcome", 1)]
    [InlineData("observation", 1)]
    [InlineData("overdue", 2)]
    [InlineData("page", 2)]
    [InlineData("page-outcome", 2)]
    [InlineData("due", 2)]
    public void What_is_no_event_cannot_be_read(string subject, int version)
    {
        Assert.Equal($"The body is not valid JSON of '{subject}': null", Refused(subject, version, "null"));
        Assert.StartsWith($"The body is not valid JSON of '{subject}': ", Refused(subject, version, "{"), StringComparison.Ordinal);
        Assert.Equal("The body names no incident or no event.", Refused(subject, version, "{}"));
    }

    [Theory]
    [InlineData("""{"IncidentId":"","MessageId":"due-1"}""")]
    [InlineData("""{"IncidentId":"incident"}""")]
    public void An_event_has_an_incident_and_an_id(string body) => Assert.Equal("The body names no incident or no event.", Refused("due", 2, body));

    [Fact]
    public void An_unknown_subject_is_refused() => Assert.Equal("Unknown subject 'unheard'.", Refused("unheard", 1, "{}"));

    [Fact]
    public void The_reminder_of_an_overdue_close_comes_at_its_time_and_once()
    {
        var message = AlertEventMessages.Of(IncidentId, new Reminder(At(30), At(10)));

        Assert.Equal(("overdue", At(30)), (message.Subject, message.ScheduledEnqueueTime));
        Assert.Equal(new CloseOverdue(IncidentId, At(10), At(30), message.MessageId), Read(message));
        Assert.Equal(MessageIdentity.Of("overdue", IncidentId, $"{At(10).UtcTicks}", $"{At(30).UtcTicks}"), message.MessageId);
    }

    [Fact]
    public void The_reminder_of_a_plan_has_an_id_of_incident_and_time() => Assert.Equal(
        MessageIdentity.Of("due", IncidentId, $"{At(30).UtcTicks}"), AlertEventMessages.Of(IncidentId, new Reminder(At(30))).MessageId);

    [Fact]
    public void What_another_system_has_shown_is_sent_as_its_event()
    {
        Assert.Equal(Observed, Read(AlertEventMessages.OfSeen(Observed)));
        Assert.Equal(Changed, Read(AlertEventMessages.OfSeen(Changed)));
        Assert.StartsWith(
            "CommentRequested is not seen in another system.", Assert.Throws<ArgumentException>(() => AlertEventMessages.OfSeen(Comment)).Message,
            StringComparison.Ordinal);
    }

    private static ActionReported Report(Destination destination) =>
        new(IncidentId, "comment-1", destination, ActionKinds.Close, ActionResult.Retrying, 2, "503", At(6), "outcome-1") { NextAttemptAt = At(9) };

    private static Stamp Seen(long second) => new(Moment.Of(At(second))) { Kind = DeliveryKind.Closed, Fingerprint = 7 };

    private static ServiceBusMessage Sent(AlertEvent evt) => evt switch
    {
        ResolveRequested request => AlertEventMessages.Of(request),
        CommentRequested request => AlertEventMessages.Of(request),
        ActionReported report => AlertEventMessages.Of(report),
        _ => AlertEventMessages.OfSeen(evt),
    };

    private static AlertEvent Read(ServiceBusMessage message)
    {
        var received = Bodies.Received(message);
        return Reader.Read(received, received.Body.ToMemory());
    }

    private static string Refused(string subject, int version, string body)
    {
        var message = AppMessage.New(IncidentId, "id", subject);
        message.ApplicationProperties[MessageProperties.Version] = version;
        return Assert.Throws<MessageUnreadableException>(() => Reader.Read(Bodies.Received(message), Encoding.UTF8.GetBytes(body))).Message;
    }
}
