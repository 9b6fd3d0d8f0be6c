using System.Diagnostics;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Tests.Support;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

public class AlertLifecycleTests
{
    [Fact]
    public void A_new_incident_fires_its_alert()
    {
        var decision = Apply(New(10));

        Assert.Equal((AlertStatus.Firing, 1), (decision.Alert.Life.Status, decision.Alert.Life.Episode));
        Assert.Equal(Verdict.Applied, decision.Verdict);
        Assert.Equal("the alert fires", decision.Timeline[0].Reason);
        Assert.Equal(At(10), decision.Alert.Life.FirstFiredAt);
        Assert.Null(decision.Action);
    }

    [Fact]
    public void A_closed_incident_resolves_its_alert()
    {
        var decision = Apply(New(10), Closed(20));

        Assert.Equal((AlertStatus.Resolved, 1), (decision.Alert.Life.Status, decision.Alert.Life.Episode));
        Assert.Equal((ResolvedVia.BigPanda, At(20)), (decision.Alert.Life.ResolvedVia, decision.Alert.Life.ResolvedAt));
        Assert.Equal(Verdict.Applied, decision.Verdict);
    }

    [Fact]
    public void A_reopened_incident_fires_the_same_alert_as_the_next_episode()
    {
        var decision = Apply(New(10), Closed(20), Reopened(30));

        Assert.Equal((AlertStatus.Firing, 2), (decision.Alert.Life.Status, decision.Alert.Life.Episode));
        Assert.Equal((At(10), At(30)), (decision.Alert.Life.FirstFiredAt, decision.Alert.Life.LastFiredAt));
        Assert.Null(decision.Alert.Life.ResolvedAt);
        Assert.Equal("the alert fires again, episode 2", decision.Timeline[0].Reason);
    }

    [Fact]
    public void An_update_changes_the_details_and_not_the_status()
    {
        var decision = Apply(New(10, "warning"), Updated(20, "Critical"));

        Assert.Equal("critical", decision.Alert.Content.Severity);
        Assert.Equal((AlertStatus.Firing, 1), (decision.Alert.Life.Status, decision.Alert.Life.Episode));
        Assert.Equal((Verdict.Applied, "details updated"), (decision.Verdict, decision.Timeline[0].Reason));
    }

    [Fact]
    public void An_older_update_that_comes_late_is_stale_and_says_than_what()
    {
        var decision = Apply(New(10), Updated(30, "critical"), Updated(20, "warning"));

        Assert.Equal("critical", decision.Alert.Content.Severity);
        Assert.Equal((Verdict.Stale, "older than the update of 2026-11-01 10:00:30Z already applied"), (decision.Verdict, decision.Timeline[0].Reason));
    }

    [Fact]
    public void A_close_that_comes_before_its_new_leaves_the_alert_resolved()
    {
        var decision = Apply(Closed(20), New(10));

        Assert.Equal((AlertStatus.Resolved, 1), (decision.Alert.Life.Status, decision.Alert.Life.Episode));
        Assert.Equal(Verdict.Stale, decision.Verdict);
        Assert.Equal(At(10), decision.Alert.Life.FirstFiredAt);
    }

    [Fact]
    public void The_same_delivery_again_is_a_duplicate_and_changes_nothing()
    {
        var first = Apply(New(10), Closed(20));
        var again = AlertLifecycle.Decide(first.Alert, New(10), At(600));

        Assert.Equal(Verdict.Duplicate, again.Verdict);
        Assert.Equal(first.Alert.Life, again.Alert.Life);
        Assert.Equal(first.Alert.UpdatedAt, again.Alert.UpdatedAt);
    }

    [Fact]
    public void An_update_that_shows_the_incident_active_after_its_close_fires_the_alert_again()
    {
        var decision = Apply(New(10), Closed(20), Updated(30));

        Assert.Equal((AlertStatus.Firing, 2), (decision.Alert.Life.Status, decision.Alert.Life.Episode));
    }

    [Theory]
    [InlineData(true, null, null, AlertStatus.Firing)]
    [InlineData(false, null, null, AlertStatus.Resolved)]
    [InlineData(null, true, "Critical", AlertStatus.Resolved)]
    [InlineData(null, false, "ok", AlertStatus.Firing)]
    [InlineData(null, null, "OK", AlertStatus.Resolved)]
    [InlineData(null, null, "unheard-of", AlertStatus.Firing)]
    [InlineData(null, null, null, AlertStatus.Firing)]
    public void Without_event_types_the_incidents_own_state_decides(bool? active, bool? resolved, string? status, AlertStatus expected)
    {
        var plain = Of(10, active, "critical");
        var decision = Apply(plain with { Incident = plain.Incident with { Resolved = resolved, Status = status } });

        Assert.Equal(expected, decision.Alert.Life.Status);
        Assert.Equal("incident", decision.Timeline[0].Kind);
    }

    [Fact]
    public void Of_several_events_in_one_delivery_the_latest_lifecycle_event_decides()
    {
        var decision = Apply(
            With(30, true, "critical", [new(IncidentEvents.New, At(10)), new(IncidentEvents.Closed, At(20)), new(IncidentEvents.Reopen, At(30))]));

        Assert.Equal(AlertStatus.Firing, decision.Alert.Life.Status);
        Assert.Equal([Verdict.Noted, Verdict.Noted, Verdict.Applied], decision.Timeline.Select(entry => entry.Verdict));
    }

    [Fact]
    public void An_alert_fires_at_the_time_of_the_event_that_fired_it()
    {
        var decision = Apply(With(12, true, "critical", [new(IncidentEvents.New, At(10)), new("incident-tag#upserted", At(12))]));

        Assert.Equal(At(10), decision.Alert.Life.FirstFiredAt);
    }

    [Fact]
    public void A_tie_stays_a_tie_however_many_events_share_the_second()
    {
        var decision = Apply(
            New(10), With(20, true, "critical", [new(IncidentEvents.Reopen, At(20)), new(IncidentEvents.Closed, At(20)), new(IncidentEvents.Closed, At(20))]));

        Assert.Equal(AlertStatus.Firing, decision.Alert.Life.Status);
    }

    [Theory]
    [InlineData(true, AlertStatus.Firing)]
    [InlineData(false, AlertStatus.Resolved)]
    public void Events_of_one_second_leave_it_to_active(bool active, AlertStatus expected)
    {
        var decision = Apply(New(10), Of(20, active, "critical", IncidentEvents.Closed, IncidentEvents.Reopen));

        Assert.Equal(expected, decision.Alert.Life.Status);
    }

    [Fact]
    public void Tags_snoozes_comments_and_unknown_events_are_noted()
    {
        var decision = Apply(New(10), Of(20, true, "critical", "incident-tag#upserted", "incident#snoozed", "incident#commented", "incident#unheard-of"));

        Assert.All(decision.Timeline, entry => Assert.Equal(Verdict.Noted, entry.Verdict));
        Assert.Equal(4, decision.Timeline.Count);
        Assert.Equal(AlertStatus.Firing, decision.Alert.Life.Status);
    }

    [Fact]
    public void An_incident_that_ended_before_it_was_shared_does_not_fire()
    {
        var decision = Apply(Of(10, false, "critical", IncidentEvents.New));

        Assert.Equal(AlertStatus.Resolved, decision.Alert.Life.Status);
    }

    [Fact]
    public void A_time_that_cannot_be_read_is_named_in_the_timeline()
    {
        var reported = New(10);

        TimeError[] errors = [new("changedOn", "so\non", TimeErrorKind.Unreadable), new("updatedOn", "9999-12-31 23:59:59Z", TimeErrorKind.Ahead)];
        var decision = Apply(reported with { Incident = reported.Incident with { ChangedOn = null, TimeErrors = errors } });

        Assert.Equal(
            "the alert fires; changedOn \"so on\" cannot be read as a time and is ignored; "
                + "updatedOn 9999-12-31 23:59:59Z is more than 48 hours ahead and is ignored",
            decision.Timeline[0].Reason);
    }

    [Fact]
    public void Hundreds_of_events_in_one_delivery_fill_one_row_of_the_timeline()
    {
        var decision = Apply(Of(10, true, "critical", [.. Enumerable.Repeat("incident-tag#upserted", 1000)]));

        Assert.Equal(40, decision.Timeline.Count);
        Assert.EndsWith("960 more events of the delivery are not shown", decision.Timeline[^1].Reason, StringComparison.Ordinal);
        Assert.Equal(1, decision.Alert.TimelineLength);
    }

    [Fact]
    public void Every_event_is_remembered_for_its_redelivery()
    {
        var alert = Apply([.. Enumerable.Range(0, 40).Select(i => Updated(i))]).Alert;

        Assert.Equal(16, alert.RecentMessages.Count);
        Assert.Equal(Updated(39).MessageId, alert.RecentMessages[^1]);
    }

    [Fact]
    public void A_source_is_named_once_however_many_deliveries_it_sends()
    {
        var decision = Apply(New(10), Updated(20), Updated(30) with { SourceId = "other" }, Updated(40));

        Assert.Equal(["main", "other"], decision.Alert.Sources);
    }

    [Fact]
    public void The_status_is_as_old_as_its_last_change()
    {
        var resolved = Apply(New(10), Closed(20)).Alert;

        Assert.Equal(At(501), resolved.StatusChangedAt);
        Assert.Equal(At(501), AlertLifecycle.Decide(resolved, Updated(15), At(900)).Alert.StatusChangedAt);
        Assert.Equal(At(900), AlertLifecycle.Decide(resolved, Reopened(30), At(900)).Alert.StatusChangedAt);
    }

    [Theory]
    [InlineData("ok", AlertStatus.Resolved)]
    [InlineData("critical", AlertStatus.Firing)]
    public void Events_of_one_instant_leave_it_to_status_when_nothing_else_is_there(string status, AlertStatus expected)
    {
        var both = Of(20, null, "critical", IncidentEvents.Reopen, IncidentEvents.Closed);

        Assert.Equal(expected, Apply(New(10), both with { Incident = both.Incident with { Status = status } }).Alert.Life.Status);
    }

    [Fact]
    public void An_ordinary_close_says_so()
    {
        Assert.Equal("the alert is resolved: BigPanda closed the incident", Apply(New(10), Closed(20)).Timeline[0].Reason);
        Assert.Equal("details updated", Apply(New(10), Closed(20), Updated(30, active: false)).Timeline[0].Reason);
    }

    [Fact]
    public void An_episode_that_comes_late_into_the_history_of_a_firing_alert_is_no_news()
    {
        var decision = Apply(New(10), Updated(40), Closed(20));
        var late = AlertLifecycle.Decide(decision.Alert, Reopened(30), At(600));

        Assert.Equal((AlertStatus.Firing, 2), (late.Alert.Life.Status, late.Alert.Life.Episode));
        Assert.Equal(Verdict.Applied, decision.Verdict);
        var older = AlertLifecycle.Decide(AlertLifecycle.Decide(late.Alert, Closed(12), At(601)).Alert, Reopened(14), At(602));
        Assert.Equal((Verdict.Stale, 3), (older.Verdict, older.Alert.Life.Episode));
        Assert.StartsWith("older than the update of 2026-11-01 10:00:40Z already applied", older.Timeline[0].Reason, StringComparison.Ordinal);
    }

    /// <summary>Only a delivery creates an alert.</summary>
    public static TheoryData<string, AlertEvent> WithoutAnAlert => new()
    {
        { "ResolveRequested", Resolve(Apply(New(10)).Alert, 12) },
        { "CommentRequested", new CommentRequested(IncidentId, ResolvedVia.Api, "ada", "looking", At(12), "c") },
        { "ActionReported", new ActionReported(IncidentId, "1", Destination.BigPanda, ActionKinds.Close, ActionResult.Closed, 1, "", At(12), "a") },
        { "IncidentObserved", new IncidentObserved(IncidentId, "o", "1", "verification", true, null, null, null, null, At(12)) },
    };

    [Theory]
    [MemberData(nameof(WithoutAnAlert))]
    public void An_event_that_needs_an_alert_is_rejected_without_one(string kind, AlertEvent evt) => Assert.Equal(
        $"Incident {IncidentId} has no alert: {kind} cannot be applied.",
        Assert.Throws<AlertRuleException>(() => AlertLifecycle.Decide(null, evt, At(12))).Message);

    [Fact]
    public void An_unknown_kind_of_event_is_rejected() =>
        Assert.Equal("No rule for Unknown.", Assert.Throws<UnreachableException>(() => AlertLifecycle.Decide(null, new Unknown(), At(12))).Message);

    [Fact]
    public void An_alert_that_was_never_resolved_here_stays_in_sync() =>
        Assert.Equal(DestinationSync.InSync, Apply(New(10), Updated(20), Closed(30), Reopened(40)).Alert.BigPanda);

    [Fact]
    public void Each_decision_adds_one_timeline_row_and_only_changes_update_the_alert()
    {
        var alert = Apply(New(10), Updated(20), Updated(20)).Alert;

        Assert.Equal((3, At(501)), (alert.TimelineLength, alert.UpdatedAt));
    }

    private sealed record Unknown() : AlertEvent("unknown", "unknown");
}
