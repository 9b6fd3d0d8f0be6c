using System.Diagnostics.Metrics;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Tests.Brake;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Actions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Actions;

/// <summary>What follows from an attempt, whatever the destination.</summary>
public sealed class ActionRunnerTests : IAsyncDisposable
{
    private static readonly AlertAction Action = new() { Kind = "close", IncidentId = "incident", ActionId = "1", AttemptsBefore = 1 };

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider _time = new();
    private readonly ActionQueue _bus = new();
    private readonly ActionReports _reports;
    private readonly ParkedActions _parked;
    private readonly CountingInstance _brakes;
    private readonly Target _target = new();
    private AlertPolicy _policy = new();

    public ActionRunnerTests()
    {
        var metrics = new AppMetrics(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
        var tables = new MemoryTables(_time);
        _parked = new ParkedActions(tables, NullLogger<ParkedActions>.Instance);
        _brakes = new CountingInstance(tables, _time, closes: 10);
        _reports = new ActionReports(new MessageSender(_bus, new BrokerGate(_time), new RecentEvents(_time)), metrics);
    }

    public static TheoryData<ActionAttempt, ActionResult?, string> Endings => new()
    {
        { new ActionAttempt.Done("accepted"), ActionResult.Accepted, "Completed" },
        { new ActionAttempt.DoneAndVerifyAfter("accepted", Minute), ActionResult.Accepted, "Rescheduled" },
        { new ActionAttempt.NotShown("not shown yet", Minute), null, "Rescheduled" },
        { new ActionAttempt.Confirmed("it is closed"), ActionResult.Closed, "Completed" },
        { new ActionAttempt.Observed("it shows as active"), null, "Completed" },
        { new ActionAttempt.Moot("no longer wanted"), null, "Completed" },
        { new ActionAttempt.Park("no key"), ActionResult.Parked, "Completed" },
        { new ActionAttempt.Park("no key to verify it with", IsReported: false), null, "Completed" },
        { new ActionAttempt.Fail("unknown"), ActionResult.Failed, "DeadLettered" },
        { new ActionAttempt.Retry("busy"), ActionResult.Retrying, "Rescheduled" },
        { new ActionAttempt.GivenBack("no turn"), null, "Released" },
    };

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task Each_attempt_has_its_report_and_its_settlement(ActionAttempt attempt, ActionResult? reported, string settled)
    {
        _target.Attempt = () => attempt;

        var disposition = await RunAsync();

        Assert.Equal((reported, settled), (Report()?.Result, disposition.GetType().Name));
        Assert.Equal(attempt is ActionAttempt.Park ? 1 : 0, await _parked.CountAsync(10, CancellationToken.None));
        if (reported is not null and not ActionResult.Retrying) Assert.Equal(attempt.Detail, Report()?.Detail);
    }

    [Theory]
    [InlineData(2, ActionResult.Retrying, "attempt 2 failed and will be retried: busy")]
    [InlineData(3, ActionResult.Failed, "failed after 3 attempts; the last error: busy")]
    [InlineData(4, ActionResult.Failed, "failed after 4 attempts; the last error: busy")]
    public async Task The_last_attempt_of_the_schedule_is_the_last(int attempt, ActionResult result, string detail)
    {
        _target.Attempt = () => new ActionAttempt.Retry("busy");

        var disposition = await RunAsync(attempts: attempt - 2);

        Assert.Equal((result, attempt, detail), (Report()?.Result, Report()?.Attempt, Report()?.Detail));
        if (result == ActionResult.Failed) Assert.Equal(new Disposition.DeadLettered(DeadLetterReasons.ActionFailed, detail), disposition);
    }

    [Theory]
    [InlineData(null, 20, 24)]
    [InlineData(7, 20, 24)]
    [InlineData(90, 90, 90)]
    public async Task The_delay_is_that_of_the_schedule_or_what_the_destination_asks_for(int? asked, double least, double most)
    {
        _target.Attempt = () => new ActionAttempt.Retry("busy", asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

        var disposition = await RunAsync(attempts: 0);

        var (after, counted) = Assert.IsType<Disposition.Rescheduled>(disposition).When;
        Assert.InRange(after.TotalSeconds, least, most);
        Assert.Equal(_time.GetUtcNow() + after, Report()?.NextAttemptAt);
        Assert.Equal(KeyValuePair.Create<string, object>(MessageProperties.Attempts, 1), counted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_next_attempt_knows_whether_the_last_one_may_have_been_carried_out(bool isUnanswered)
    {
        _target.Attempt = () => new ActionAttempt.Retry("no response", IsUnanswered: isUnanswered);

        var disposition = Assert.IsType<Disposition.Rescheduled>(await RunAsync());

        Assert.Equal(isUnanswered ? KeyValuePair.Create<string, object>(MessageProperties.Unanswered, true) : null, disposition.Property);
    }

    [Fact]
    public async Task An_accepted_action_is_verified_after_its_delay()
    {
        _target.Attempt = () => new ActionAttempt.DoneAndVerifyAfter("accepted", Minute);

        var disposition = Assert.IsType<Disposition.Rescheduled>(await RunAsync());

        Assert.Equal(Minute, disposition.When.After);
        Assert.Equal(KeyValuePair.Create<string, object>(MessageProperties.Stage, MessageProperties.Verify), disposition.Property);
    }

    [Fact]
    public async Task What_is_not_shown_yet_is_verified_again_after_its_delay()
    {
        _target.Attempt = () => new ActionAttempt.NotShown("not shown yet", Minute);

        var disposition = Assert.IsType<Disposition.Rescheduled>(await RunAsync(attempts: 4, isVerification: true));

        Assert.Equal(new Reschedule(Minute, KeyValuePair.Create<string, object>(MessageProperties.Attempts, 5)), disposition.When);
        Assert.Equal(KeyValuePair.Create<string, object>(MessageProperties.Stage, MessageProperties.Verify), disposition.Property);
    }

    [Fact]
    public async Task A_parked_action_rests_and_keeps_its_attempt_and_stage()
    {
        _target.Attempt = () => new ActionAttempt.Park("not permitted", Minute);

        await RunAsync(attempts: 4, isVerification: true);

        var parked = Assert.Single(await _parked.ListAsync(Destination.BigPanda, CancellationToken.None).ToListAsync());
        Assert.Equal(
            (_time.GetUtcNow(), _time.GetUtcNow() + Minute, new ActionDelivery(Action, 6, IsVerification: true)),
            (parked.ParkedAt, parked.NotBefore, parked.Delivery));
    }

    [Fact]
    public async Task A_result_that_cannot_be_stored_is_no_second_attempt()
    {
        var made = 0;
        _target.Attempt = () => new ActionAttempt.Done($"accepted {++made}");
        await Runner().RunAsync(_target, async work =>
        {
            _bus.IsDown = true;
            await Assert.ThrowsAsync<IOException>(() => work(Received(0, false), CancellationToken.None));
            _bus.IsDown = false;
            await work(Received(0, false) with { IsRepeat = true }, CancellationToken.None);
        });

        Assert.Equal((1, "accepted 1"), (made, Report()?.Detail));
    }

    [Fact]
    public async Task An_action_released_while_its_report_waits_is_not_parked_again()
    {
        _target.Attempt = () => new ActionAttempt.Park("no key");
        await Runner().RunAsync(_target, async work =>
        {
            _bus.IsDown = true;
            await Assert.ThrowsAsync<IOException>(() => work(Received(0, false), CancellationToken.None));
            _bus.IsDown = false;
            var released = Assert.Single(await _parked.ListAsync(Destination.BigPanda, CancellationToken.None).ToListAsync());
            await _parked.RemoveAsync(released, CancellationToken.None);
            await work(Received(0, false) with { IsRepeat = true }, CancellationToken.None);
        });

        Assert.Equal((ActionResult.Parked, 0), (Report()?.Result, await _parked.CountAsync(10, CancellationToken.None)));
    }

    [Fact]
    public async Task Waiting_for_the_rate_limit_is_no_attempt()
    {
        _target.Attempt = () => throw new TurnTimeoutException("BigPanda");

        var released = Assert.IsType<Disposition.Released>(await RunAsync(attempts: 1));

        Assert.Null(Report());
        Assert.Equal([KeyValuePair.Create<string, object>(MessageProperties.Released, 1)], released.Properties);
    }

    /// <summary>It was planned while the mode was on.</summary>
    [Theory]
    [InlineData(DestinationMode.Off)]
    [InlineData(DestinationMode.Shadow)]
    public async Task Once_the_mode_is_not_on_an_action_waits_and_a_verification_is_made(DestinationMode mode)
    {
        var made = 0;
        _target.Attempt = () => new ActionAttempt.Done($"accepted {++made}");
        _policy = new AlertPolicy { BigPanda = mode };

        await RunAsync();
        var waiting = Report();
        await RunAsync(isVerification: true);

        Assert.Equal((ActionResult.Parked, "the mode of BigPanda is no longer on: the action waits until it is"), (waiting?.Result, waiting?.Detail));
        Assert.Equal((1, ActionResult.Accepted), (made, Report()?.Result));
        Assert.Equal(1, await _parked.CountAsync(10, CancellationToken.None));
    }

    /// <summary>Releasing it would have it delivered again at once.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task A_message_that_is_asked_to_come_later_is_rescheduled_without_an_attempt(int deliveries, bool mayHaveBeenSent)
    {
        _target.Attempt = () => throw new TurnTimeoutException("PagerDuty", Minute);

        var disposition = Assert.IsType<Disposition.Rescheduled>(await RunAsync(deliveries: deliveries));

        Assert.Null(Report());
        Assert.Equal(new Reschedule(Minute), disposition.When);
        Assert.Equal(mayHaveBeenSent ? KeyValuePair.Create<string, object>(MessageProperties.Unanswered, true) : null, disposition.Property);
    }

    /// <summary>Its attempts are counted on: the alert ignores a report that is older than one it has.</summary>
    [Theory]
    [InlineData(14, ActionResult.Retrying, 10, 12)]
    [InlineData(15, ActionResult.Retrying, 20, 24)]
    [InlineData(16, ActionResult.Failed, 0, 0)]
    public async Task A_replayed_action_is_tried_on_the_whole_schedule_again(int attempts, ActionResult result, double least, double most)
    {
        _target.Attempt = () => new ActionAttempt.Retry("busy");

        var disposition = await RunAsync(Replayed(attempts, before: 14));

        Assert.Equal((result, attempts + 2), (Report()?.Result, Report()?.Attempt));
        if (disposition is not Disposition.Rescheduled { When: var (after, counted) }) return;
        Assert.InRange(after.TotalSeconds, least, most);
        Assert.Equal(KeyValuePair.Create<string, object>(MessageProperties.Attempts, attempts + 1), counted);
    }

    [Fact]
    public async Task A_replayed_action_that_is_parked_keeps_where_its_schedule_began()
    {
        _target.Attempt = () => new ActionAttempt.Park("no key");

        await RunAsync(Replayed(attempts: 15, before: 14));

        var parked = Assert.Single(await _parked.ListAsync(Destination.BigPanda, CancellationToken.None).ToListAsync()).Delivery;
        Assert.Equal((17, 2, 15, 14, true), (parked.Attempt, parked.ScheduledAttempt, parked.Attempts, parked.CountedBeforeReplay, parked.MayBeDone));
    }

    /// <summary>The bus is in memory.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ActionRunner Runner() => new(_reports, _parked, _brakes.Brake, _policy, _time, NullLogger<ActionRunner>.Instance);

    private Task<Disposition> RunAsync(int attempts = 0, bool isVerification = false, int deliveries = 1) =>
        RunAsync(Received(attempts, isVerification, deliveries));

    private static Delivery Replayed(int attempts, int before)
    {
        var delivery = Received(attempts, isVerification: false);
        Dictionary<string, object> properties = new(delivery.Message.ApplicationProperties)
        {
            [MessageProperties.AttemptsBeforeReplay] = before,
            [MessageProperties.Replays] = 1,
            [MessageProperties.Repeated] = true,
        };
        return new Delivery(ServiceBusModelFactory.ServiceBusReceivedMessage(
            delivery.Message.Body, "replay", sessionId: delivery.Message.SessionId, subject: delivery.Message.Subject, properties: properties,
            deliveryCount: 1));
    }

    private async Task<Disposition> RunAsync(Delivery delivery)
    {
        Disposition? settled = null;
        await Runner().RunAsync(_target, async work => settled = await work(delivery, CancellationToken.None));
        return settled ?? throw new InvalidOperationException("The message was not settled.");
    }

    private static Delivery Received(int attempts, bool isVerification, int deliveries = 1)
    {
        var message = ActionMessages.Of(Action);
        message.ApplicationProperties[MessageProperties.Attempts] = attempts;
        if (isVerification) message.ApplicationProperties[MessageProperties.Stage] = MessageProperties.Verify;
        return new Delivery(ServiceBusModelFactory.ServiceBusReceivedMessage(
            message.Body, message.MessageId, sessionId: message.SessionId, subject: message.Subject, properties: message.ApplicationProperties,
            deliveryCount: deliveries));
    }

    private ActionReported? Report() => _bus.Sent is [.., var (queue, message)] && queue == Queues.AlertEvents
        ? JsonSerializer.Deserialize(message.Body, AlertEventJson.Default.ActionReported)
        : null;

    private sealed class Target : IActionTarget
    {
        public Func<ActionAttempt> Attempt { get; set; } = () => new ActionAttempt.Done("done");

        public Destination Destination => Destination.BigPanda;

        public string Name => "BigPanda";

        public RetrySchedule Schedule { get; } = new(seconds: [10, 20]);

        public Task<ActionAttempt> TryAsync(ActionDelivery delivery, CancellationToken cancellationToken) => Task.FromResult(Attempt());

        public Task<string?> FindObjectionAsync(ActionDelivery delivery, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

        public Task<bool> CanRunAsync(ActionDelivery delivery, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> FindObstacleAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
