using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Planning;

/// <summary>What a page shows follows the incident: one update at a time and per interval, the last state always.</summary>
public sealed class PageUpdateTests
{
    private readonly PagedAlert _alert = new();

    public PageUpdateTests()
    {
        _alert.Send(New(10), At(11));
        _alert.Accept(At(12));
    }

    [Fact]
    public void Changes_within_the_interval_become_one_update_at_its_end()
    {
        Assert.Equal("", _alert.Send(Updated(20, "warning"), At(21)));
        Assert.Equal("", _alert.Send(Updated(22, "unknown"), At(23)));
        Assert.Equal(At(41), _alert.Pager.DueAt);

        Assert.Equal("page-update", _alert.SendDue());
        Assert.Equal(("error", _alert.Alert.Seen), (_alert.Page.Severity, _alert.Page.Planned));
        Assert.Null(_alert.Pager.DueAt);
    }

    [Fact]
    public void A_change_after_the_interval_is_sent_at_once()
    {
        Assert.Equal("page-update", _alert.Send(Updated(60, "warning"), At(61)));
        _alert.Accept(At(62));
        Assert.Equal("", _alert.Send(Updated(70, "unknown"), At(71)));
        Assert.Equal(At(91), _alert.Pager.DueAt);
    }

    [Fact]
    public void Nothing_is_sent_when_nothing_visible_changed()
    {
        var same = Same(60);

        Assert.Equal("", _alert.Send(same, At(61)));
        Assert.Null(_alert.Pager.DueAt);
    }

    [Fact]
    public void A_change_that_is_taken_back_within_the_interval_sends_nothing()
    {
        _alert.Send(Updated(20, "warning"), At(21));
        _alert.Send(Same(22), At(23));

        Assert.Null(_alert.Pager.DueAt);
        Assert.Equal("", _alert.Send(new PlanDue(IncidentId, At(41), "due"), At(41)));
    }

    /// <summary>During an outage of PagerDuty the updates of an incident do not pile up.</summary>
    [Fact]
    public void No_update_is_planned_while_one_is_under_way_and_the_last_state_is_sent_afterwards()
    {
        Assert.Equal("page-update", _alert.Send(Updated(60, "warning"), At(61)));
        _alert.Report(_alert.Sent[^1], ActionResult.Retrying, At(62));
        Assert.Equal("", _alert.Send(Updated(100, "unknown"), At(101)));
        Assert.Equal("", _alert.Send(Updated(200, "critical"), At(201)));

        Assert.Equal("page-update", _alert.Accept(At(300)));
        Assert.Equal("critical", _alert.Page.Severity);
    }

    /// <summary>The update may have shown what was in between: it takes its content from the alert when its turn has come.</summary>
    [Fact]
    public void What_changes_and_changes_back_while_an_update_is_under_way_is_sent_once_more()
    {
        _alert.Send(Updated(60, "warning"), At(61));
        _alert.Send(Updated(70, "unknown"), At(71));
        var back = Updated(80, "warning");
        _alert.Send(back with { Incident = back.Incident with { Tags = Updated(60, "warning").Incident.Tags } }, At(81));

        Assert.Equal("page-update", _alert.Accept(At(100)));
    }

    [Fact]
    public void An_action_whose_report_is_lost_holds_updates_back_for_an_hour()
    {
        _alert.Send(Updated(60, "warning"), At(61));

        Assert.Equal("", _alert.Send(Updated(3600, "unknown"), At(3601)));
        Assert.Equal("page-update", _alert.Send(Updated(3700, "critical"), At(3701)));
    }

    [Fact]
    public void A_page_that_is_not_yet_accepted_is_not_updated()
    {
        var alert = new PagedAlert();
        alert.Send(New(10), At(11));

        Assert.Equal("", alert.Send(Updated(60, "warning"), At(61)));
        Assert.Equal("page-update", alert.Accept(At(62)));
    }

    [Fact]
    public void What_a_person_has_seen_is_what_PagerDuty_has_accepted()
    {
        var first = _alert.Page.Shows;
        _alert.Send(Updated(60, "warning"), At(61));
        Assert.Equal((first, "critical"), (_alert.Page.Shows, _alert.Page.ShowsGravity?.Severity));

        _alert.Accept(At(62));
        Assert.Equal(_alert.Alert.Seen, _alert.Page.Shows);
    }

    [Fact]
    public void An_acknowledgement_in_BigPanda_acknowledges_the_page_and_does_no_more()
    {
        Assert.Equal("page-acknowledge", _alert.Send(Acknowledged(60), At(61)));
        Assert.Equal("", _alert.Accept(At(62)));
        Assert.Equal("", _alert.Send(Acknowledged(100), At(101)));
        Assert.Equal(("critical", true), (_alert.Page.Severity, _alert.Alert.IsAcknowledged));
    }

    [Fact]
    public void What_changes_besides_the_acknowledgement_is_shown_too()
    {
        var other = Acknowledged(60);
        other = other with { Incident = other.Incident with { Assignee = "linus" } };

        Assert.Equal("page-acknowledge", _alert.Send(other, At(61)));
        Assert.Equal("page-update", _alert.Accept(At(62)));
    }

    [Fact]
    public void A_page_is_acknowledged_again_after_it_was_no_longer_so_in_BigPanda()
    {
        _alert.Send(Acknowledged(60), At(61));
        _alert.Accept(At(62));
        Assert.Equal("page-update", _alert.Send(Same(100), At(101)));
        _alert.Accept(At(102));

        Assert.Equal("page-acknowledge", _alert.Send(Acknowledged(200), At(201)));
    }

    /// <summary>PagerDuty takes an acknowledgement back after its own time: BigPanda has not changed since.</summary>
    [Fact]
    public void A_page_that_PagerDuty_no_longer_shows_as_acknowledged_is_left_so()
    {
        _alert.Send(Acknowledged(60), At(61));
        _alert.Accept(At(62));
        _alert.Take(_alert.Change(PageChange.Unacknowledged, At(1800)), At(1801));

        Assert.Equal("", _alert.Send(Acknowledged(2000), At(2001)));
    }

    [Fact]
    public void What_a_person_acknowledged_in_PagerDuty_is_not_acknowledged_again()
    {
        _alert.Take(_alert.Change(PageChange.Acknowledged, At(20)), At(21));

        Assert.DoesNotContain("page-acknowledge", _alert.Send(Acknowledged(60), At(61)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_policy_says_whether_acknowledgements_priority_and_assignment_are_sent()
    {
        var alert = new PagedAlert(new PagingPolicy
        {
            DefaultKeyId = PagedAlert.DefaultKey,
            Acknowledge = Direction.In,
            Priority = Direction.Off,
            Assignment = Direction.In,
        });
        alert.Send(New(10), At(11));
        alert.Accept(At(12));
        var assigned = Same(60);

        Assert.Equal("", alert.Send(assigned with { Incident = assigned.Incident with { Assignee = "grace" } }, At(61)));
        Assert.Equal("page-update", alert.Send(Acknowledged(100), At(101)));
    }

    /// <summary>As in the first delivery.</summary>
    private static IncidentReported Same(long second)
    {
        var reported = Updated(second);
        return reported with { Incident = reported.Incident with { Tags = New(10).Incident.Tags } };
    }

    private static IncidentReported Acknowledged(long second)
    {
        var same = Same(second);
        return same with { Incident = same.Incident with { Status = "Acknowledged" } };
    }
}
