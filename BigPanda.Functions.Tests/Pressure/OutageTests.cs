using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Pressure;

/// <summary>No outage of storage, broker or both loses a message, makes a dead letter or costs many calls, however long it is.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class OutageTests(AzuriteFixture azurite)
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
        await using var bridge = await OutageHarness.StartAsync(azurite);
        var ids = Enumerable.Range(0, Incidents).Select(i => IncidentWebhook.NewId($"outage-{i}")).ToArray();
        // Accepted and not applied when the outage begins.
        bridge.Outages.Storage = true;
        foreach (var id in ids)
        {
            await bridge.SendWebhookAsync(IncidentWebhook.New(id));
            await bridge.SendWebhookAsync(IncidentWebhook.Updated(id, 10));
            await bridge.SendWebhookAsync(IncidentWebhook.Closed(id, 20));
        }

        var asked = bridge.Outages.BrokerCalls;
        bridge.Outages.Storage = storage;
        using (bridge.Outages.OfBroker(broker ? BusOperations.All : BusOperations.None))
            await bridge.AdvanceAsync(TimeSpan.FromMinutes(minutes), step: TimeSpan.FromSeconds(30));
        asked = bridge.Outages.BrokerCalls - asked;
        bridge.Outages.Storage = false;
        await bridge.AdvanceAsync(TimeSpan.FromMinutes(2), () => bridge.Waiting == 0);

        Assert.Equal((0, 0), (bridge.Waiting, bridge.DeadLetters));
        foreach (var id in ids)
        {
            var alert = (await bridge.GetAlertAsync(id))?.Alert;
            Assert.Equal((AlertStatus.Resolved, 3), (alert?.Life.Status, alert?.TimelineLength));
        }

        // At most one call to the broker per waiting message in five minutes. With storage up no message waits, and each is settled.
        if (storage) Assert.InRange(asked, 0, Incidents * 3 * minutes / 5);
    }
}
