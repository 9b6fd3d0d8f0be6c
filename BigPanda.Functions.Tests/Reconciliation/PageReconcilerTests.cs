using System.Text.Json;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Reconciliation;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Reconciliation;

/// <summary>PagerDuty has disabled the webhook: what people do there is not sent, now or later.</summary>
public sealed class PageReconcilerTests(PageReconcilerFixture app) : IClassFixture<PageReconcilerFixture>
{
    [Fact]
    public async Task What_a_person_does_in_PagerDuty_is_found()
    {
        app.DisableWebhooks();
        var (id, page) = await PageAsync();
        await app.PagerDuty.ActAsync(page, "acknowledge", new { by = "Grace" });

        app.Ahead = TimeSpan.Zero;
        Assert.Empty(Found(await app.RunAsync(), id));
        app.Ahead = TimeSpan.FromMinutes(10);
        Assert.Equal([("pageAcknowledged", "repaired")], Found(await app.RunAsync(), id));
        var taken = await app.Bridge.WaitForAlertAsync(id, alert => alert.Acknowledged);
        Assert.Equal(new SeenResolver("pagerduty", "Grace"), taken.AcknowledgedBy);

        await app.PagerDuty.ActAsync(page, "resolve", new { by = "Ada" });
        Assert.Equal([("pageResolved", "repaired")], Found(await app.RunAsync(), id));
        var resolved = await app.Bridge.WaitForAlertAsync(id, alert => alert.IsSettled);
        Assert.Equal(new SeenResolver("pagerduty", "Ada"), resolved.ResolvedBy);
        Assert.Single(app.BigPanda.Resolves(id));
        Assert.Empty(Found(await app.RunAsync(), id));
    }

    private async Task<(string Incident, string Page)> PageAsync()
    {
        var id = IncidentWebhook.NewId();
        await app.BigPanda.PlayAsync(id, "new");
        var page = await app.PagerDuty.WaitForPageAsync(id);
        await app.Queues.WaitUntilDrainedAsync();
        return (id, page.Id);
    }

    private static IEnumerable<(string?, string?)> Found(JsonElement report, string id) =>
        from item in report.GetProperty("items").EnumerateArray()
        where item.GetProperty("incidentId").GetString() == id
        select (item.GetProperty("kind").GetString(), item.GetProperty("result").GetString());
}

public sealed class PageDriftTests
{
    [Theory]
    [InlineData("resolved", false, null, PageChange.Resolved)]
    [InlineData("acknowledged", false, null, PageChange.Acknowledged)]
    [InlineData("triggered", true, null, PageChange.Unacknowledged)]
    [InlineData("triggered", false, null, null)]
    [InlineData("acknowledged", true, null, null)]
    [InlineData("resolved", false, 30L, null)]
    [InlineData("acknowledged", false, 30L, null)]
    [InlineData("triggered", true, 30L, null)]
    [InlineData("acknowledged", false, 10L, PageChange.Acknowledged)]
    public void A_change_that_the_page_does_not_know_is_found(string status, bool isTaken, long? knownAt, PageChange? expected)
    {
        var page = Page(isTaken, knownAt);

        Assert.Equal(expected, PageDrift.FindChange(page, Incident(status), isAlertResolved: false));
    }

    [Fact]
    public void A_page_whose_alert_is_resolved_in_an_incident_that_goes_on_is_resolved() => Assert.Equal(
        PageChange.Resolved, PageDrift.FindChange(Page(true, 30), Incident("acknowledged") with { IsChangedByEvent = true }, isAlertResolved: true));

    [Fact]
    public void What_an_event_of_the_bridge_did_is_no_news() =>
        Assert.Null(PageDrift.FindChange(Page(false, null), Incident("acknowledged") with { IsChangedByEvent = true }, false));

    private static PagerDutyIncident Incident(string status) => new("P1", null, status) { ChangedAt = At(20), ChangedBy = "Grace" };

    private static Page Page(bool isTaken, long? knownAt) => new()
    {
        Id = "20261101100000-1",
        Key = new PageKey("default"),
        Acknowledgement = isTaken ? new Acknowledgement(At(5), "pagerduty", "Ada") : null,
        ChangedAt = knownAt is { } changed ? At(changed) : null,
        AcknowledgementChangedAt = knownAt is { } taken ? At(taken) : null,
    };
}
