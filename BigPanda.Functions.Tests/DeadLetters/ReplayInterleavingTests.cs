using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.DeadLetters;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Tests.Bus;
using BigPanda.LocalHost.Bus;
using static BigPanda.Functions.Tests.DeadLetters.ReplayWorld;

namespace BigPanda.Functions.Tests.DeadLetters;

/// <summary>Two replays at once, lost locks, broken connections and a process that dies in between: each is forced.</summary>
public sealed class ReplayInterleavingTests
{
    private static readonly TimeSpan Lock = new QueueDescription("").LockDuration;

    [Fact]
    public async Task Of_two_replays_at_once_the_second_finds_the_dead_letters_locked_and_sends_nothing()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(2);
        var first = await world.Letters.HoldAsync(TestBus.Queue, new HashSet<long> { 1, 2 }, CancellationToken.None);

        var second = world.ReplayAllAsync();
        await world.Bus.Time.WhenTimerIsSetAsync(TimeSpan.FromSeconds(3));
        world.Bus.Time.Advance(TimeSpan.FromSeconds(3));

        var locked = await second;
        Assert.Equal(["1 locked", "2 locked"], Outcomes(locked));
        Assert.Empty(await world.SentAsync());

        await first.DisposeAsync();
        var rest = await world.ReplayAllAsync(locked.Continuation ?? "none");
        Assert.Equal(["1 sent", "2 sent"], Outcomes(rest));
        Assert.Null(rest.Continuation);
    }

    /// <summary>The wait for what another replay holds uses up the call's time.</summary>
    [Fact]
    public async Task What_the_calls_time_does_not_suffice_for_is_for_the_next_call()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(2);
        await using var first = await world.Letters.HoldAsync(TestBus.Queue, new HashSet<long> { 1 }, CancellationToken.None);

        var second = world.ReplayAllAsync();
        await world.Bus.Time.WhenTimerIsSetAsync(TimeSpan.FromSeconds(3));
        world.Bus.Time.Advance(TimeSpan.FromMinutes(3));

        var report = await second;
        Assert.Equal(["1 notReached", "2 notReached"], Outcomes(report));
        Assert.All(report.Items, item => Assert.Equal("the call took too long: call again for the rest", item.Detail));
        Assert.NotNull(report.Continuation);
    }

    [Fact]
    public async Task One_that_has_become_too_large_stays_and_ends_no_replay()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(3);

        world.Bus.Bus.Faults.Refuse(BusOperations.Send, ServiceBusFailureReason.MessageSizeExceeded, times: 1);
        var report = await world.ReplayAllAsync();

        Assert.Equal(["1 kept", "2 sent", "3 sent"], Outcomes(report));
        Assert.Contains("larger than Service Bus accepts", report.Items[0].Detail, StringComparison.Ordinal);
        Assert.Null(report.Continuation);
        Assert.Equal([1], await world.LeftAsync());
    }

    [Fact]
    public async Task What_the_first_replay_has_done_meanwhile_the_second_reports_as_gone()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(1);
        var first = await world.Letters.HoldAsync(TestBus.Queue, new HashSet<long> { 1 }, CancellationToken.None);
        var second = world.ReplayAsync(1);
        await world.Bus.Time.WhenTimerIsSetAsync(TimeSpan.FromSeconds(3));

        await first.CompleteAsync(Assert.Single(first.Named));
        await first.DisposeAsync();
        world.Bus.Time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(["1 notFound"], Outcomes(await second));
    }

    /// <summary>The lock ended between the send and the removal, and another replay takes the dead letter.</summary>
    [Theory]
    [InlineData(ServiceBusFailureReason.MessageLockLost)]
    [InlineData(ServiceBusFailureReason.ServiceCommunicationProblem)]
    public async Task A_dead_letter_that_was_sent_and_not_removed_is_sent_once_and_the_next_replay_removes_it(ServiceBusFailureReason reason)
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(1);

        // The removal, and the attempt to free it.
        world.Bus.Bus.Faults.Refuse(BusOperations.Settle, reason, times: 2);
        var first = await world.ReplayAllAsync();
        world.Bus.Time.Advance(Lock);
        var second = await world.ReplayAllAsync();

        Assert.Equal(["1 sent", "1 sent"], [.. Outcomes(first), .. Outcomes(second)]);
        Assert.Contains($"could not be removed ({reason})", first.Items[0].Detail, StringComparison.Ordinal);
        Assert.Single(await world.SentAsync());
        Assert.Empty(await world.LeftAsync());
    }

    [Fact]
    public async Task A_removal_whose_answer_is_lost_is_one()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(1);

        world.Bus.Bus.Faults.LoseAnswer(BusOperations.Settle, times: 1);
        await world.ReplayAllAsync();

        Assert.Empty(await world.LeftAsync());
        Assert.Single(await world.SentAsync());
    }

    /// <summary>A kill -9 between the send and the removal: what is left is the message, and the dead letter until its lock ends.</summary>
    [Fact]
    public async Task A_process_that_dies_between_send_and_removal_leaves_one_message_for_ten_minutes_and_a_marked_copy_after_that()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(1);
        var held = await world.Letters.HoldAsync(TestBus.Queue, new HashSet<long> { 1 }, CancellationToken.None);
        await world.Bus.Sender.SendMessageAsync(ReplayCopy.Of(TestBus.Queue, Assert.Single(held.Named), "run"));

        world.Bus.Time.Advance(Lock);
        Assert.Equal(["1 sent"], Outcomes(await world.ReplayAllAsync()));
        Assert.Single(await world.SentAsync());
        Assert.Empty(await world.LeftAsync());
    }

    [Fact]
    public async Task After_the_window_of_duplicate_detection_the_copy_says_that_it_may_be_a_second_one()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(1);
        var held = await world.Letters.HoldAsync(TestBus.Queue, new HashSet<long> { 1 }, CancellationToken.None);
        await world.Bus.Sender.SendMessageAsync(ReplayCopy.Of(TestBus.Queue, Assert.Single(held.Named), null));

        world.Bus.Time.Advance(TimeSpan.FromMinutes(11));
        await world.ReplayAllAsync();

        var sent = await world.SentAsync();
        Assert.Equal(2, sent.Count);
        Assert.Single(sent.Select(message => message.MessageId).Distinct());
        Assert.All(sent, message => Assert.True(new Delivery(message).IsSentAgain));
    }

    [Fact]
    public async Task A_send_whose_answer_is_lost_is_an_outage_and_the_next_replay_sends_no_second_message()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(1);

        world.Bus.Bus.Faults.LoseAnswer(BusOperations.Send, times: 1);
        await Assert.ThrowsAsync<ServiceBusException>(() => world.ReplayAllAsync());

        Assert.Equal([1], await world.LeftAsync());
        Assert.Equal(["1 sent"], Outcomes(await world.ReplayAllAsync()));
        Assert.Single(await world.SentAsync());
    }

    /// <summary>What was done before is reported, so the answer cannot be a 503.</summary>
    [Fact]
    public async Task An_outage_in_the_middle_ends_the_call_and_the_next_one_does_the_rest()
    {
        await using var world = await CreateAsync();
        await world.Bus.Sender.SendMessageAsync(Removed(world));
        await world.DeadLetterAsync(1);
        await world.WithDeadLettersAsync(2);

        ReplayReport first;
        using (world.Bus.Bus.Faults.Refuse(BusOperations.Send, ServiceBusFailureReason.ServiceBusy)) first = await world.ReplayAllAsync();
        var second = await world.ReplayAllAsync(first.Continuation);

        Assert.Equal(["1 dropped", "2 notReached", "3 notReached"], Outcomes(first));
        Assert.Equal(["2 sent", "3 sent"], Outcomes(second));
        Assert.Null(second.Continuation);
    }

    [Theory]
    [InlineData(nameof(BusOperations.Receive))]
    [InlineData(nameof(BusOperations.Send))]
    public async Task An_outage_before_anything_is_done_is_the_callers_503_and_leaves_the_dead_letters_free(string refused)
    {
        var operation = Enum.Parse<BusOperations>(refused);
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(2);

        using (world.Bus.Bus.Faults.Refuse(operation, ServiceBusFailureReason.ServiceBusy))
            await Assert.ThrowsAsync<ServiceBusException>(() => world.ReplayAllAsync());

        Assert.Equal(["1 sent", "2 sent"], Outcomes(await world.ReplayAllAsync()));
    }

    /// <summary>Another receiver's lock was lost while this call works: the dead letter comes again, under a new lock.</summary>
    [Fact]
    public async Task Locks_that_are_all_lost_leave_every_dead_letter_sent_once()
    {
        await using var world = await CreateAsync();
        await world.WithDeadLettersAsync(3);
        await using var held = await world.Letters.HoldAsync(TestBus.Queue, new HashSet<long> { 1, 2, 3 }, CancellationToken.None);
        await world.Bus.Bus.LoseLocksAsync(TestBus.Queue);

        var report = await world.ReplayAllAsync();

        Assert.Equal(["1 sent", "2 sent", "3 sent"], Outcomes(report));
        Assert.NotNull(await held.CompleteAsync(held.Named[0]));
        Assert.Equal(3, (await world.SentAsync()).Count);
    }

    private static ServiceBusMessage Removed(ReplayWorld world)
    {
        var due = AlertEventMessages.Of("gone", new Reminder(world.Bus.Time.GetUtcNow()));
        due.ScheduledEnqueueTime = default;
        return due;
    }
}
