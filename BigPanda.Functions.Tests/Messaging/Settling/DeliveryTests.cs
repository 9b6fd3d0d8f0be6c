using System.Globalization;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Messaging.Settling;

/// <summary>What a delivery says of the message's life so far, and what the copies and dead letters keep of it.</summary>
public sealed class DeliveryTests
{
    private static readonly DateTimeOffset Begin = ManualTimeProvider.Begin;

    [Fact]
    public void A_dead_letter_says_when_and_after_how_many_tries_of_every_kind()
    {
        var delivery = Received(
            4, (MessageProperties.Attempts, 20), (MessageProperties.Failures, 300), (MessageProperties.TooNew, 4000), (MessageProperties.Released, 1));

        Assert.Equal(2, delivery.Interruptions);
        Assert.Equal(4323, delivery.DeadLetterProperties(Begin)[MessageProperties.Tries]);
        Assert.Equal("2026-01-05T09:00:00.0000000+00:00", delivery.DeadLetterProperties(Begin)[MessageProperties.DeadLetteredAt]);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void A_message_that_was_replayed_is_a_replay(int replays, bool isReplay)
    {
        Assert.False(Received(1).IsReplay);
        Assert.Equal(isReplay, Received(1, (MessageProperties.Replays, replays)).IsReplay);
    }

    [Theory]
    [InlineData(5, 3, 2)]
    [InlineData(3, 5, 0)]
    [InlineData(5, 0, 5)]
    public void A_replay_begins_the_schedule_again(int attempts, int before, int since) => Assert.Equal(
        since, Received(1, (MessageProperties.Attempts, attempts), (MessageProperties.AttemptsBeforeReplay, before)).AttemptsSinceReplay);

    [Fact]
    public void The_first_send_is_the_oldest_time_that_is_known()
    {
        var (first, received) = ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");

        Assert.Equal(Begin, Received(1).FirstSentAt);
        Assert.Equal(Time(received), Received(1, (MessageProperties.ReceivedAt, received)).FirstSentAt);
        Assert.Equal(Time(first), Received(1, (MessageProperties.FirstSentAt, first), (MessageProperties.ReceivedAt, received)).FirstSentAt);
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, false, true)]
    [InlineData(1, true, true)]
    public void An_earlier_delivery_or_attempt_may_have_done_a_part(int deliveries, bool isRepeat, bool mayHaveRun) =>
        Assert.Equal(mayHaveRun, (Received(deliveries) with { IsRepeat = isRepeat }).MayHaveRun);

    [Fact]
    public void A_copy_has_one_id_for_each_step_of_its_message_and_keeps_its_trace()
    {
        var delivery = Received(1, (MessageProperties.TraceParent, "the-trace"), (MessageProperties.TooNew, 2));

        var copy = MessageCopy.Of(delivery, Later(new(MessageProperties.Attempts, 5)), Begin.AddHours(1));

        Assert.Equal(MessageIdentity.Of("again", "the-message", "5", "2", $"{Begin.UtcTicks}"), copy.MessageId);
        Assert.Equal("the-trace", copy.ApplicationProperties[MessageProperties.TraceParent]);
        Assert.Equal("2026-01-05T09:00:00.0000000+00:00", copy.ApplicationProperties[MessageProperties.FirstSentAt]);
    }

    [Fact]
    public void A_copy_without_counters_has_an_id_too() => Assert.Equal(
        MessageIdentity.Of("again", "the-message", "", "", $"{Begin.UtcTicks}"),
        MessageCopy.Of(Received(1), Later(), Begin).MessageId);

    private static Disposition.Rescheduled Later(KeyValuePair<string, object>? counted = null) => new(new Reschedule(TimeSpan.FromHours(1), counted));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static Delivery Received(int deliveries, params (string Name, object Value)[] properties) => new(
        ServiceBusModelFactory.ServiceBusReceivedMessage(
            messageId: "the-message", deliveryCount: deliveries, enqueuedTime: Begin,
            properties: properties.ToDictionary(property => property.Name, property => property.Value)));
}
