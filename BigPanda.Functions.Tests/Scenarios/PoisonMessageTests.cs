using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>Messages that cannot be read, sent to the queues directly and not through the webhook route.</summary>
[Collection(BridgeCollection.Name)]
public sealed class PoisonMessageTests(AppFixture app)
{
    private readonly BridgeClient _bridge = app.Bridge;

    public static TheoryData<string, string, string> Unreadable => new()
    {
        { "incident", "not JSON at all", "The body is not valid JSON." },
        { "resolve", "{\"IncidentId\":7}", "not valid JSON of 'resolve'" },
        { "outcome", "[]", "not valid JSON of 'outcome'" },
        { "telegram", "{}", "Unknown subject 'telegram'" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task An_unreadable_event_is_dead_lettered_at_its_first_delivery_and_the_incident_goes_on(string subject, string body, string reason)
    {
        var id = IncidentWebhook.NewId();
        await _bridge.PostWebhooksAsync(IncidentWebhook.New(id));
        await app.Queues.SendAsync(Queues.AlertEvents, Message(id, subject, body, version: 1));
        await _bridge.PostWebhooksAsync(IncidentWebhook.Closed(id, 10));
        await _bridge.WaitForAlertAsync(id, alert => !alert.Fires);
        await app.Queues.WaitUntilIdleAsync();

        var dead = await app.Queues.PeekDeadLetterAsync(Queues.AlertEvents, id);

        Assert.Equal(("MessageUnreadable", 1), (dead.DeadLetterReason, dead.DeliveryCount));
        Assert.Contains(reason, dead.DeadLetterErrorDescription, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_of_a_newer_build_waits_for_that_build()
    {
        var id = IncidentWebhook.NewId();
        await app.Queues.SendAsync(Queues.AlertEvents, Message(id, "incident", IncidentWebhook.New(id).ToJson(), version: 2));
        await app.Queues.SendAsync(Queues.BigPandaActions, Message(id, "close", "{}", version: 2));
        await app.Queues.WaitUntilIdleAsync();

        foreach (var queue in new[] { Queues.AlertEvents, Queues.BigPandaActions })
        {
            var waiting = Assert.Single(await app.Queues.PeekWaitingAsync(queue, id));
            Assert.Equal(1, waiting.ApplicationProperties[MessageProperties.TooNew]);
            Assert.Empty(await app.Queues.PeekDeadLettersAsync(queue, id));
        }
    }

    [Fact]
    public async Task A_message_of_a_newer_build_that_has_waited_for_an_hour_is_a_dead_letter()
    {
        var id = IncidentWebhook.NewId();
        var message = Message(id, "incident", IncidentWebhook.New(id).ToJson(), version: 2);
        message.ApplicationProperties[MessageProperties.TooNew] = RetrySchedule.NewerVersion.Tries - 1;
        await app.Queues.SendAsync(Queues.AlertEvents, message);
        await app.Queues.WaitUntilIdleAsync();

        var dead = await app.Queues.PeekDeadLetterAsync(Queues.AlertEvents, id);

        Assert.Equal("MessageUnreadable", dead.DeadLetterReason);
        Assert.Contains("The message has version 2; this build reads version 1.", dead.DeadLetterErrorDescription, StringComparison.Ordinal);
        (await _bridge.GetAsync(BridgeClient.AlertPath(id))).ExpectProblem(404);
    }

    [Fact]
    public async Task An_event_of_ours_for_an_incident_without_an_alert_is_dead_lettered_with_the_reason()
    {
        var id = IncidentWebhook.NewId();
        var order = $$"""{"IncidentId":"{{id}}","Seen":{},"Via":"api","Actor":"ada","RequestedAt":"2026-11-01T10:00:00Z","MessageId":"m"}""";
        await app.Queues.SendAsync(Queues.AlertEvents, Message(id, "resolve", order, version: 1));
        await app.Queues.WaitUntilIdleAsync();

        var dead = await app.Queues.PeekDeadLetterAsync(Queues.AlertEvents, id);

        Assert.Equal(("AlertRule", 1), (dead.DeadLetterReason, dead.DeliveryCount));
        Assert.Contains("has no alert", dead.DeadLetterErrorDescription, StringComparison.Ordinal);
    }

    private static ServiceBusMessage Message(string incidentId, string subject, string body, int version) => new(BinaryData.FromString(body))
    {
        MessageId = Guid.NewGuid().ToString(),
        SessionId = incidentId,
        Subject = subject,
        ApplicationProperties =
        {
            [MessageProperties.Version] = version,
            [MessageProperties.Source] = "local",
            [MessageProperties.ReceivedAt] = "2026-11-01T10:00:00Z",
        },
    };
}
