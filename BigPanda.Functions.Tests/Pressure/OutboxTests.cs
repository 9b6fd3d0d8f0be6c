using BigPanda.Functions.Alerts;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Pressure;

/// <summary>The actions of an event are sent exactly once, whichever calls the broker refuses or whose responses are lost.</summary>
public sealed class OutboxTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    /// <summary>The queue of actions is full.</summary>
    [Fact]
    public async Task Actions_the_broker_refuses_are_sent_by_the_sweep_and_their_event_waits_for_nothing()
    {
        await using var bridge = await OutageHarness.StartAsync(azurite);
        var id = await FireAsync(bridge);
        using (bridge.Outages.OfBroker(BusOperations.Send, Queues.BigPandaActions))
        {
            await bridge.ResolveAsync(id);
            await bridge.WaitUntilDrainedAsync();
            var pending = await bridge.GetAlertAsync(id);
            Assert.Equal((AlertStatus.Resolved, SyncState.Closing), (pending?.Alert.Life.Status, pending?.Alert.Sync.State));
            Assert.Single(pending?.Pending ?? []);
            await bridge.SweepAsync();
            Assert.Empty(bridge.Actions);
        }

        await bridge.SweepAsync();
        await bridge.WaitUntilDrainedAsync();

        await AssertClosedOnceAsync(bridge, id);
        var asked = bridge.Outages.BrokerCalls;
        await bridge.SweepAsync();
        Assert.Equal(asked, bridge.Outages.BrokerCalls);
    }

    [Fact]
    public async Task A_later_event_sends_what_is_pending_and_the_sweep_sends_it_no_more()
    {
        await using var bridge = await OutageHarness.StartAsync(azurite);
        var id = await FireAsync(bridge);
        using (bridge.Outages.OfBroker(BusOperations.Send, Queues.BigPandaActions))
        {
            await bridge.ResolveAsync(id);
            await bridge.WaitUntilDrainedAsync();
        }

        await bridge.SendWebhookAsync(IncidentWebhook.Updated(id, 5));
        await bridge.WaitUntilDrainedAsync();
        await bridge.SweepAsync();
        await bridge.WaitUntilDrainedAsync();

        await AssertClosedOnceAsync(bridge, id);
    }

    /// <summary>The send of the action and then the write of its outbox marker are refused: only redelivery can send it.</summary>
    [Fact]
    public async Task An_event_whose_actions_are_neither_sent_nor_marked_is_not_completed()
    {
        await using var bridge = await OutageHarness.StartAsync(azurite);
        var id = await FireAsync(bridge);
        bridge.Outages.FailingTable = TableNames.Outbox;
        using (bridge.Outages.OfBroker(BusOperations.Send, Queues.BigPandaActions))
        {
            await bridge.ResolveAsync(id);
            await bridge.AdvanceAsync(TimeSpan.FromMinutes(20));
            Assert.Equal((1, 0), (bridge.Waiting, bridge.DeadLetters));
        }

        bridge.Outages.FailingTable = null;
        await bridge.AdvanceAsync(TimeSpan.FromMinutes(2), () => bridge.Waiting == 0);

        await AssertClosedOnceAsync(bridge, id);
    }

    /// <summary>The first send succeeded: the sweep's send is dropped as a duplicate.</summary>
    [Fact]
    public async Task An_action_whose_sends_answer_was_lost_is_done_once()
    {
        await using var bridge = await OutageHarness.StartAsync(azurite);
        var id = await FireAsync(bridge);
        bridge.Faults.LoseAnswer(BusOperations.Send, times: 1, queue: Queues.BigPandaActions);
        await bridge.ResolveAsync(id);
        await bridge.WaitUntilDrainedAsync();

        await bridge.SweepAsync();
        await bridge.WaitUntilDrainedAsync();

        await AssertClosedOnceAsync(bridge, id);
    }

    [Fact]
    public async Task An_event_whose_completions_answer_was_lost_is_applied_once()
    {
        await using var bridge = await OutageHarness.StartAsync(azurite);
        var id = await FireAsync(bridge);
        bridge.Faults.LoseAnswer(BusOperations.Settle, times: 1, queue: Queues.AlertEvents);
        await bridge.ResolveAsync(id);
        await bridge.AdvanceAsync(TimeSpan.FromMinutes(6), () => bridge.Waiting == 0);

        await AssertClosedOnceAsync(bridge, id);
    }

    /// <summary>The lock is lost while the message waits: a second delivery begins beside the first, and both go on when storage is back.</summary>
    [Fact]
    public async Task A_message_that_loses_its_lock_while_it_waits_is_applied_once()
    {
        await using var bridge = await OutageHarness.StartAsync(azurite);
        var id = await FireAsync(bridge);
        bridge.Outages.Storage = true;
        await bridge.SendWebhookAsync(IncidentWebhook.Closed(id, 20));
        await bridge.AdvanceAsync(TimeSpan.FromMinutes(1));
        await bridge.LoseLocksAsync();
        await bridge.AdvanceAsync(TimeSpan.FromMinutes(1));
        bridge.Outages.Storage = false;
        await bridge.AdvanceAsync(TimeSpan.FromMinutes(2), () => bridge.Waiting == 0);

        Assert.Equal((0, 0), (bridge.Waiting, bridge.DeadLetters));
        var alert = (await bridge.GetAlertAsync(id))?.Alert;
        Assert.Equal((AlertStatus.Resolved, 2), (alert?.Life.Status, alert?.TimelineLength));
    }

    private static async Task<string> FireAsync(OutageHarness bridge)
    {
        var id = IncidentWebhook.NewId();
        await bridge.SendWebhookAsync(IncidentWebhook.New(id));
        await bridge.WaitUntilDrainedAsync();
        return id;
    }

    private static async Task AssertClosedOnceAsync(OutageHarness bridge, string id)
    {
        Assert.Equal((0, 0), (bridge.Waiting, bridge.DeadLetters));
        Assert.Equal(id, Assert.IsType<CloseIncidentAction>(Assert.Single(bridge.Actions.DistinctBy(sent => sent.MessageId)).Action).IncidentId);
        Assert.Empty((await bridge.GetAlertAsync(id))?.Pending ?? []);
    }
}
