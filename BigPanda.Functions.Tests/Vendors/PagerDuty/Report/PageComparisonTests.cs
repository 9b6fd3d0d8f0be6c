using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using BigPanda.Functions.Vendors.PagerDuty.Report;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Report;

public sealed class PageComparisonTests
{
    private const int Hour = 3600;

    /// <summary>Seconds after the start at which a side opened and resolved its page; null for never. Compared two hours after the start.</summary>
    [Theory]
    [InlineData(null, null, null, null, null)]
    [InlineData(0, null, 3, null, null)]
    [InlineData(0, Hour, 3, Hour + 200, null)]
    [InlineData(0, null, null, null, PageDifference.OnlyBridge)]
    [InlineData(2 * Hour - 200, null, null, null, null)]
    [InlineData(null, null, 0, null, PageDifference.OnlyPagerDuty)]
    [InlineData(null, null, 2 * Hour - 200, null, null)]
    [InlineData(0, null, 0, Hour, PageDifference.OpenHere)]
    [InlineData(0, null, 0, 2 * Hour - 200, null)]
    [InlineData(0, Hour, 0, null, PageDifference.OpenThere)]
    [InlineData(0, 2 * Hour - 200, 0, null, null)]
    [InlineData(0, null, 400, null, PageDifference.OpenedApart)]
    [InlineData(400, Hour, 0, Hour, PageDifference.OpenedApart)]
    public void Both_sides_are_compared_with_room_for_late_webhooks(int? opened, int? resolved, int? theyOpened, int? theyResolved, object? difference)
    {
        var page = opened is null ? null : PagedAlerts.Page with
        {
            IsShadow = true,
            OpenedAt = Deliveries.At(opened.Value),
            Status = resolved is null ? PageStatus.Open : PageStatus.Resolved,
            UpdatedAt = Deliveries.At(resolved ?? opened.Value),
        };
        var alert = PagedAlerts.Of() with { PagerDuty = page is null ? null : PagerState.None.Open(page) };
        ForeignPage[] foreign = theyOpened is null ? [] : [Foreign("P1", theyOpened, theyResolved)];

        Assert.Equal((PageDifference?)difference, PageComparison.Of(alert, foreign, Deliveries.At(2 * Hour))?.Difference);
    }

    [Fact]
    public void The_newest_incident_counts_and_one_that_was_seen_at_its_end_only()
    {
        ForeignPage[] foreign = [Foreign("P2", 3000, null), Foreign("P1", 0, 2000)];
        var alert = PagedAlerts.Of() with { PagerDuty = null };

        Assert.Equal("P2", PageComparison.Of(alert, foreign, Deliveries.At(2 * Hour))?.PagerDuty?.IncidentId);
        Assert.Equal(PageDifference.OnlyPagerDuty, PageComparison.Of(alert, [Foreign("P3", null, 100)], Deliveries.At(2 * Hour))?.Difference);
    }

    [Fact]
    public void Why_the_bridge_has_no_page_is_said()
    {
        var alert = PagedAlerts.Of() with { PagerDuty = PagerState.None with { Held = "the page waits while the incident is snoozed" } };

        var comparison = PageComparison.Of(alert, [Foreign("P1", 0, null)], Deliveries.At(2 * Hour));

        Assert.Equal(("the page waits while the incident is snoozed", null), (comparison?.Held, comparison?.Bridge));
    }

    private static ForeignPage Foreign(string id, int? opened, int? resolved) => new(PagedAlerts.IncidentId, new PagerIncident(id, null))
    {
        OpenedAt = opened is { } at ? Deliveries.At(at) : null,
        ResolvedAt = resolved is { } end ? Deliveries.At(end) : null,
    };
}
