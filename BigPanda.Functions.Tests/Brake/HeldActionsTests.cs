using System.Diagnostics.Metrics;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Brake;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Actions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Brake;

/// <summary>What becomes of an action that the brake holds, with every step of the runner and of the release interrupted or overtaken.</summary>
public sealed class HeldActionsTests : IAsyncDisposable
{
    private static readonly AlertAction Action = CountingInstance.Close("incident") with { Cause = new ActionCause("api", "ada") };

    private readonly ManualTimeProvider _time = new();
    private readonly MemoryTables _tables;
    private readonly ActionQueue _bus = new();
    private readonly CountingInstance _brakes;
    private readonly ParkedActions _parked;
    private readonly ActionReports _reports;
    private readonly HeldRelease _release;
    private readonly Target _target = new();

    public HeldActionsTests()
    {
        _tables = new MemoryTables(_time);
        _brakes = new CountingInstance(_tables, _time, closes: 5);
        _parked = new ParkedActions(_tables, NullLogger<ParkedActions>.Instance);
        var metrics = new AppMetrics(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
        var sender = new MessageSender(_bus, new BrokerGate(_time), new RecentEvents(_time));
        _reports = new ActionReports(sender, metrics);
        _release = new HeldRelease(_parked, _brakes.Store, _reports, sender, metrics, _time, NullLogger<HeldRelease>.Instance);
    }

    [Fact]
    public async Task It_is_not_sent_and_waits_without_an_attempt()
    {
        await _brakes.CountAsync(6);

        var settled = await RunAsync(Message(attempts: 3));

        var report = Assert.Single(Reports());
        Assert.Equal((0, Disposition.Complete), (_target.Attempts, settled));
        Assert.Equal((ActionResult.Parked, 4), (report.Result, report.Attempt));
        Assert.StartsWith("held by the brake: more than 5 closes in ten minutes", report.Detail, StringComparison.Ordinal);
        await DecideAsync(drop: false);
        Assert.Equal(3, Assert.Single(Actions()).ApplicationProperties[MessageProperties.Attempts]);
    }

    [Fact]
    public async Task What_is_not_of_the_kind_is_carried_out()
    {
        await _brakes.CountAsync(6);
        await RunAsync(Message());

        await RunAsync(new Delivery(Received(ActionMessages.Of(Action with { Kind = ActionKinds.Comment, ActionId = "comment" }), 1)));
        var verification = Message();
        verification.ApplicationProperties[MessageProperties.Stage] = MessageProperties.Verify;
        await RunAsync(verification);

        Assert.Equal(2, _target.Attempts);
    }

    [Fact]
    public async Task A_release_reports_sends_and_removes_it_and_it_is_carried_out()
    {
        await HoldAsync();

        await DecideAsync(drop: false);

        Assert.Equal([ActionResult.Parked, ActionResult.Released], Reports().Select(report => report.Result));
        Assert.Contains("ada released the brake", Reports()[1].Detail, StringComparison.Ordinal);
        await RunAsync(Assert.Single(Actions()));
        Assert.Equal((1, 0), (_target.Attempts, await CountHeldAsync()));
    }

    [Fact]
    public async Task A_drop_reports_who_and_why_and_nothing_is_sent()
    {
        await HoldAsync();

        await DecideAsync(drop: true, "a script went wrong");

        var report = Reports()[1];
        Assert.Equal((ActionResult.Failed, true), (report.Result, report.IsDropped));
        Assert.StartsWith("ada dropped what the brake held (a script went wrong)", report.Detail, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), (Actions().Count, _target.Attempts, await CountHeldAsync()));
    }

    /// <summary>The reports' order is that of their times: with a clock that is behind, the second one would be ignored.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_report_of_the_decision_is_newer_than_that_of_the_hold_whatever_the_clocks_show(bool drop)
    {
        await HoldAsync();
        _time.AutoAdvanceAmount = TimeSpan.Zero;
        var behind = new HeldRelease(
            _parked, _brakes.Store, _reports, new MessageSender(_bus, new BrokerGate(_time), new RecentEvents(_time)),
            new AppMetrics(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>()), new ManualTimeProvider(),
            NullLogger<HeldRelease>.Instance);
        await _brakes.ReleaseAsync(_time.GetUtcNow().AddHours(-1), drop: drop);

        await behind.RunAsync(BrakeKind.Closes, TimeSpan.FromMinutes(1), CancellationToken.None);

        Assert.True(Reports()[1].At > Reports()[0].At);
    }

    /// <summary>The instance has found the brake engaged; a person releases it; only then is the row written.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_being_held_while_the_brake_is_released_follows_the_decision_with_the_next_run(bool drop)
    {
        await HoldAsync("first");
        var mayWrite = new TaskCompletionSource();
        _tables.Writing = _ => mayWrite.Task;
        var holding = RunAsync(Message("late"));
        _tables.Writing = _ => Task.CompletedTask;
        await DecideAsync(drop);
        var before = Reports().Count(report => report.IncidentId == "late");

        mayWrite.SetResult();
        await holding;
        Assert.Equal((0, 1), (before, await CountHeldAsync()));
        await _release.RunAsync(_time.GetUtcNow(), CancellationToken.None);

        Assert.Equal(0, await CountHeldAsync());
        Assert.Equal(drop ? 0 : 2, Actions().Count);
        Assert.Equal(
            [ActionResult.Parked, drop ? ActionResult.Failed : ActionResult.Released],
            Reports().Where(report => report.IncidentId == "late").Select(report => report.Result));
    }

    /// <summary>Even when the brake has engaged again by then: the later decision is about other actions.</summary>
    [Fact]
    public async Task What_was_held_late_follows_the_decision_about_its_own_engagement()
    {
        await HoldAsync("first");
        var mayWrite = new TaskCompletionSource();
        _tables.Writing = _ => mayWrite.Task;
        var holding = RunAsync(Message("late"));
        _tables.Writing = _ => Task.CompletedTask;
        await DecideAsync(drop: true);
        _time.Advance(TimeSpan.FromSeconds(30));
        await HoldAsync("second");
        mayWrite.SetResult();
        await holding;

        await _release.RunAsync(_time.GetUtcNow(), CancellationToken.None);

        var held = await _parked.ListHeldAsync(BrakeKind.Closes, 9, CancellationToken.None).ToListAsync();
        Assert.Equal("second", Assert.Single(held).Action.IncidentId);
        Assert.Equal(ActionResult.Failed, Reports().Last(report => report.IncidentId == "late").Result);
    }

    /// <summary>The process dies between the row and the report, so the message is delivered again.</summary>
    [Theory]
    [InlineData(false, false, 0)]
    [InlineData(true, false, 1)]
    [InlineData(true, true, 0)]
    public async Task After_a_crash_the_message_is_held_once_more_or_follows_the_decision(bool isDecided, bool drop, int carriedOut)
    {
        await _brakes.CountAsync(6);
        _bus.IsDown = true;
        await Assert.ThrowsAsync<IOException>(() => RunAsync(Message()));
        _bus.IsDown = false;
        Assert.Equal(1, await CountHeldAsync());
        if (isDecided) await DecideAsync(drop);

        await RunAsync(Message(), deliveries: 2);

        Assert.Equal((carriedOut, isDecided ? 0 : 1), (_target.Attempts, await CountHeldAsync()));
    }

    /// <summary>Thousands are held: it takes minutes until the decision has reached each one.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task A_message_that_comes_again_before_the_decision_has_reached_its_action_follows_it(bool drop, int carriedOut)
    {
        await HoldAsync();
        await _brakes.ReleaseAsync(_time.GetUtcNow(), drop: drop);

        await RunAsync(Message(), deliveries: 2);

        Assert.Equal(carriedOut, _target.Attempts);
    }

    /// <summary>A later request for the same close has another message.</summary>
    [Fact]
    public async Task What_is_asked_for_again_after_a_drop_is_carried_out()
    {
        await HoldAsync();
        await DecideAsync(drop: true);

        await RunAsync(ActionMessages.Of(Action, "again"), deliveries: 2);

        Assert.Equal(1, _target.Attempts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_release_that_is_interrupted_at_any_step_is_finished_by_the_next_run(bool drop)
    {
        await HoldAsync();
        await _brakes.ReleaseAsync(_time.GetUtcNow(), drop: drop);
        _bus.IsDown = true;
        await Assert.ThrowsAsync<IOException>(() => _release.RunAsync(_time.GetUtcNow(), CancellationToken.None));
        _bus.IsDown = false;
        Assert.Equal(1, await CountHeldAsync());

        await _release.RunAsync(_time.GetUtcNow(), CancellationToken.None);
        await _release.RunAsync(_time.GetUtcNow(), CancellationToken.None);

        Assert.Equal((0, drop ? 0 : 1), (await CountHeldAsync(), Actions().Count));
    }

    /// <summary>What two runs send has the same ids: the broker keeps one of each.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_instances_that_release_at_once_send_the_same_messages(bool drop)
    {
        await HoldAsync();
        await _brakes.ReleaseAsync(_time.GetUtcNow(), drop: drop);
        var listed = await _parked.ListHeldAsync(BrakeKind.Closes, 1, CancellationToken.None).ToListAsync();
        await _release.RunAsync(_time.GetUtcNow(), CancellationToken.None);
        await _parked.AddAsync(listed[0].Delivery, listed[0].Parking, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(3));

        await _release.RunAsync(_time.GetUtcNow(), CancellationToken.None);

        var decided = _bus.Sent.Skip(1).Select(sent => sent.Message.MessageId).ToList();
        Assert.Equal(drop ? 1 : 2, decided.Distinct().Count());
    }

    [Fact]
    public async Task The_cause_is_counted_with_examples()
    {
        var summary = new HeldSummary(100);
        for (var i = 0; i < 30; i++) summary.Add($"incident-{i}", i % 3 == 0 ? "pagerduty" : "api", "ada", _time.GetUtcNow().AddSeconds(i));
        await HoldAsync();
        var stored = await _parked.SummarizeHeldAsync(BrakeKind.Closes, 100, CancellationToken.None);

        Assert.Equal([("api", "ada", 20), ("pagerduty", "ada", 10)], summary.Causes);
        Assert.Equal((20, _time.GetUtcNow(), _time.GetUtcNow().AddSeconds(29)), (summary.Examples.Count, summary.FirstAt, summary.LastAt));
        Assert.Equal([("api", "ada", 1)], stored.Causes);
        Assert.Equal(["incident"], stored.Examples);
    }

    /// <summary>The bus is in memory.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task HoldAsync(string incidentId = "incident")
    {
        await _brakes.CountAsync(6);
        await RunAsync(Message(incidentId));
    }

    private async Task DecideAsync(bool drop, string? reason = null)
    {
        var holding = (await _brakes.Store.ReadAsync(BrakeKind.Closes, CancellationToken.None)).Holding;
        Assert.NotNull(holding);
        var release = new BrakeRelease(_time.GetUtcNow(), "ada", drop, reason);
        await _brakes.Store.ReleaseAsync(BrakeKind.Closes, holding.Number, release, CancellationToken.None);
        await _release.RunAsync(_time.GetUtcNow(), CancellationToken.None);
    }

    private async Task<int> CountHeldAsync() => (await _parked.SummarizeHeldAsync(BrakeKind.Closes, 100, CancellationToken.None)).Count;

    private IReadOnlyList<ActionReported> Reports() =>
    [
        .. _bus.Sent.Where(sent => sent.Queue == Queues.AlertEvents)
            .Select(sent => JsonSerializer.Deserialize(sent.Message.Body, AlertEventJson.Default.ActionReported)).OfType<ActionReported>(),
    ];

    private IReadOnlyList<ServiceBusMessage> Actions() =>
        [.. _bus.Sent.Where(sent => sent.Queue == Queues.BigPandaActions).Select(sent => sent.Message)];

    private static ServiceBusMessage Message(string incidentId = "incident", int attempts = 0)
    {
        var message = ActionMessages.Of(Action with { IncidentId = incidentId });
        message.ApplicationProperties[MessageProperties.Attempts] = attempts;
        return message;
    }

    private static ServiceBusMessage Message(int attempts) => Message("incident", attempts);

    private Task<Disposition> RunAsync(ServiceBusMessage message, int deliveries = 1) => RunAsync(new Delivery(Received(message, deliveries)));

    private static ServiceBusReceivedMessage Received(ServiceBusMessage message, int deliveries) => ServiceBusModelFactory.ServiceBusReceivedMessage(
        message.Body, message.MessageId, sessionId: message.SessionId, subject: message.Subject, properties: message.ApplicationProperties,
        deliveryCount: deliveries);

    private async Task<Disposition> RunAsync(Delivery delivery)
    {
        Disposition? settled = null;
        var runner = new ActionRunner(_reports, _parked, _brakes.Brake, new AlertPolicy(), _time, NullLogger<ActionRunner>.Instance);
        await runner.RunAsync(_target, async work => settled = await work(delivery, CancellationToken.None));
        return settled ?? throw new InvalidOperationException("The message was not settled.");
    }

    private sealed class Target : IActionTarget
    {
        public int Attempts { get; private set; }

        public Destination Destination => Destination.BigPanda;

        public string Name => "BigPanda";

        public RetrySchedule Schedule { get; } = new(seconds: [10]);

        public Task<ActionAttempt> TryAsync(ActionDelivery delivery, CancellationToken cancellationToken)
        {
            Attempts++;
            return Task.FromResult<ActionAttempt>(new ActionAttempt.Done("done"));
        }

        public Task<string?> FindObjectionAsync(ActionDelivery delivery, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> CanRunAsync(ActionDelivery delivery, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> FindObstacleAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
