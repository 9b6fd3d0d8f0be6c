using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules.Paging;

/// <summary>PagerDuty's times decide what a trigger, a resolve and an acknowledgement of one page mean, whatever came first.</summary>
public sealed class PageTriggeredTests
{
    private readonly PagedAlert _alert = PagedAlert.Paged();

    [Theory]
    [InlineData(30, false)]
    [InlineData(25, true)]
    [InlineData(21, true)]
    [InlineData(15, true)]
    public void A_later_trigger_ends_the_acknowledgement_and_no_other(long triggeredAgain, bool isKept)
    {
        Take(PageChange.Triggered, 21);
        Take(PageChange.Acknowledged, 25);
        Take(PageChange.Triggered, triggeredAgain);

        Assert.Equal(isKept, _alert.Page.Acknowledgement is not null);
        Assert.Equal(At(Math.Max(21, triggeredAgain)), _alert.Page.TriggeredAt);
    }

    [Theory]
    [InlineData(19, PageStatus.Resolved)]
    [InlineData(20, PageStatus.Resolved)]
    [InlineData(21, PageStatus.Resolving)]
    public void Only_a_trigger_after_the_resolve_opens_the_page_again(long triggered, PageStatus status)
    {
        Take(PageChange.Resolved, 20);
        Take(PageChange.Triggered, triggered);

        Assert.Equal(status, _alert.Page.Status);
    }

    [Theory]
    [InlineData(20, PageStatus.Resolved)]
    [InlineData(19, PageStatus.Open)]
    public void Only_a_resolve_from_before_the_trigger_leaves_the_page_open(long resolved, PageStatus status)
    {
        _alert.Policy = _alert.Policy with { Resolve = Direction.Out };
        Take(PageChange.Triggered, 20);
        Take(PageChange.Resolved, resolved);

        Assert.Equal(status, _alert.Page.Status);
    }

    [Fact]
    public void A_trigger_does_not_open_a_page_whose_resolve_is_under_way()
    {
        Take(PageChange.Reopened, 15);
        _alert.Send(Closed(20), At(21));
        Take(PageChange.Triggered, 18);

        Assert.Equal(PageStatus.Resolving, _alert.Page.Status);
    }

    [Fact]
    public void The_incident_in_PagerDuty_is_that_of_the_newest_trigger()
    {
        Take(PageChange.Triggered, 20, "P2");
        Take(PageChange.Acknowledged, 21);
        Assert.Equal("P2", _alert.Page.Incident?.Id);
        Take(PageChange.Assigned, 19, "P1");
        Assert.Equal("P2", _alert.Page.Incident?.Id);
        Take(PageChange.Assigned, 20, "P3");
        Assert.Equal("P3", _alert.Page.Incident?.Id);
    }

    [Fact]
    public void Outcomes_say_whether_the_page_waits_is_parked_or_has_failed()
    {
        var opened = new PagedAlert();
        opened.Send(New(10), At(11));
        opened.Report(opened.Sent[0], ActionResult.Parked, At(12));
        Assert.Equal((true, true, false, "why"), State(opened));
        opened.Report(opened.Sent[0], ActionResult.Released, At(13));
        Assert.Equal((true, false, false, "why"), State(opened));
        opened.Report(opened.Sent[0], ActionResult.Failed, At(14), attempt: 2);
        Assert.Equal((false, false, true, "why"), State(opened));
        opened.Report(opened.Sent[0], ActionResult.Accepted, At(15), attempt: 3);
        Assert.Equal((false, false, false, null), State(opened));
        Assert.Equal((opened.Page.Planned, opened.Page.PlannedGravity), (opened.Page.Shows, opened.Page.ShowsGravity));

        opened.Send(Closed(20), At(21));
        opened.Report(opened.Sent[^1], ActionResult.Failed, At(22));
        Assert.True(opened.Page.HasFailed);
        opened.Report(opened.Sent[^1], ActionResult.Accepted, At(23), attempt: 2);
        Assert.Equal((false, false, false, null), State(opened));
    }

    [Theory]
    [InlineData("20261101100000-1", true)]
    [InlineData("20261101100000-12", true)]
    [InlineData("20261101100000-", false)]
    [InlineData("20261101100000-1x", false)]
    [InlineData("20261101100000-x1", false)]
    [InlineData("x0261101100000-1", false)]
    [InlineData("2026110110000x-1", false)]
    [InlineData("20261101100000+1", false)]
    public void A_pages_id_has_a_time_and_a_number(string text, bool isId) => Assert.Equal(isId, Page.IsId(text));

    private static (bool IsPending, bool IsParked, bool HasFailed, string? LastError) State(PagedAlert alert) =>
        (alert.Page.IsPending, alert.Page.IsParked, alert.Page.HasFailed, alert.Page.LastError);

    private void Take(PageChange change, long second, string? incident = null) => _alert.Take(
        _alert.Change(change, At(second)) with { External = incident is null ? null : new PagerIncident(incident, null) }, At(40));
}
