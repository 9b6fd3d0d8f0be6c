using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Planning;

/// <summary>When a page is opened, kept and resolved.</summary>
public sealed class PagePlanTests
{
    private readonly PagedAlert _alert = new();

    [Fact]
    public void An_alert_that_fires_opens_a_page_and_one_that_resolves_ends_it()
    {
        Assert.Equal("page", _alert.Send(New(10), At(11)));
        Assert.Equal(("20261101100011-1", PageStatus.Opening), (_alert.Page.Id, _alert.Page.Status));
        Assert.Equal("page-20261101100011-1", _alert.Sent[0].ActionId);

        Assert.Equal("", _alert.Accept(At(12)));
        Assert.Equal(PageStatus.Open, _alert.Page.Status);
        Assert.Equal("page-resolve", _alert.Send(Closed(20), At(21)));
        Assert.Equal((PageStatus.Resolving, "page-20261101100011-1-1"), (_alert.Page.Status, _alert.Sent[1].ActionId));
        Assert.Equal("", _alert.Accept(At(22)));
        Assert.Equal(PageStatus.Resolved, _alert.Page.Status);
    }

    [Fact]
    public void An_alert_that_fires_again_opens_another_page_with_a_link_to_the_first()
    {
        _alert.Send(New(10), At(11));
        _alert.Report(_alert.Sent[0], ActionResult.Closed, At(12), external: new PagerIncident("P1", "https://acme.pagerduty.com/incidents/P1"));
        _alert.Send(Closed(20), At(21));

        Assert.Equal("page", _alert.Send(Reopened(30), At(31)));
        Assert.Equal(("20261101100031-2", "P1"), (_alert.Page.Id, _alert.Page.Previous?.Id));
        Assert.Equal(PageStatus.Resolving, Assert.Single(_alert.Pager.Earlier).Status);
        _alert.Report(_alert.Sent[1], ActionResult.Accepted, At(32));
        Assert.Equal(PageStatus.Resolved, Assert.Single(_alert.Pager.Earlier).Status);
        Assert.Equal(PageStatus.Opening, _alert.Page.Status);
    }

    [Fact]
    public void The_key_that_opened_a_page_resolves_it()
    {
        _alert.Send(New(10), At(11));
        _alert.Policy = _alert.Policy with { DefaultKeyId = "ba9876543210" };

        _alert.Send(Closed(20), At(21));
        Assert.All(_alert.Sent, action => Assert.Equal(PagedAlert.DefaultKey, action.KeyId));
    }

    [Fact]
    public void Repeated_and_late_deliveries_open_nothing_more()
    {
        _alert.Send(New(10), At(11));

        Assert.Equal("", _alert.Send(New(10), At(12)));
        Assert.Equal("", _alert.Send(Updated(5), At(13)));
        Assert.Single(_alert.Sent);
    }

    [Fact]
    public void An_alert_that_is_known_only_as_closed_is_never_paged()
    {
        Assert.Equal("", _alert.Send(Closed(20), At(21)));
        Assert.Equal("", _alert.Send(New(10), At(22)));
        Assert.Null(_alert.Alert.PagerDuty);
    }

    /// <summary>The close was late: there were two episodes, and the page that is open stands for the second.</summary>
    [Fact]
    public void Late_history_that_splits_an_episode_keeps_the_open_page()
    {
        _alert.Send(New(10), At(11));
        _alert.Accept(At(12));
        _alert.Send(Reopened(30), At(60));
        Assert.Equal(1, _alert.Alert.Life.Episode);

        Assert.DoesNotContain("page-resolve", _alert.Send(Closed(20), At(100)), StringComparison.Ordinal);
        Assert.Equal((2, "20261101100011-1"), (_alert.Alert.Life.Episode, _alert.Page.Id));
    }

    [Fact]
    public void A_resolve_here_resolves_the_page_and_closes_the_incident()
    {
        _alert.Send(New(10), At(11));

        Assert.Equal("page-resolve", _alert.Send(Resolve(_alert.Alert, 20), At(21)));
        Assert.Equal("1", Assert.Single(_alert.SentToBigPanda).ActionId);
    }

    [Fact]
    public void A_page_stays_open_where_the_policy_sends_no_resolves()
    {
        var alert = new PagedAlert(new PagingPolicy { DefaultKeyId = PagedAlert.DefaultKey, Resolve = Direction.In });
        alert.Send(New(10), At(11));

        Assert.Equal("", alert.Send(Closed(20), At(21)));
        Assert.Equal("", alert.Send(Reopened(30), At(31)));
        Assert.Equal("20261101100011-1", alert.Page.Id);
    }

    [Fact]
    public void Without_a_key_the_alert_is_not_paged_and_the_timeline_says_so_once()
    {
        _alert.Policy = new PagingPolicy();
        Assert.Equal("", _alert.Send(New(10), At(11)));
        Assert.Equal("", _alert.Send(Updated(20), At(21)));
        Assert.Equal(PageRouting.NoKey, _alert.Pager.Held);
        Assert.Single(_alert.Timeline, entry => entry.Reason == PageRouting.NoKey);

        _alert.Policy = new PagingPolicy { DefaultKeyId = PagedAlert.DefaultKey };
        Assert.Equal("page", _alert.Send(Updated(30), At(31)));
        Assert.Null(_alert.Pager.Held);
    }

    [Fact]
    public void With_the_mode_off_nothing_is_planned_or_kept()
    {
        _alert.Modes = new AlertPolicy();
        Assert.Equal("", _alert.Send(Of(10, true, "critical", "incident#new", "incident#commented"), At(11)));

        Assert.Equal((null, null, null), (_alert.Alert.PagerDuty, _alert.Alert.HeardComments, _alert.Alert.ExpectedNotes));
    }

    [Fact]
    public void A_page_that_failed_is_tried_again_when_the_incident_changes()
    {
        _alert.Send(New(10), At(11));
        Assert.Equal("", _alert.Report(_alert.Sent[0], ActionResult.Failed, At(12)));

        Assert.Equal("page-update", _alert.Send(Updated(60, "warning"), At(61)));
        _alert.Accept(At(62));
        Assert.Equal((PageStatus.Open, false), (_alert.Page.Status, _alert.Page.HasFailed));
    }

    /// <summary>The incident got worse before its close went through.</summary>
    [Fact]
    public void An_alert_that_fires_again_because_it_is_worse_is_paged_again()
    {
        _alert.Send(New(10, "warning"), At(11));
        _alert.Send(Resolve(_alert.Alert, 20), At(21));
        _alert.Take(CloseOutcome(_alert.Alert, ActionResult.Failed), At(22));

        Assert.Equal("page", _alert.Send(Updated(30, "disaster"), At(31)));
        Assert.Equal(AlertStatus.Firing, _alert.Alert.Life.Status);
    }
}
