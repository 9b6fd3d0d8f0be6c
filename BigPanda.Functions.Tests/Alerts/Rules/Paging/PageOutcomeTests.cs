using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules.Paging;

/// <summary>How the outcomes of actions change a page, in whatever order they arrive.</summary>
public sealed class PageOutcomeTests
{
    private readonly PagedAlert _alert = new();

    public PageOutcomeTests() => _alert.Send(New(10), At(11));

    private PageAction Trigger => _alert.Sent[0];

    [Fact]
    public void An_attempt_that_failed_shows_its_error_and_the_next_one()
    {
        Report(Trigger, ActionResult.Retrying, 3, At(12));

        Assert.Equal((3, "why", At(72), PageStatus.Opening), (_alert.Page.Attempts, _alert.Page.LastError, _alert.Page.NextAttemptAt, _alert.Page.Status));
    }

    [Fact]
    public void An_accepted_trigger_opens_the_page_and_clears_the_error()
    {
        Report(Trigger, ActionResult.Retrying, 1, At(12));
        Report(Trigger, ActionResult.Accepted, 2, At(13));

        Assert.Equal((PageStatus.Open, null, null, 2), (_alert.Page.Status, _alert.Page.LastError, _alert.Page.NextAttemptAt, _alert.Page.Attempts));
    }

    [Fact]
    public void A_confirmed_trigger_names_the_incident_also_after_a_later_action()
    {
        Report(Trigger, ActionResult.Accepted, 1, At(12));
        _alert.Send(Updated(60, "warning"), At(61));
        var late = Report(Trigger, ActionResult.Closed, 2, At(62), new PagerIncident("P1", "https://acme.pagerduty.com/incidents/P1"));

        Assert.Equal(("P1", 0, true), (_alert.Page.Incident?.Id, _alert.Page.Attempts, _alert.Page.IsPending));
        Assert.Equal(Verdict.Applied, late.Verdict);
    }

    [Fact]
    public void A_parked_action_is_released()
    {
        Report(Trigger, ActionResult.Parked, 1, At(12));
        Assert.Equal((true, "why"), (_alert.Page.IsParked, _alert.Page.LastError));

        Report(Trigger, ActionResult.Released, 1, At(13));
        Assert.False(_alert.Page.IsParked);
    }

    [Fact]
    public void A_failed_action_stays_visible_until_the_next_one()
    {
        Report(Trigger, ActionResult.Failed, 1, At(12));
        Assert.Equal((true, "why", PageStatus.Opening), (_alert.Page.HasFailed, _alert.Page.LastError, _alert.Page.Status));

        _alert.Send(Closed(20), At(21));
        Assert.Equal((false, null, PageStatus.Resolving), (_alert.Page.HasFailed, _alert.Page.LastError, _alert.Page.Status));
    }

    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 12)]
    public void An_outcome_that_comes_after_a_later_one_changes_nothing(int attempt, int second)
    {
        Report(Trigger, ActionResult.Accepted, 2, At(13));
        var late = Report(Trigger, ActionResult.Retrying, attempt, At(second));

        Assert.Equal((Verdict.Stale, null), (late.Verdict, _alert.Page.LastError));
    }

    [Fact]
    public void A_late_outcome_of_the_trigger_does_not_open_a_page_that_is_being_resolved()
    {
        _alert.Send(Closed(20), At(21));
        Report(Trigger, ActionResult.Retrying, 1, At(22));
        Assert.Equal((PageStatus.Resolving, null), (_alert.Page.Status, _alert.Page.LastError));

        Report(Trigger, ActionResult.Accepted, 2, At(23));
        Assert.Equal(PageStatus.Resolving, _alert.Page.Status);
        Report(_alert.Sent[^1], ActionResult.Accepted, 1, At(24));
        Assert.Equal(PageStatus.Resolved, _alert.Page.Status);
    }

    [Fact]
    public void A_late_outcome_of_an_earlier_page_does_not_touch_the_present_one()
    {
        _alert.Send(Closed(20), At(21));
        var resolve = _alert.Sent[^1];
        _alert.Send(Reopened(30), At(31));
        var present = _alert.Page;

        Report(Trigger, ActionResult.Failed, 9, At(32));
        Report(resolve, ActionResult.Failed, 1, At(33));
        Report(resolve, ActionResult.Accepted, 2, At(34), new PagerIncident("P1", null));
        Report(resolve, ActionResult.Accepted, 2, At(35));

        Assert.Equal(present, _alert.Page);
        Assert.Equal((PageStatus.Resolved, "P1"), Assert.Single(_alert.Pager.Earlier) is var first ? (first.Status, first.Incident?.Id) : default);
    }

    /// <summary>Else the next change of the incident would open what a person decided not to open.</summary>
    [Fact]
    public void A_dropped_page_is_over_and_its_episode_is_not_paged_whatever_changes_in_it()
    {
        Drop(At(12));
        _alert.Send(Updated(60, "warning"), At(61));

        Assert.Equal((true, "dropped by ada"), (_alert.Page.IsOver, _alert.Pager.Held));
        Assert.Single(_alert.Sent);

        _alert.Send(Closed(70), At(71));
        _alert.Send(Reopened(80), At(81));
        Assert.Equal([PageActionKinds.Trigger, PageActionKinds.Trigger], _alert.Sent.Select(action => action.Kind));
    }

    [Fact]
    public void A_page_that_was_opened_before_its_drop_is_reported_stays_open()
    {
        Report(Trigger, ActionResult.Accepted, 1, At(12));
        Drop(At(13));

        Assert.Equal((PageStatus.Open, null), (_alert.Page.Status, _alert.Pager.SkippedEpisode));
    }

    [Fact]
    public void An_outcome_of_a_note_is_in_the_timeline_only()
    {
        var before = _alert.Pager;
        var note = PageAction.Of(PageActionKinds.Note, IncidentId, "note-1", _alert.Page);
        var noted = Report(note, ActionResult.Failed, 14, At(12));

        Assert.Equal((Verdict.Noted, "why", before), (noted.Verdict, noted.Timeline[0].Reason, _alert.Pager));
        Assert.Equal(0, _alert.Alert.FailedComments);
    }

    /// <summary>Page numbers are compared whole: 1 is not the beginning of 12.</summary>
    [Theory]
    [InlineData("page-20261101100011-1", true)]
    [InlineData("page-20261101100011-1-7", true)]
    [InlineData("page-20261101100011-12", false)]
    [InlineData("page-20261101100011-12-7", false)]
    [InlineData("note-20261101100011-1", false)]
    public void An_action_belongs_to_the_page_that_its_id_names(string actionId, bool isThere) =>
        Assert.Equal(isThere, _alert.Page.HasAction(actionId));

    private void Drop(DateTimeOffset at)
    {
        var report = new ActionReported(
            IncidentId, Trigger.ActionId, Destination.PagerDuty, Trigger.Kind, ActionResult.Failed, 1, "dropped by ada", at, "dropped");
        _alert.Take(report with { IsDropped = true }, at);
    }

    private Decision Report(PageAction action, ActionResult result, int attempt, DateTimeOffset at, PagerIncident? external = null) => _alert.Take(
        new ActionReported(IncidentId, action.ActionId, Destination.PagerDuty, action.Kind, result, attempt, "why", at, $"outcome-{at}")
        {
            NextAttemptAt = result == ActionResult.Retrying ? at.AddSeconds(60) : null,
            External = external,
        },
        at);
}
