using System.Globalization;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Messaging.Replay;

public sealed class ReplayCopyTests
{
    [Fact]
    public void What_the_sender_said_is_copied_and_what_made_it_a_dead_letter_is_not()
    {
        var letter = Letter(properties: new()
        {
            [MessageProperties.Version] = 1,
            [MessageProperties.Source] = "main",
            [MessageProperties.Released] = 3,
            [MessageProperties.Failures] = 9,
            [MessageProperties.TooNew] = 8,
            [MessageProperties.NotBefore] = "2026-11-01T10:00:00Z",
            [MessageProperties.DeadLetteredAt] = "2026-11-01T10:00:00Z",
            [MessageProperties.Tries] = 10,
            ["DeadLetterReason"] = "ExecutionFailed",
            ["DeadLetterErrorDescription"] = "ten executions failed",
        });

        var copy = ReplayCopy.Of(Queues.AlertEvents, letter, null);

        Assert.Equal(("incident", "resolve", "application/json", "{}"), (copy.SessionId, copy.Subject, copy.ContentType, copy.Body.ToString()));
        Assert.Equal(
            [
                MessageProperties.Attempts, MessageProperties.AttemptsBeforeReplay, MessageProperties.FirstSentAt, MessageProperties.OriginalId,
                MessageProperties.Repeated, MessageProperties.Replays, MessageProperties.Source, MessageProperties.Version,
            ],
            copy.ApplicationProperties.Keys.Order(StringComparer.Ordinal));
        // The life of a message begins again with its send.
        Assert.Equal(TimeSpan.MaxValue, copy.TimeToLive);
    }

    [Fact]
    public void A_copy_has_another_id_and_keeps_the_first_one_and_the_first_time_through_every_replay()
    {
        var first = ReplayCopy.Of(Queues.AlertEvents, Letter("message", 7), null);
        var second = ReplayCopy.Of(Queues.AlertEvents, Letter(first.MessageId, 12, new(first.ApplicationProperties)), null);

        Assert.Equal(["message", "message"], new[] { first, second }.Select(copy => copy.ApplicationProperties[MessageProperties.OriginalId]));
        Assert.Equal([1, 2], new[] { first, second }.Select(copy => copy.ApplicationProperties[MessageProperties.Replays]));
        Assert.Equal(3, new[] { "message", first.MessageId, second.MessageId }.Distinct().Count());
        Assert.All(
            new[] { first, second },
            copy => Assert.Equal(Deliveries.Start.ToString("O", CultureInfo.InvariantCulture), copy.ApplicationProperties[MessageProperties.FirstSentAt]));
    }

    [Fact]
    public void Two_replays_of_one_dead_letter_send_the_same_id_and_of_another_dead_letter_another()
    {
        string[] ids =
        [
            ReplayCopy.Of(Queues.AlertEvents, Letter("message", 7), null).MessageId, ReplayCopy.Of(Queues.AlertEvents, Letter("message", 7), "run").MessageId,
            ReplayCopy.Of(Queues.AlertEvents, Letter("message", 8), null).MessageId,
            ReplayCopy.Of(Queues.BigPandaActions, Letter("message", 7), null).MessageId,
        ];

        Assert.Equal(ids[0], ids[1]);
        Assert.Equal(3, ids.Distinct().Count());
    }

    [Fact]
    public void An_actions_attempts_are_counted_on_and_its_schedule_begins_again()
    {
        var copy = ReplayCopy.Of(Queues.BigPandaActions, Letter(properties: new() { [MessageProperties.Attempts] = 13 }), null);
        var delivery = Letter(properties: new(copy.ApplicationProperties));

        Assert.Equal((14, 0, true, true), (delivery.Count(MessageProperties.Attempts), delivery.AttemptsSinceReplay, delivery.IsSentAgain, delivery.IsReplay));
    }

    private static Delivery Letter(string id = "message", long number = 7, Dictionary<string, object>? properties = null) => new(
        ServiceBusModelFactory.ServiceBusReceivedMessage(
            BinaryData.FromString("{}"), id, sessionId: "incident", subject: "resolve", contentType: "application/json",
            timeToLive: TimeSpan.FromDays(14), properties: properties ?? [], sequenceNumber: number, enqueuedTime: Deliveries.Start, deliveryCount: 2));
}
