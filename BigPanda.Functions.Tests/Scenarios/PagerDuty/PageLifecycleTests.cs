using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator.PagerDuty.Account;

namespace BigPanda.Functions.Tests.Scenarios.PagerDuty;

/// <summary>An incident, its page, and whoever ends it.</summary>
public sealed class PageLifecycleTests(PagerDutyFixture app) : IClassFixture<PagerDutyFixture>
{
    private readonly BridgeClient _bridge = app.Bridge;

    [Fact]
    public async Task An_alert_that_fires_opens_a_page_that_shows_it()
    {
        var id = IncidentWebhook.NewId();

        var alert = await _bridge.FireAsync(IncidentWebhook.New(id));
        var page = await app.PagerDuty.WaitForPageAsync(id);
        await app.PagerDuty.SettleAsync();

        var shown = Assert.Single(app.PagerDuty.Alerts(id));
        Assert.Contains(alert.Title, page.Title, StringComparison.Ordinal);
        Assert.Equal(("critical", true), (shown.Severity, shown.IsOpen));
        Assert.Equal("incident.triggered", Assert.Single(app.PagerDuty.Webhooks(page.Id).DistinctBy(webhook => webhook.WebhookId)).Type);
    }

    [Fact]
    public async Task Resolving_the_page_closes_the_incident_in_BigPanda_in_the_name_of_the_person()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        var page = await app.PagerDuty.WaitForPageAsync(id);

        await app.PagerDuty.ActAsync(page.Id, "resolve", new { by = "Grace" });

        var resolved = await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);
        Assert.Equal(new SeenResolver("pagerduty", "Grace"), resolved.ResolvedBy);
        Assert.Contains("Grace", SimulatedBigPanda.Comment(Assert.Single(app.BigPanda.Resolves(id))), StringComparison.Ordinal);
        await AssertQuietAsync(id, page, events: 1);
    }

    [Fact]
    public async Task Automation_that_resolves_the_page_closes_the_incident_too()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        var page = await app.PagerDuty.WaitForPageAsync(id);

        await app.PagerDuty.ActAsync(page.Id, "resolve", new { automatic = true });

        Assert.Equal("pagerduty", (await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled)).ResolvedBy?.Via);
    }

    [Fact]
    public async Task Resolving_here_resolves_the_page()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        await app.PagerDuty.WaitForPageAsync(id);

        (await _bridge.ResolveAsync(id, "fixed", "ada")).Expect(202);

        var page = await app.PagerDuty.WaitForPageAsync(id, status: IncidentStatus.Resolved);
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);
        Assert.Single(app.BigPanda.Resolves(id));
        await AssertQuietAsync(id, page, events: 2);
    }

    [Fact]
    public async Task Closing_in_BigPanda_resolves_the_page()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        await app.PagerDuty.WaitForPageAsync(id);

        await _bridge.PostWebhooksAsync(IncidentWebhook.Closed(id, 60));

        await app.PagerDuty.WaitForPageAsync(id, status: IncidentStatus.Resolved);
        await app.Queues.WaitUntilIdleAsync();
        Assert.Empty(app.BigPanda.Resolves(id));
        Assert.Equal("bigpanda", (await _bridge.GetAlertAsync(id)).ResolvedBy?.Via);
    }

    [Fact]
    public async Task A_re_fire_opens_a_new_page_and_a_late_event_of_the_old_one_does_not_touch_it()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        var old = await app.PagerDuty.WaitForPageAsync(id);
        await _bridge.PostWebhooksAsync(IncidentWebhook.Closed(id, 60));
        await app.PagerDuty.WaitForPageAsync(id, status: IncidentStatus.Resolved);
        await _bridge.PostWebhooksAsync(IncidentWebhook.Reopened(id, 120));
        var page = await app.PagerDuty.WaitForPageAsync(id, count: 2);

        await app.PagerDuty.ActAsync(old.Id, "reopen");
        await app.PagerDuty.ActAsync(old.Id, "resolve");
        await app.PagerDuty.SettleAsync();
        await app.Queues.WaitUntilIdleAsync();

        Assert.NotEqual(old.Id, page.Id);
        Assert.Equal((true, 2), ((await _bridge.GetAlertAsync(id)).Fires, app.PagerDuty.Alerts(id).Count));
        Assert.Equal(IncidentStatus.Triggered, app.PagerDuty.Pages(id)[^1].Status);
        Assert.Empty(app.BigPanda.Resolves(id));
    }

    [Fact]
    public async Task An_acknowledgement_is_shown_until_the_alert_is_resolved()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        var page = await app.PagerDuty.WaitForPageAsync(id);

        await app.PagerDuty.ActAsync(page.Id, "acknowledge");
        var acknowledged = await _bridge.WaitForAlertAsync(id, alert => alert.Acknowledged);
        Assert.Equal("Grace", acknowledged.AcknowledgedBy?.Actor);
        await Eventually.Async(
            () => _bridge.ListAsync("acknowledged=true&limit=200"), list => list.Items.Any(alert => alert.IncidentId == id), "the list shows it");

        await app.PagerDuty.ActAsync(page.Id, "unacknowledge");
        await _bridge.WaitForAlertAsync(id, alert => !alert.Acknowledged);
        await AssertQuietAsync(id, page, events: 1);
    }

    [Fact]
    public async Task A_merged_page_is_resolved_with_the_incident_that_it_went_into()
    {
        var (first, second) = (IncidentWebhook.NewId(), IncidentWebhook.NewId());
        await _bridge.FireAsync(IncidentWebhook.New(first));
        await _bridge.FireAsync(IncidentWebhook.New(second));
        var (source, target) = (await app.PagerDuty.WaitForPageAsync(first), await app.PagerDuty.WaitForPageAsync(second));

        await app.PagerDuty.ActAsync(source.Id, "merge", new { into = target.Id, by = "Grace" });
        await _bridge.WaitForAlertAsync(first, alert => alert.Entries("page-merged").Any());
        Assert.True((await _bridge.GetAlertAsync(first)).Fires);

        await app.PagerDuty.ActAsync(target.Id, "resolve");
        await _bridge.WaitForAlertAsync(first, alert => alert.IsSettled);
        await _bridge.WaitForAlertAsync(second, alert => alert.IsSettled);
        Assert.Equal((1, 1), (app.BigPanda.Resolves(first).Count, app.BigPanda.Resolves(second).Count));
    }

    /// <summary>Nothing bounces: no event is sent, no dead letter is left.</summary>
    private async Task AssertQuietAsync(string id, AccountIncident page, int events)
    {
        await app.PagerDuty.SettleAsync();
        await app.Queues.WaitUntilIdleAsync();
        Assert.Equal(events, app.PagerDuty.Events(id).Count);
        app.PagerDuty.AssertAccepted(page.Id);
        foreach (var queue in Queues.All) Assert.Empty(await app.Queues.PeekDeadLettersAsync(queue, id));
    }
}
