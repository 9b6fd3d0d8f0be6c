using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.DeadLetters;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Tests.Bus;
using BigPanda.Functions.Tests.Support;
using static BigPanda.Functions.Tests.DeadLetters.ReplayWorld;

namespace BigPanda.Functions.Tests.DeadLetters;

public sealed class ReplayTests
{
    [Fact]
    public async Task The_named_ones_are_sent_in_order_with_their_sessions_and_the_others_stay()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(4);

        var report = await world.ReplayAsync(3, 2, 9);

        Assert.Equal(["2 sent", "3 sent", "9 notFound"], Outcomes(report));
        Assert.Equal([1, 4], await world.LeftAsync());
        var sent = await world.SentAsync();
        Assert.Equal(["incident-2", "incident-3"], sent.Select(message => message.SessionId));
        Assert.Equal(report.Items.Take(2).Select(item => item.MessageId), sent.Select(message => message.MessageId));
        Assert.Equal(
            ["message-of-incident-2", "message-of-incident-3"], sent.Select(message => message.ApplicationProperties[MessageProperties.OriginalId]));
    }

    /// <summary>Service Bus counts an abandoned delivery too. A dead-letter queue has no limit to it, and the bridge's own counters do not see it.</summary>
    [Fact]
    public async Task One_that_was_not_named_is_free_at_once_and_only_its_delivery_count_grows()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(2);
        var attempts = (await world.ShowAsync()).Attempts;

        for (var i = 0; i < 12; i++) await world.ReplayAsync(2);

        Assert.Equal([1], await world.LeftAsync());
        Assert.Equal(2, Assert.Single(await world.Bus.DeadLettersAsync()).DeliveryCount);
        Assert.Equal(attempts, (await world.ShowAsync()).Attempts);
        Assert.Equal(["1 sent"], Outcomes(await world.ReplayAsync(1)));
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_done_and_does_nothing()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(2);
        await world.WithDeadLettersAsync(1, message => message.Body = BinaryData.FromString("{"));

        var report = await world.ReplayAllAsync(dryRun: true);

        Assert.Equal(["1 wouldSend", "2 wouldSend", "3 wouldKeep"], Outcomes(report));
        Assert.StartsWith("applied: ", report.Items[0].Detail, StringComparison.Ordinal);
        Assert.Contains("JSON", report.Items[2].Detail, StringComparison.Ordinal);
        Assert.Equal((3, 0), ((await world.LeftAsync()).Count, (await world.SentAsync()).Count));
        Assert.All(await world.Bus.DeadLettersAsync(), letter => Assert.Equal(1, letter.DeliveryCount));
    }

    [Fact]
    public async Task What_this_build_cannot_read_stays_and_the_report_says_why()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(1, message => message.ApplicationProperties[MessageProperties.Version] = 0);
        await world.WithDeadLettersAsync(1, message => message.ApplicationProperties[MessageProperties.Version] = 9);
        await world.WithDeadLettersAsync(1, message => message.Subject = "telegram");
        await world.WithDeadLettersAsync(1, message => message.ApplicationProperties.Remove(MessageProperties.Source));

        var report = await world.ReplayAllAsync();

        Assert.Equal(["1 kept", "2 kept", "3 kept", "4 kept"], Outcomes(report));
        string[] why = ["has version 0", "has version 9", "Unknown subject 'telegram'", "The property source is missing"];
        Assert.All(report.Items.Zip(why), pair => Assert.Contains(pair.Second, pair.First.Detail, StringComparison.Ordinal));
        Assert.Equal([1, 2, 3, 4], await world.LeftAsync());
        Assert.Equal((null, "The message has version 0; this build reads version 1."), ((await world.ShowAsync()).Kind, (await world.ShowAsync()).Problem));
    }

    [Fact]
    public async Task A_body_outside_the_message_is_shown_and_goes_with_its_replay()
    {
        await using var world = await CreateAsync();
        var body = System.Text.Encoding.UTF8.GetBytes((IncidentWebhook.New("large") with { Description = IncidentWebhook.Noise(600_000) }).ToJson());
        var message = Webhook("large");
        await world.Bodies.PackAsync(message, body, null, CancellationToken.None);
        Assert.NotNull(message.ApplicationProperties[MessageProperties.Claim]);
        await world.Bus.Sender.SendMessageAsync(message);
        await world.DeadLetterAsync(1);

        var shown = await world.ShowAsync();
        var report = await world.ReplayAllAsync();

        Assert.Equal((null, "incident", body.Length), (shown.Problem, shown.Kind, shown.BodyBytes));
        Assert.Equal(["1 sent"], Outcomes(report));
        var sent = Assert.Single(await world.SentAsync());
        using var unpacked = await world.Bodies.UnpackAsync(sent, CancellationToken.None);
        Assert.Equal(body, unpacked.Memory.ToArray());
    }

    [Fact]
    public async Task One_whose_body_is_gone_is_shown_and_stays()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(1, message => message.ApplicationProperties[MessageProperties.Claim] = "sha256-gone");

        Assert.Equal("The stored body sha256-gone is missing.", (await world.ShowAsync()).Problem);
        Assert.Equal(["1 kept"], Outcomes(await world.ReplayAllAsync()));
    }

    [Fact]
    public async Task An_event_whose_alert_was_removed_is_dropped()
    {
        await using var world = await CreateAsync();
        var due = AlertEventMessages.Of("gone", new Reminder(world.Bus.Time.GetUtcNow()));
        due.ScheduledEnqueueTime = default;
        await world.Bus.Sender.SendMessageAsync(due);
        await world.DeadLetterAsync(1);

        var report = await world.ReplayAllAsync();

        Assert.Equal(("1 dropped", "its alert has been removed"), (Outcomes(report)[0], report.Items[0].Detail));
        Assert.Empty(await world.LeftAsync());
        Assert.Empty(await world.SentAsync());
    }

    [Fact]
    public async Task At_most_five_hundred_are_replayed_in_a_call_and_the_next_one_goes_on()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(503);

        var first = await world.ReplayAllAsync();
        var second = await world.ReplayAllAsync(first.Continuation);

        Assert.Equal((500, 3), (first.Counts[ReplayOutcomes.Sent], second.Counts[ReplayOutcomes.Sent]));
        Assert.Equal((true, true), (first.Continuation is not null, second.Continuation is null));
        Assert.Empty(await world.LeftAsync());
        Assert.Equal(503, (await world.SentAsync()).Count);
    }

    [Fact]
    public async Task One_that_fails_again_is_not_sent_twice_in_one_replay_of_all()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(1);
        var first = await world.ReplayAllAsync();
        await world.DeadLetterAsync(1);

        var position = $"{Assert.Single(await world.Bus.DeadLettersAsync()).ApplicationProperties[MessageProperties.ReplayRun]}-1";
        var again = await world.ReplayAllAsync(position);
        var later = await world.ReplayAllAsync();

        Assert.Equal(["1 sent"], Outcomes(first));
        Assert.Equal(["2 kept"], Outcomes(again));
        Assert.Contains("no rule accepts it", again.Items[0].Detail, StringComparison.Ordinal);
        Assert.Equal(["2 sent"], Outcomes(later));
        Assert.Equal("message-of-incident-1", later.Items[0].OriginalId);
    }

    [Fact]
    public async Task The_error_is_shown_without_secrets()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(1);
        await world.ReplayAllAsync();
        await world.DeadLetterAsync(1, "refused amqp://ada:HIDDEN@host, token=HIDDEN");

        var shown = await world.ShowAsync();
        var again = await world.ReplayAllAsync($"{Assert.Single(await world.Bus.DeadLettersAsync()).ApplicationProperties[MessageProperties.ReplayRun]}-1");

        Assert.Equal("refused amqp://***@host, token=***", shown.Error);
        Assert.Equal("it was replayed in this run and failed again: refused amqp://***@host, token=***", Assert.Single(again.Items).Detail);
    }

    [Fact]
    public async Task Ids_are_found_wherever_they_are()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(230);
        await world.ReplayAsync([.. Enumerable.Range(2, 118).Select(id => (long)id)]);

        long[] ids = [1, 2, 60, 119, 120, 121, 229, 230, 231, 5000, long.MaxValue];
        var found = await world.Letters.FindAsync(TestBus.Queue, ids, CancellationToken.None).Select(letter => letter.Message.SequenceNumber).ToListAsync();

        Assert.Equal([1, 120, 121, 229, 230], found);
    }

    [Fact]
    public async Task A_message_without_a_session_cannot_be_sent_and_says_so()
    {
        await using var world = await CreateAsync();
        var letter = new Delivery(ServiceBusModelFactory.ServiceBusReceivedMessage(BinaryData.FromString("{}"), "m"));

        var forecast = await world.Reading.ForecastAsync(TestBus.Queue, letter, CancellationToken.None);

        Assert.Contains("no session id", Assert.IsType<ReplayForecast.Keep>(forecast).Detail, StringComparison.Ordinal);
    }
}
