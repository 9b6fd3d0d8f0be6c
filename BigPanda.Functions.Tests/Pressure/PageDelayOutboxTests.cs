using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Pressure;

/// <summary>A page's delay ends on time although no event arrives, also when the broker refused to schedule its end.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class PageDelayOutboxTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly string _id = IncidentWebhook.NewId();
    private OutageHarness? _bridge;

    private OutageHarness Bridge => _bridge ?? throw new InvalidOperationException("The bridge has not been started.");

    public async Task InitializeAsync() =>
        _bridge = await OutageHarness.StartAsync(azurite, new PagingPolicy { DefaultKeyId = PagedAlert.DefaultKey, FireDelaySeconds = 300 });

    public async Task DisposeAsync() => await Bridge.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_is_opened_when_its_fire_delay_ends(bool brokerRefuses)
    {
        // Accepted before the broker refuses, and applied while it does.
        Bridge.Outages.Storage = true;
        await Bridge.SendWebhookAsync(IncidentWebhook.New(_id));
        await Bridge.AdvanceAsync(TimeSpan.FromSeconds(30));
        using (brokerRefuses ? Bridge.Outages.OfBroker(BusOperations.Send, Queues.AlertEvents) : null)
        {
            Bridge.Outages.Storage = false;
            await Bridge.AdvanceAsync(TimeSpan.FromSeconds(90));
        }

        await Bridge.SweepAsync();
        Assert.NotNull((await Bridge.GetAlertAsync(_id))?.Alert.PagerDuty?.Held);
        Assert.Empty(Bridge.Actions);

        // The delay began when the event was applied, which was some time after the outage.
        await Bridge.AdvanceAsync(TimeSpan.FromMinutes(15), () => Bridge.Waiting == 0);

        var (action, _) = Assert.Single(Bridge.Actions);
        Assert.Equal((Destination.PagerDuty, PageActionKinds.Trigger), (action.Destination, action.Kind));
        Assert.Equal(PageStatus.Opening, (await Bridge.GetAlertAsync(_id))?.Alert.PagerDuty?.Latest?.Status);
        Assert.Equal(0, Bridge.DeadLetters);
    }

    [Fact]
    public async Task What_comes_for_an_alert_that_was_removed_is_done()
    {
        await Bridge.SendAsync(AlertEventMessages.Of(_id, new Reminder(Bridge.Now)));
        await Bridge.SendAsync(AlertEventMessages.Of(new PageChanged(_id, "20261101100000-1", PageChange.Resolved, "grace", null, Bridge.Now, "gone")));
        await Bridge.AdvanceAsync(TimeSpan.FromSeconds(10));
        await Bridge.WaitUntilDrainedAsync();

        Assert.Equal((0, null), (Bridge.DeadLetters, await Bridge.GetAlertAsync(_id)));
    }
}
