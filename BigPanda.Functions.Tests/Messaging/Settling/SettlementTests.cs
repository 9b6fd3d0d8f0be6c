using Azure;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Messaging.Settling;

public sealed class SettlementTests
{
    private readonly SettledMessage _settled = new();

    private static RequestFailedException StorageDown => new(503, "ServerBusy");

    private static ServiceBusException Busy => new("50009", ServiceBusFailureReason.ServiceBusy);

    [Fact]
    public async Task Work_that_is_done_completes_the_message()
    {
        await _settled.RunAsync(_ => Disposition.Complete);

        Assert.Equal(["complete"], _settled.Asked);
    }

    [Fact]
    public async Task A_dead_letter_keeps_its_reason_and_as_much_text_as_the_broker_takes()
    {
        await _settled.RunAsync(_ => new Disposition.DeadLettered("Reason", new string('x', 5000)));

        Assert.Equal([$"dead-letter Reason: {new string('x', 4096)}"], _settled.Asked);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_is_dead_lettered_at_once()
    {
        await _settled.RunAsync(_ => throw new MessageUnreadableException("no JSON"));

        Assert.Equal(["dead-letter MessageUnreadable: no JSON"], _settled.Asked);
    }

    [Fact]
    public async Task An_outage_of_storage_is_waited_for_in_place_without_a_call_to_the_broker()
    {
        var back = ManualTimeProvider.Begin.AddMinutes(5);
        List<bool> repeats = [];

        var waited = await _settled.FinishAsync(_settled.RunAsync(delivery =>
        {
            repeats.Add(delivery.IsRepeat);
            return _settled.Time.GetUtcNow() < back ? throw StorageDown : Disposition.Complete;
        }));

        Assert.Equal(["complete"], _settled.Asked);
        Assert.InRange(waited, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5.7));
        // The first attempt may have done a part of the work.
        Assert.Equal([false, .. Enumerable.Repeat(true, repeats.Count - 1)], repeats);
        Assert.InRange(repeats.Count, 12, 17);
    }

    [Fact]
    public async Task A_longer_outage_gives_the_message_back_once_in_eight_minutes()
    {
        _settled.Properties[MessageProperties.Released] = 41;
        _settled.DeliveryCount = 42;

        var waited = await _settled.FinishAsync(_settled.RunAsync(_ => throw StorageDown));

        Assert.Equal(["abandon"], _settled.Asked);
        Assert.InRange(waited, TimeSpan.FromMinutes(7.8), OutageWait.MaxWait);
        Assert.Equal(42, _settled.Released[MessageProperties.Released]);
        Assert.DoesNotContain(MessageProperties.Failures, _settled.Released.Keys);
    }

    public static TheoryData<ServiceBusFailureReason> Reasons => [.. Enum.GetValues<ServiceBusFailureReason>()];

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task A_broker_that_refuses_the_works_own_sends_is_an_outage(ServiceBusFailureReason reason)
    {
        var tries = 0;

        await _settled.FinishAsync(_settled.RunAsync(_ => ++tries < 3 ? throw new ServiceBusException("refused", reason) : Disposition.Complete));

        Assert.Equal((3, "complete"), (tries, Assert.Single(_settled.Asked)));
    }

    [Fact]
    public async Task An_exception_that_is_no_outage_is_counted_and_the_message_retried_later()
    {
        _settled.Properties[MessageProperties.Failures] = 3;
        _settled.Properties[MessageProperties.Released] = 7;
        _settled.DeliveryCount = 8;

        var waited = await _settled.FinishAsync(_settled.RunAsync(_ => throw new InvalidOperationException("a defect")));

        Assert.Equal(["abandon"], _settled.Asked);
        Assert.Equal((4, 8), (_settled.Released[MessageProperties.Failures], _settled.Released[MessageProperties.Released]));
        Assert.InRange(waited, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(13));
    }

    [Fact]
    public async Task The_tenth_failed_execution_makes_a_dead_letter_whatever_the_delivery_count()
    {
        _settled.Properties[MessageProperties.Failures] = 9;
        _settled.DeliveryCount = 4000;

        await _settled.RunAsync(_ => throw new InvalidOperationException("a defect with a secret in its text"));

        Assert.Equal(["dead-letter ExecutionFailed: 10 executions failed, the last with InvalidOperationException. The log has the details."], _settled.Asked);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_of_a_newer_version_or_whose_alert_is_comes_again_as_a_counted_copy(bool isRow)
    {
        _settled.Properties[MessageProperties.TooNew] = 2;

        await _settled.RunAsync(_ => throw (isRow ? new RowTooNewException("schema 3") : new MessageTooNewException("version 2")));

        Assert.Equal(["send", "complete"], _settled.Asked);
        var copy = Assert.Single(_settled.Sent);
        Assert.Equal(3, copy.ApplicationProperties[MessageProperties.TooNew]);
        Assert.InRange(copy.ScheduledEnqueueTime - _settled.Time.GetUtcNow(), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6));
    }

    [Fact]
    public async Task After_an_hour_a_message_of_a_newer_version_is_a_dead_letter()
    {
        _settled.Properties[MessageProperties.TooNew] = RetrySchedule.NewerVersion.Tries - 1;

        await _settled.RunAsync(_ => throw new MessageTooNewException("Version 2."));

        Assert.Equal(["dead-letter MessageUnreadable: Version 2. No build that reads it was deployed within an hour."], _settled.Asked);
    }

    [Fact]
    public async Task A_copy_the_broker_refuses_is_sent_when_it_accepts_and_only_then_the_message_goes()
    {
        _settled.Refusals["send"] = Busy;
        var running = _settled.RunAsync(_ => Later(TimeSpan.FromHours(1)));
        await _settled.AdvanceAsync(running, TimeSpan.FromMinutes(1));
        Assert.DoesNotContain("complete", _settled.Asked);

        _settled.Refusals.Clear();
        await _settled.FinishAsync(running);

        Assert.Equal("complete", _settled.Asked[^1]);
        Assert.Single(_settled.Sent);
    }

    /// <summary>Whatever the error says of a lock: only a copy that the broker has accepted replaces its message.</summary>
    [Theory]
    [MemberData(nameof(Lost))]
    public async Task A_message_whose_copy_was_not_sent_is_never_completed(Exception refusal)
    {
        _settled.Refusals["send"] = refusal;

        await _settled.FinishAsync(_settled.RunAsync(_ => Later(TimeSpan.FromHours(1))));

        Assert.Equal(["send", "abandon"], _settled.Asked);
    }

    [Fact]
    public async Task Once_the_broker_accepts_a_settlement_the_others_go_on()
    {
        _settled.Refusals["complete"] = Busy;
        var running = _settled.RunAsync(_ => Disposition.Complete);
        await _settled.AdvanceAsync(running, TimeSpan.FromMinutes(1));
        Assert.False(await _settled.Gate.WaitAsync(_settled.Time.GetUtcNow(), CancellationToken.None));
        _settled.Refusals.Clear();

        await _settled.FinishAsync(running);

        Assert.True(await _settled.Gate.WaitAsync(_settled.Time.GetUtcNow(), CancellationToken.None));
    }

    [Fact]
    public async Task Where_no_copy_can_be_sent_the_message_itself_keeps_what_the_copy_would_say_and_when()
    {
        _settled.Refusals["send"] = Busy;

        await _settled.FinishAsync(_settled.RunAsync(_ => Later(TimeSpan.FromHours(1), new(MessageProperties.Stage, "verify"))));

        Assert.Equal("abandon", _settled.Asked[^1]);
        Assert.InRange(_settled.Asked.Count, 2, 20);
        Assert.Equal((5, "verify"), (_settled.Released[MessageProperties.Attempts], _settled.Released[MessageProperties.Stage]));
        Assert.Equal(1, _settled.Released[MessageProperties.Released]);
        Assert.Equal(ManualTimeProvider.Begin.AddHours(1).ToString("O"), _settled.Released[MessageProperties.NotBefore]);
    }

    [Fact]
    public async Task A_message_before_its_time_is_not_worked_on_and_its_copy_is_the_one_that_could_not_be_sent()
    {
        await _settled.RunAsync(_ => Later(TimeSpan.FromHours(1)));
        var first = _settled.Sent[0];
        _settled.Properties[MessageProperties.Attempts] = 5;
        _settled.Properties[MessageProperties.NotBefore] = ManualTimeProvider.Begin.AddHours(1).ToString("O");
        _settled.DeliveryCount = 2;

        await _settled.RunAsync(_ => throw new InvalidOperationException("not to be called"));

        // The first send may have succeeded.
        Assert.Equal((first.MessageId, first.ScheduledEnqueueTime), (_settled.Sent[1].MessageId, _settled.Sent[1].ScheduledEnqueueTime));
        Assert.DoesNotContain(MessageProperties.NotBefore, _settled.Sent[1].ApplicationProperties.Keys);
    }

    /// <summary>By our clock the copy would be due at once, and the next, until no attempt is left.</summary>
    [Fact]
    public async Task Where_our_clock_is_an_hour_behind_a_copy_is_scheduled_by_the_brokers()
    {
        _settled.EnqueuedAt = ManualTimeProvider.Begin.AddHours(1);

        await _settled.RunAsync(_ =>
        {
            _settled.Time.Advance(TimeSpan.FromMinutes(3));
            return Later(TimeSpan.FromMinutes(2));
        });

        Assert.Equal(_settled.EnqueuedAt.AddMinutes(5), Assert.Single(_settled.Sent).ScheduledEnqueueTime);
    }

    /// <summary>A message may have waited for long: its age says nothing of a clock.</summary>
    [Fact]
    public async Task A_copy_of_an_old_message_is_scheduled_by_our_clock()
    {
        _settled.EnqueuedAt = ManualTimeProvider.Begin.AddHours(-1);

        await _settled.RunAsync(_ => Later(TimeSpan.FromMinutes(2)));

        Assert.Equal(ManualTimeProvider.Begin.AddMinutes(2), Assert.Single(_settled.Sent).ScheduledEnqueueTime);
    }

    [Fact]
    public async Task A_message_whose_time_has_come_by_the_brokers_clock_is_worked_on()
    {
        _settled.EnqueuedAt = ManualTimeProvider.Begin.AddHours(1);
        _settled.Properties[MessageProperties.NotBefore] = ManualTimeProvider.Begin.AddMinutes(59).ToString("O");

        await _settled.RunAsync(_ => Disposition.Complete);

        Assert.Equal(["complete"], _settled.Asked);
    }

    [Fact]
    public async Task A_message_whose_time_has_come_is_worked_on()
    {
        _settled.Properties[MessageProperties.NotBefore] = ManualTimeProvider.Begin.ToString("O");

        await _settled.RunAsync(_ => Disposition.Complete);

        Assert.Equal(["complete"], _settled.Asked);
    }

    public static TheoryData<Exception> Unsettled =>
    [
        new ServiceBusException("busy", ServiceBusFailureReason.ServiceBusy),
        new ServiceBusException("cut", ServiceBusFailureReason.ServiceCommunicationProblem),
        new TimeoutException(),
        // The Functions host's error text for a worker.
        new InvalidOperationException("Status(StatusCode=\"Unknown\", Detail=\"Exception was thrown by handler.\")"),
    ];

    [Theory]
    [MemberData(nameof(Unsettled))]
    public async Task A_settlement_that_is_refused_is_asked_for_again_and_the_work_is_not_done_twice(Exception refusal)
    {
        var done = 0;
        _settled.Refusals["complete"] = refusal;
        var running = _settled.RunAsync(_ =>
        {
            done++;
            return Disposition.Complete;
        });
        await _settled.AdvanceAsync(running, TimeSpan.FromMinutes(1));
        _settled.Refusals.Clear();

        await _settled.FinishAsync(running);

        Assert.Equal(1, done);
        Assert.InRange(_settled.Asked.Count, 2, 8);
    }

    public static TheoryData<Exception> Lost =>
    [
        new ServiceBusException("lost", ServiceBusFailureReason.SessionLockLost),
        new ServiceBusException("lost", ServiceBusFailureReason.MessageLockLost),
        new ServiceBusException("gone", ServiceBusFailureReason.MessageNotFound),
        new InvalidOperationException("Status(StatusCode=\"Unknown\", Detail=\"The session lock has expired. (SessionLockLost).\")"),
    ];

    [Theory]
    [MemberData(nameof(Lost))]
    public async Task A_lost_lock_ends_the_delivery_without_a_failure(Exception refusal)
    {
        _settled.Refusals["complete"] = refusal;

        await _settled.RunAsync(_ => Disposition.Complete);

        Assert.Equal(["complete"], _settled.Asked);
    }

    [Fact]
    public async Task A_settlement_that_is_always_refused_leaves_the_message_to_be_delivered_again()
    {
        _settled.Refusals["complete"] = Busy;

        var waited = await _settled.FinishAsync(_settled.RunAsync(_ => Disposition.Complete));

        Assert.InRange(waited, TimeSpan.FromMinutes(7.5), OutageWait.MaxWait);
        Assert.All(_settled.Asked, asked => Assert.Equal("complete", asked));
        Assert.InRange(_settled.Asked.Count, 5, 18);
    }

    [Fact]
    public async Task A_host_that_stops_releases_waiting_messages_without_counting_a_failure()
    {
        using var stop = new CancellationTokenSource();
        var running = _settled.RunAsync(_ => throw StorageDown, stop.Token);

        await stop.CancelAsync();
        await running;

        Assert.Equal(["abandon"], _settled.Asked);
        Assert.Equal(1, _settled.Released[MessageProperties.Released]);
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(3, 2, 0)]
    [InlineData(5, 2, 2)]
    [InlineData(1, 9, 0)]
    public async Task A_delivery_that_ended_without_settling_is_distinguished_from_a_release(int deliveries, int released, int interruptions)
    {
        _settled.DeliveryCount = deliveries;
        _settled.Properties[MessageProperties.Released] = released;
        Delivery? seen = null;

        await _settled.RunAsync(delivery =>
        {
            seen = delivery;
            return Disposition.Complete;
        });

        Assert.Equal((interruptions, deliveries > 1), (seen?.Interruptions, seen?.MayHaveRun));
    }

    [Fact]
    public async Task A_copy_starts_the_counts_of_its_message_at_zero()
    {
        _settled.Properties[MessageProperties.Released] = 3;
        _settled.Properties[MessageProperties.Failures] = 2;
        _settled.Properties[MessageProperties.Source] = "main";

        await _settled.RunAsync(_ => Later(TimeSpan.FromMinutes(2)));

        var copy = Assert.Single(_settled.Sent);
        var kept = copy.ApplicationProperties.Keys.Order(StringComparer.Ordinal);
        Assert.Equal([MessageProperties.Attempts, MessageProperties.FirstSentAt, MessageProperties.OriginalId, MessageProperties.Source], kept);
        Assert.Equal("the-message", copy.ApplicationProperties[MessageProperties.OriginalId]);
        Assert.NotEqual("the-message", copy.MessageId);
        Assert.Equal("an-incident", copy.SessionId);
    }

    private static Disposition.Rescheduled Later(TimeSpan delay, KeyValuePair<string, object>? property = null) =>
        new(new Reschedule(delay, new(MessageProperties.Attempts, 5)), property);
}
