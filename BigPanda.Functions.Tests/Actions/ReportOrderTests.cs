using System.Diagnostics.Metrics;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Brake;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Tests.Brake;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Actions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Actions;

/// <summary>An action is parked by an instance whose clock is an hour ahead, and sent again and carried out by one whose clock is right.</summary>
public sealed class ReportOrderTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(At(600));
    private readonly FakeTimeProvider _ahead = new(At(600).AddHours(1));
    private readonly ActionQueue _bus = new();
    private readonly AppMetrics _metrics = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
    private readonly MessageSender _sender;
    private readonly ActionReports _reports;
    private readonly ParkedActions _parked;
    private readonly CountingInstance _brakes;
    private readonly Target _target = new();

    public ReportOrderTests()
    {
        var tables = new MemoryTables(_time);
        _sender = new MessageSender(_bus, new BrokerGate(_time), new RecentEvents(_time));
        _reports = new ActionReports(_sender, _metrics);
        _parked = new ParkedActions(tables, NullLogger<ParkedActions>.Instance);
        _brakes = new CountingInstance(tables, _time, closes: 5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_becomes_of_a_released_action_is_newer_than_that_it_was_parked(bool isHeld)
    {
        _target.Attempt = new ActionAttempt.Park("no key");
        if (isHeld) await _brakes.CountAsync(6);
        await RunAsync(_ahead, ActionMessages.Of(CountingInstance.Close(IncidentId)));
        Assert.Equal(SyncState.Parked, Reported().BigPanda.State);

        await ReleaseAsync(isHeld);
        Assert.Equal(SyncState.Closing, Reported().BigPanda.State);

        _target.Attempt = new ActionAttempt.Fail("unknown");
        await RunAsync(_time, Assert.Single(Actions()));

        Assert.Equal((SyncState.Failed, "unknown", 1), Reported().BigPanda is var sync ? (sync.State, sync.LastError, sync.Attempts) : default);
    }

    [Fact]
    public async Task An_action_that_is_parked_again_shows_as_parked_and_rests_from_now_on()
    {
        _target.Attempt = new ActionAttempt.Park("not permitted", TimeSpan.FromMinutes(5));
        await RunAsync(_ahead, ActionMessages.Of(CountingInstance.Close(IncidentId)));
        await ReleaseAsync(isHeld: false);

        await RunAsync(_time, Assert.Single(Actions()));

        Assert.Equal(SyncState.Parked, Reported().BigPanda.State);
        Assert.Equal(At(600).AddMinutes(5), (await ParkedAsync()).NotBefore);
    }

    /// <summary>The process dies before it removes the row: the next run sends the same again.</summary>
    [Fact]
    public async Task A_release_that_is_repeated_reports_the_same()
    {
        _target.Attempt = new ActionAttempt.Park("no key");
        await RunAsync(_ahead, ActionMessages.Of(CountingInstance.Close(IncidentId)));
        var parked = await ParkedAsync();

        await ReleaseAsync(isHeld: false);
        await _parked.AddAsync(parked.Delivery, parked.Parking, CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(1));
        await ReleaseAsync(isHeld: false);

        Assert.Equal(2, _bus.Sent.Skip(1).Select(sent => sent.Message.MessageId).Distinct().Count());
    }

    /// <summary>The bus is in memory.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task ReleaseAsync(bool isHeld)
    {
        if (isHeld)
        {
            await _brakes.ReleaseAsync(_time.GetUtcNow());
            var held = new HeldRelease(_parked, _brakes.Store, _reports, _sender, _metrics, _time, NullLogger<HeldRelease>.Instance);
            await held.RunAsync(BrakeKind.Closes, TimeSpan.FromMinutes(1), CancellationToken.None);
            return;
        }

        var release = new ParkedRelease(_parked, _reports, _sender, new AlertPolicy(), NullLogger<ParkedRelease>.Instance);
        var listed = await release.ListAsync(_target, DateTimeOffset.MaxValue, CancellationToken.None);
        await release.SendAsync(_target, listed, CancellationToken.None);
    }

    private async Task<ParkedAction> ParkedAsync() =>
        Assert.Single(await _parked.ListAsync(Destination.BigPanda, CancellationToken.None).ToListAsync());

    private IReadOnlyList<ServiceBusMessage> Actions() =>
        [.. _bus.Sent.Where(sent => sent.Queue == Queues.BigPandaActions).Select(sent => sent.Message)];

    /// <summary>The alert after all reports, in the order in which they were sent.</summary>
    private Alert Reported()
    {
        var firing = Apply(New(10)).Alert;
        var alert = AlertLifecycle.Decide(firing, Resolve(firing, 12), new AlertPolicy(), At(600)).Alert;
        foreach (var (_, message) in _bus.Sent.Where(sent => sent.Queue == Queues.AlertEvents))
        {
            var report = JsonSerializer.Deserialize(message.Body, AlertEventJson.Default.ActionReported);
            Assert.NotNull(report);
            alert = AlertLifecycle.Decide(alert, report, new AlertPolicy(), At(700)).Alert;
        }

        return alert;
    }

    private async Task RunAsync(TimeProvider time, ServiceBusMessage message)
    {
        var received = ServiceBusModelFactory.ServiceBusReceivedMessage(
            message.Body, message.MessageId, sessionId: message.SessionId, subject: message.Subject, properties: message.ApplicationProperties,
            deliveryCount: 1);
        var runner = new ActionRunner(_reports, _parked, _brakes.Brake, new AlertPolicy(), time, NullLogger<ActionRunner>.Instance);
        await runner.RunAsync(_target, work => work(new Delivery(received), CancellationToken.None));
    }

    private sealed class Target : IActionTarget
    {
        public ActionAttempt Attempt { get; set; } = new ActionAttempt.Done("done");

        public Destination Destination => Destination.BigPanda;

        public string Name => "BigPanda";

        public RetrySchedule Schedule { get; } = new(seconds: [10]);

        public Task<ActionAttempt> TryAsync(ActionDelivery delivery, CancellationToken cancellationToken) => Task.FromResult(Attempt);

        public Task<string?> FindObjectionAsync(ActionDelivery delivery, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> CanRunAsync(ActionDelivery delivery, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<string?> FindObstacleAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
