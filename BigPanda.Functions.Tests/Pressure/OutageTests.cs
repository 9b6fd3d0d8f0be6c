using BigPanda.Functions.Alerts;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Pressure;

/// <summary>No outage of storage, broker or both loses anything, makes a dead letter or costs much, however long it is.</summary>
public sealed class OutageTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private const int Incidents = 40;

    public static TheoryData<bool, bool, int> Outages => new()
    {
        { true, false, 10 },
        { false, true, 10 },
        { true, true, 10 },
        { true, true, 95 },
    };

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task What_was_accepted_is_applied_within_two_minutes_of_the_recovery(bool storage, bool broker, int minutes)
    {
        await using var bridge = await PressedBridge.StartAsync(azurite);
        var ids = Enumerable.Range(0, Incidents).Select(i => IncidentWebhook.NewId($"outage-{i}")).ToArray();
        // What is on its way when it begins: accepted, and not applied.
        bridge.Outages.Storage = true;
        foreach (var id in ids)
        {
            await bridge.TellAsync(IncidentWebhook.New(id));
            await bridge.TellAsync(IncidentWebhook.Updated(id, 10));
            await bridge.TellAsync(IncidentWebhook.Closed(id, 20));
        }

        var asked = bridge.Outages.BrokerCalls;
        (bridge.Outages.Storage, bridge.Outages.Broker) = (storage, broker);
        await bridge.PassAsync(TimeSpan.FromMinutes(minutes));
        asked = bridge.Outages.BrokerCalls - asked;
        (bridge.Outages.Storage, bridge.Outages.Broker) = (false, false);
        await bridge.PassAsync(TimeSpan.FromMinutes(2), () => bridge.Waiting == 0);

        Assert.Equal((0, 0), (bridge.Waiting, bridge.DeadLetters));
        foreach (var id in ids) Assert.Equal((AlertStatus.Resolved, 3), ((await bridge.AlertAsync(id))?.Alert is { } alert ? (alert.Life.Status, alert.TimelineLength) : default));
        // At most one call to the broker for each waiting message in five minutes. Where storage works nothing waits, and each message is settled.
        if (storage) Assert.InRange(asked, 0, Incidents * 3 * minutes / 5);
    }

    /// <summary>The actions' queue is full, or sends alone are throttled.</summary>
    [Fact]
    public async Task Actions_the_broker_refuses_are_sent_by_the_sweep_and_their_event_waits_for_nothing()
    {
        await using var bridge = await PressedBridge.StartAsync(azurite);
        var id = IncidentWebhook.NewId();
        await bridge.TellAsync(IncidentWebhook.New(id));
        await bridge.DrainedAsync();
        await bridge.ResolveAsync(id);
        bridge.Outages.Sends = true;
        await bridge.DrainedAsync();
        var pending = await bridge.AlertAsync(id);
        Assert.Equal((AlertStatus.Resolved, SyncState.Closing), (pending?.Alert.Life.Status, pending?.Alert.Sync.State));
        Assert.Single(pending?.Pending ?? []);

        await bridge.SweepAsync();
        Assert.Empty(bridge.Actions);
        bridge.Outages.Sends = false;
        await bridge.SweepAsync();
        await bridge.DrainedAsync();

        Assert.Equal(id, Assert.Single(bridge.Actions).Action.IncidentId);
        Assert.Empty((await bridge.AlertAsync(id))?.Pending ?? []);
        var sends = bridge.Outages.BrokerCalls;
        await bridge.SweepAsync();
        Assert.Equal(sends, bridge.Outages.BrokerCalls);
    }

    [Fact]
    public async Task A_later_event_sends_what_is_pending_and_the_sweep_sends_it_no_more()
    {
        await using var bridge = await PressedBridge.StartAsync(azurite);
        var id = IncidentWebhook.NewId();
        await bridge.TellAsync(IncidentWebhook.New(id));
        await bridge.DrainedAsync();
        await bridge.ResolveAsync(id);
        bridge.Outages.Sends = true;
        await bridge.DrainedAsync();
        bridge.Outages.Sends = false;

        await bridge.TellAsync(IncidentWebhook.Updated(id, 5));
        await bridge.DrainedAsync();
        await bridge.SweepAsync();
        await bridge.DrainedAsync();

        Assert.Single(bridge.Actions);
        Assert.Empty((await bridge.AlertAsync(id))?.Pending ?? []);
    }

    /// <summary>Refused are the action's send, and then the marker that says so: only redelivery is left.</summary>
    [Fact]
    public async Task An_event_whose_actions_are_neither_sent_nor_marked_is_not_completed()
    {
        await using var bridge = await PressedBridge.StartAsync(azurite);
        var id = IncidentWebhook.NewId();
        await bridge.TellAsync(IncidentWebhook.New(id));
        await bridge.DrainedAsync();
        await bridge.ResolveAsync(id);
        (bridge.Outages.Sends, bridge.Outages.FailingTable) = (true, TableNames.Outbox);
        await bridge.PassAsync(TimeSpan.FromMinutes(20));
        Assert.Equal((1, 0), (bridge.Waiting, bridge.DeadLetters));

        (bridge.Outages.Sends, bridge.Outages.FailingTable) = (false, null);
        await bridge.PassAsync(TimeSpan.FromMinutes(2), () => bridge.Waiting == 0);

        Assert.Single(bridge.Actions.DistinctBy(sent => sent.MessageId));
        Assert.Equal((0, 0), (bridge.Waiting, bridge.DeadLetters));
    }
}
