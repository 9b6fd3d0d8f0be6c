using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Pressure;

/// <summary>The actions of an event are sent exactly once, whichever calls the broker refuses or whose responses are lost.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class OutboxTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly string _id = IncidentWebhook.NewId();
    private OutageHarness? _bridge;

    private OutageHarness Bridge => _bridge ?? throw new InvalidOperationException("The bridge has not been started.");

    public async Task InitializeAsync()
    {
        _bridge = await OutageHarness.StartAsync(azurite);
        await _bridge.SendWebhookAsync(IncidentWebhook.New(_id));
        await _bridge.WaitUntilDrainedAsync();
    }

    public async Task DisposeAsync() => await Bridge.DisposeAsync();

    /// <summary>The queue of actions is full.</summary>
    [Fact]
    public async Task Actions_the_broker_refuses_are_sent_by_the_sweep_and_their_event_waits_for_nothing()
    {
        using (Bridge.Outages.OfBroker(BusOperations.Send, Queues.BigPandaActions))
        {
            await Bridge.ResolveAsync(_id);
            await Bridge.WaitUntilDrainedAsync();
            var pending = await Bridge.GetAlertAsync(_id);
            Assert.Equal((AlertStatus.Resolved, SyncState.Closing), (pending?.Alert.Life.Status, pending?.Alert.BigPanda.State));
            Assert.Single(pending?.Pending ?? []);
            await Bridge.SweepAsync();
            Assert.Empty(Bridge.Actions);
        }

        await SweepAsync();

        await AssertClosedOnceAsync();
        var asked = Bridge.Outages.BrokerCalls;
        await Bridge.SweepAsync();
        Assert.Equal(asked, Bridge.Outages.BrokerCalls);
    }

    [Fact]
    public async Task A_later_event_sends_what_is_pending_and_the_sweep_sends_it_no_more()
    {
        using (Bridge.Outages.OfBroker(BusOperations.Send, Queues.BigPandaActions))
        {
            await Bridge.ResolveAsync(_id);
            await Bridge.WaitUntilDrainedAsync();
        }

        await Bridge.SendWebhookAsync(IncidentWebhook.Updated(_id, 5));
        await Bridge.WaitUntilDrainedAsync();
        await SweepAsync();

        await AssertClosedOnceAsync();
    }

    /// <summary>The close has no outcome and no other event arrives: the check has a separate message.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_overdue_close_of_a_worse_incident_is_checked_on_time(bool brokerRefuses)
    {
        await Bridge.ResolveAsync(_id);
        await Bridge.WaitUntilDrainedAsync();
        // Accepted before the broker refuses, and applied while it does.
        Bridge.Outages.Storage = true;
        await Bridge.SendWebhookAsync(IncidentWebhook.Updated(_id, 5) with { Severity = "Disaster" });
        await Bridge.AdvanceAsync(TimeSpan.FromSeconds(30));
        using (brokerRefuses ? Bridge.Outages.OfBroker(BusOperations.Send, Queues.AlertEvents) : null)
        {
            Bridge.Outages.Storage = false;
            await Bridge.AdvanceAsync(TimeSpan.FromSeconds(90));
        }

        await Bridge.SweepAsync();
        await Bridge.AdvanceAsync(TimeSpan.FromMinutes(12));
        Assert.Equal((AlertStatus.Resolved, SyncState.Closing, 3), await GetStateAsync());
        await Bridge.AdvanceAsync(TimeSpan.FromSeconds(90));
        await Bridge.WaitUntilDrainedAsync();

        Assert.Equal((AlertStatus.Firing, SyncState.InSync, 4), await GetStateAsync());
        Assert.Equal((0, 0), (Bridge.Waiting, Bridge.DeadLetters));
    }

    /// <summary>The send of the action and then the write of its outbox marker are refused: only redelivery can send it.</summary>
    [Fact]
    public async Task An_event_whose_actions_are_neither_sent_nor_marked_is_not_completed()
    {
        Bridge.Outages.FailingTable = TableNames.Outbox;
        using (Bridge.Outages.OfBroker(BusOperations.Send, Queues.BigPandaActions))
        {
            await Bridge.ResolveAsync(_id);
            await Bridge.AdvanceAsync(TimeSpan.FromMinutes(20));
            Assert.Equal((1, 0), (Bridge.Waiting, Bridge.DeadLetters));
        }

        Bridge.Outages.FailingTable = null;
        await Bridge.AdvanceAsync(TimeSpan.FromMinutes(2), () => Bridge.Waiting == 0);

        await AssertClosedOnceAsync();
    }

    /// <summary>The first send succeeded: the sweep's send is dropped as a duplicate.</summary>
    [Fact]
    public async Task An_action_whose_sends_answer_was_lost_is_done_once()
    {
        Bridge.Faults.LoseAnswer(BusOperations.Send, times: 1, queue: Queues.BigPandaActions);
        await Bridge.ResolveAsync(_id);
        await Bridge.WaitUntilDrainedAsync();

        await SweepAsync();

        await AssertClosedOnceAsync();
    }

    [Fact]
    public async Task An_event_whose_completions_answer_was_lost_is_applied_once()
    {
        Bridge.Faults.LoseAnswer(BusOperations.Settle, times: 1, queue: Queues.AlertEvents);
        await Bridge.ResolveAsync(_id);
        await Bridge.AdvanceAsync(TimeSpan.FromMinutes(6), () => Bridge.Waiting == 0);

        await AssertClosedOnceAsync();
    }

    /// <summary>The lock is lost while the message waits: a second delivery begins beside the first, and both go on when storage is back.</summary>
    [Fact]
    public async Task A_message_that_loses_its_lock_while_it_waits_is_applied_once()
    {
        Bridge.Outages.Storage = true;
        await Bridge.SendWebhookAsync(IncidentWebhook.Closed(_id, 20));
        await Bridge.AdvanceAsync(TimeSpan.FromMinutes(1));
        await Bridge.LoseLocksAsync();
        await Bridge.AdvanceAsync(TimeSpan.FromMinutes(1));
        Bridge.Outages.Storage = false;
        await Bridge.AdvanceAsync(TimeSpan.FromMinutes(2), () => Bridge.Waiting == 0);

        Assert.Equal((0, 0), (Bridge.Waiting, Bridge.DeadLetters));
        var alert = (await Bridge.GetAlertAsync(_id))?.Alert;
        Assert.Equal((AlertStatus.Resolved, 2), (alert?.Life.Status, alert?.TimelineLength));
    }

    private async Task<(AlertStatus?, SyncState?, int?)> GetStateAsync()
    {
        var alert = (await Bridge.GetAlertAsync(_id))?.Alert;
        return (alert?.Life.Status, alert?.BigPanda.State, alert?.TimelineLength);
    }

    private async Task SweepAsync()
    {
        await Bridge.SweepAsync();
        await Bridge.WaitUntilDrainedAsync();
    }

    private async Task AssertClosedOnceAsync()
    {
        Assert.Equal((0, 0), (Bridge.Waiting, Bridge.DeadLetters));
        var action = Assert.Single(Bridge.Actions.DistinctBy(sent => sent.MessageId)).Action;
        Assert.Equal(_id, Assert.IsType<CloseIncidentAction>(BigPandaAction.Read(action)).IncidentId);
        Assert.Empty((await Bridge.GetAlertAsync(_id))?.Pending ?? []);
    }
}
