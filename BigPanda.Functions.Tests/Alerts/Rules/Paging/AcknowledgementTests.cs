using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules.Paging;

/// <summary>Who has taken an alert on, and until when.</summary>
public sealed class AcknowledgementTests
{
    private readonly PagedAlert _alert = PagedAlert.Paged();

    [Fact]
    public void An_acknowledgement_is_shown_with_who_and_when_and_sent_nowhere()
    {
        Assert.Equal("", _alert.Send(_alert.Change(PageChange.Acknowledged, At(20)), At(21)));

        Assert.Equal(new Acknowledgement(At(20), ResolvedVia.PagerDuty, "grace"), _alert.Alert.Acknowledgement);
        Assert.True(_alert.Alert.IsAcknowledged);
        Assert.Empty(_alert.SentToBigPanda);
    }

    [Fact]
    public void It_is_commented_in_BigPanda_if_the_policy_wants_that_and_does_not_come_back()
    {
        _alert.Policy = _alert.Policy with { CommentAcknowledgements = true };
        var change = _alert.Change(PageChange.Acknowledged, At(20));
        _alert.Take(change, At(21));
        _alert.Take(change, At(22));

        var comment = Assert.IsType<AddCommentAction>(Assert.Single(_alert.SentToBigPanda));
        Assert.Equal("grace through the alert bridge (pagerduty): acknowledged the page", comment.Comment);
        Assert.Single(_alert.Sent);
    }

    [Fact]
    public void It_ends_when_it_is_taken_back()
    {
        _alert.Take(_alert.Change(PageChange.Acknowledged, At(20)), At(21));
        _alert.Take(_alert.Change(PageChange.Unacknowledged, At(30), actor: null), At(31));

        Assert.False(_alert.Alert.IsAcknowledged);
    }

    [Fact]
    public void It_ends_with_the_episode()
    {
        _alert.Take(_alert.Change(PageChange.Acknowledged, At(20)), At(21));
        _alert.Take(Closed(30), At(31));
        Assert.Null(_alert.Alert.Acknowledgement);

        _alert.Take(Reopened(40), At(41));
        Assert.False(_alert.Alert.IsAcknowledged);
    }

    [Fact]
    public void It_lasts_while_late_history_splits_the_episode()
    {
        _alert.Take(Reopened(30), At(31));
        _alert.Take(_alert.Change(PageChange.Acknowledged, At(40)), At(41));
        _alert.Take(Closed(20), At(50));

        Assert.Equal((2, true), (_alert.Alert.Life.Episode, _alert.Alert.IsAcknowledged));
    }

    [Theory]
    [InlineData(PageChange.Acknowledged, PageChange.Unacknowledged, false)]
    [InlineData(PageChange.Unacknowledged, PageChange.Acknowledged, true)]
    public void The_newer_of_two_changes_counts_in_any_order(PageChange older, PageChange newer, bool isAcknowledged)
    {
        _alert.Take(_alert.Change(newer, At(30)), At(31));
        var late = _alert.Take(_alert.Change(older, At(20)), At(32));

        Assert.Equal((Verdict.Stale, isAcknowledged), (late.Verdict, _alert.Alert.IsAcknowledged));
    }

    [Fact]
    public void That_of_an_earlier_page_does_not_touch_the_present_one()
    {
        var first = _alert.Page.Id;
        _alert.Send(Closed(20), At(21));
        _alert.Send(Reopened(30), At(31));
        var late = _alert.Take(_alert.Change(PageChange.Acknowledged, At(15), pageId: first), At(40));

        Assert.Equal((Verdict.Stale, false), (late.Verdict, _alert.Alert.IsAcknowledged));
    }

    /// <summary>The alert fires again and waits for its page.</summary>
    [Fact]
    public void That_of_a_page_that_is_over_does_not_touch_the_next_episode()
    {
        var alert = new PagedAlert(new PagingPolicy { DefaultKeyId = PagedAlert.DefaultKey, FireDelaySeconds = 60 });
        alert.Send(New(10), At(11));
        alert.SendDue();
        alert.Send(Closed(200), At(201));
        alert.Send(Reopened(210), At(211));
        alert.Take(alert.Change(PageChange.Acknowledged, At(190)), At(212));

        Assert.False(alert.Alert.IsAcknowledged);
    }

    [Theory]
    [InlineData(Direction.Out, false)]
    [InlineData(Direction.Off, false)]
    [InlineData(Direction.In, true)]
    public void The_policy_says_whether_it_counts(Direction direction, bool isAcknowledged)
    {
        _alert.Policy = _alert.Policy with { Acknowledge = direction };
        _alert.Take(_alert.Change(PageChange.Acknowledged, At(20)), At(21));

        Assert.Equal(isAcknowledged, _alert.Alert.IsAcknowledged);
    }

    [Fact]
    public void What_was_passed_on_from_BigPanda_comes_back_as_an_echo()
    {
        var acknowledged = Updated(60);
        _alert.Send(acknowledged with { Incident = acknowledged.Incident with { Status = "acknowledged" } }, At(61));
        var echo = _alert.Take(_alert.Change(PageChange.Acknowledged, At(62)) with { IsOurs = true }, At(63));

        Assert.Equal((Verdict.Echo, true), (echo.Verdict, _alert.Alert.IsAcknowledged));
        Assert.Null(_alert.Alert.Acknowledgement);
    }

    [Fact]
    public void An_alert_that_BigPanda_shows_as_acknowledged_is_so_without_PagerDuty()
    {
        var acknowledged = New(10);
        var alert = Apply(acknowledged with { Incident = acknowledged.Incident with { Status = "Acknowledged" } }).Alert;
        Assert.True(alert.IsAcknowledged);

        Assert.False(AlertLifecycle.Decide(alert, Closed(20), At(21)).Alert.IsAcknowledged);
    }
}
