using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>What cannot be read will not be readable at the next attempt either: in every queue it is a dead letter at its first delivery.</summary>
[Collection(BridgeCollection.Name)]
public sealed class PermanentErrorTests(AppFixture app)
{
    public static TheoryData<string, string, string> Unreadable
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            foreach (var queue in Queues.All)
            {
                foreach (var body in new[] { "", "null", "[]", "{", "7", "{\"a\":\"\\ud800\"}", "{\"kind\":\"\\ud800\",\"IncidentId\":\"\\udfff\"}", "\u0000" })
                    rows.Add(queue, SubjectOf(queue), body);
                rows.Add(queue, "telegram", "{}");
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_body_that_cannot_be_read_is_dead_lettered_at_its_first_delivery(string queue, string subject, string body) =>
        await FailsAtOnceAsync(queue, Message(subject, body));

    [Theory]
    [MemberData(nameof(AllQueues))]
    public async Task So_is_a_message_of_an_unknown_older_version_and_one_without_a_version(string queue)
    {
        var older = Message(SubjectOf(queue), "{}");
        older.ApplicationProperties[MessageProperties.Version] = 0;
        await FailsAtOnceAsync(queue, older);

        var none = Message(SubjectOf(queue), "{}");
        none.ApplicationProperties.Remove(MessageProperties.Version);
        await FailsAtOnceAsync(queue, none);
    }

    [Theory]
    [MemberData(nameof(AllQueues))]
    public async Task So_is_a_body_that_was_stored_elsewhere_and_is_gone_or_is_damaged(string queue)
    {
        var gone = Message(SubjectOf(queue), "");
        gone.ApplicationProperties[MessageProperties.Claim] = "sha256-gone";
        await FailsAtOnceAsync(queue, gone);

        var damaged = Message(SubjectOf(queue), "not Brotli");
        damaged.ApplicationProperties[MessageProperties.Encoding] = "br";
        await FailsAtOnceAsync(queue, damaged);
    }

    public static TheoryData<string> AllQueues => [.. Queues.All];

    private async Task FailsAtOnceAsync(string queue, ServiceBusMessage message)
    {
        await app.Queues.SendAsync(queue, message);
        await app.Queues.WaitUntilIdleAsync();

        var dead = await app.Queues.PeekDeadLetterAsync(queue, message.SessionId);

        Assert.Equal(("MessageUnreadable", 1), (dead.DeadLetterReason, dead.DeliveryCount));
        Assert.NotEmpty(dead.DeadLetterErrorDescription);
        Assert.Equal(1, dead.ApplicationProperties[MessageProperties.Tries]);
    }

    private static string SubjectOf(string queue) => queue switch
    {
        Queues.AlertEvents => "resolve",
        Queues.PagerDutyEvents => "pagerduty-event",
        Queues.BigPandaAlerts => "alert",
        _ => "action",
    };

    private static ServiceBusMessage Message(string subject, string body) => new(BinaryData.FromString(body))
    {
        MessageId = Guid.NewGuid().ToString(),
        SessionId = $"unreadable-{Guid.NewGuid():N}",
        Subject = subject,
        ApplicationProperties =
        {
            [MessageProperties.Version] = 1,
            [MessageProperties.Source] = "local",
            [MessageProperties.ReceivedAt] = "2026-11-01T10:00:00Z",
            ["identifier"] = "disk",
        },
    };
}
