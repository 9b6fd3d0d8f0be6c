using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Tests.Support;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>What people read in the timeline: each event's verdict, its reason and its summary.</summary>
public sealed class TimelineTests
{
    private const string Tag = "incident-tag#upserted";

    [Fact]
    public void An_event_is_recorded_with_its_sender_and_comment()
    {
        var reported = New(10);
        var decision = Apply(reported with { Incident = reported.Incident with { Sender = "grace", Comment = "look" } });

        Assert.Equal(
            [
                new TimelineEntry
                {
                    At = At(500),
                    Kind = "incident#new",
                    Verdict = Verdict.Applied,
                    Reason = "the alert fires",
                    Episode = 1,
                    Actor = "grace",
                    Summary = "BigPanda: Critical, 2026-11-01 10:00:10Z",
                    Comment = "look",
                },
            ],
            decision.Timeline);
    }

    [Theory]
    [InlineData("Critical", true, null, "BigPanda: Critical, 2026-11-01 10:00:10Z")]
    [InlineData("Critical", false, null, "BigPanda: Critical")]
    [InlineData(null, true, null, "BigPanda: no status, 2026-11-01 10:00:10Z")]
    [InlineData("Critical", true, "90 of\n100", "BigPanda: Critical, 2026-11-01 10:00:10Z, quota 90 of 100")]
    public void The_summary_has_the_status_the_time_and_the_quota(string? status, bool hasTime, string? quota, string summary)
    {
        var reported = With(10, true, "critical", [new(IncidentEvents.New, hasTime ? At(10) : null)]);

        Assert.Equal(summary, Apply(reported with { Incident = reported.Incident with { Status = status, Quota = quota } }).Timeline[0].Summary);
    }

    [Fact]
    public void A_long_quota_is_shortened()
    {
        var reported = New(10);

        Assert.EndsWith($", quota {new string('q', 199)}…",
            Apply(reported with { Incident = reported.Incident with { Quota = new string('q', 201) } }).Timeline[0].Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Fractions_of_a_second_are_shown()
    {
        var reported = With(10, true, "critical", [new(IncidentEvents.New, At(10).AddMilliseconds(120))]);

        Assert.EndsWith(", 2026-11-01 10:00:10.12Z", Apply(reported).Timeline[0].Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_repeated_delivery_is_recorded_as_a_duplicate() => Assert.Equal(
        [(Verdict.Duplicate, "this delivery was already applied", 1)],
        Apply(New(10), New(10)).Timeline.Select(entry => (entry.Verdict, entry.Reason, entry.Episode)));

    [Fact]
    public void An_older_delivery_names_the_newer_one_and_says_what_it_filled_in()
    {
        var sparse = Updated(30) with { Incident = new Incident { Id = IncidentId, ChangedOn = At(30), Active = true, Events = Updated(30).Incident.Events } };

        Assert.Equal("older than the update of 2026-11-01 10:00:30Z already applied", Apply(New(10), Updated(30), Updated(20)).Timeline[0].Reason);
        Assert.Equal("older than the update of 2026-11-01 10:00:30Z already applied; it filled in fields that newer updates lack",
            Apply(sparse, Updated(20)).Timeline[0].Reason);
    }

    [Fact]
    public void A_delivery_that_adds_an_earlier_episode_says_so() => Assert.Equal(
        "older than the update of 2026-11-01 10:00:40Z already applied; it belongs to an earlier episode",
        Apply(New(10), Updated(40), Closed(20), Reopened(30), Closed(12), Reopened(14)).Timeline[0].Reason);

    [Fact]
    public void An_older_delivery_names_no_time_when_the_newer_one_has_none()
    {
        var timeless = Of(0, true, "critical", IncidentEvents.Updated);
        timeless = timeless with { Incident = timeless.Incident with { ChangedOn = null, UpdatedOn = null, Events = [] } };
        var alert = Apply(timeless).Alert with { ContentStamp = new Stamp(new Moment(default, default, 9)) };

        Assert.StartsWith("older than what is already applied", AlertLifecycle.Decide(alert, timeless with { Fingerprint = 9 }, At(600)).Timeline[0].Reason,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("incident#new@10 incident#closed@20", "closed", "superseded by a later event of the same delivery",
        "the alert is resolved: BigPanda closed the incident")]
    [InlineData("incident-tag#upserted@20 incident#closed@20", "closed", "recorded; the status does not change",
        "the alert is resolved: BigPanda closed the incident")]
    [InlineData("incident-tag#upserted@20 incident#updated@20", "open", "recorded; the status does not change", "details updated")]
    [InlineData("incident-tag#upserted@20 incident-tag#removed@20", "closed", "the alert is resolved: BigPanda closed the incident",
        "recorded; the status does not change")]
    public void Each_event_of_a_delivery_has_its_own_reason(string events, string state, string first, string second)
    {
        var decision = Apply(New(10), Delivery(20, state == "open", events));

        Assert.Equal([first, second], decision.Timeline.Select(entry => entry.Reason));
    }

    [Fact]
    public void Every_event_of_an_older_delivery_is_stale() => Assert.All(
        Apply(New(10), Updated(30), Delivery(20, true, "incident-tag#upserted@20 incident#updated@20 incident#commented@20")).Timeline,
        entry => Assert.Equal((Verdict.Stale, "older than the update of 2026-11-01 10:00:30Z already applied"), (entry.Verdict, entry.Reason)));

    [Theory]
    [InlineData(null, false, Verdict.Applied, "closed in BigPanda while our close was pending")]
    [InlineData("grace", false, Verdict.Applied, "closed in BigPanda by grace while our close was pending")]
    [InlineData("grace", true, Verdict.Echo, "BigPanda closed the incident at our request")]
    public void A_close_of_an_alert_resolved_here_says_whether_it_is_ours(string? sender, bool isAccepted, Verdict verdict, string reason)
    {
        var alert = ResolvedHere();
        if (isAccepted) alert = AlertLifecycle.Decide(alert, CloseOutcome(alert, ActionResult.Accepted), At(600)).Alert;
        var closed = Closed(20);

        var decision = AlertLifecycle.Decide(alert, closed with { Incident = closed.Incident with { Sender = sender } }, At(700));

        Assert.Equal((verdict, reason), (decision.Timeline[0].Verdict, decision.Timeline[0].Reason));
        Assert.Equal(verdict, decision.Verdict);
    }

    [Fact]
    public void A_reopen_of_an_alert_resolved_here_fires_the_next_episode() =>
        Assert.Equal("the alert fires again, episode 2", AlertLifecycle.Decide(ResolvedHere(), Reopened(30), At(700)).Timeline[0].Reason);

    [Fact]
    public void Our_returning_comment_is_recorded_as_an_echo()
    {
        var alert = AlertLifecycle.Decide(Apply(New(10)).Alert, new CommentRequested(IncidentId, ResolvedVia.Api, "ada", "looking", At(12), "c"), At(12));
        var echo = Of(20, true, "critical", IncidentEvents.Commented, Tag);

        var decision = AlertLifecycle.Decide(alert.Alert, echo with { Incident = echo.Incident with { Comment = alert.Action?.Comment } }, At(30));

        Assert.Equal(
            [(Verdict.Echo, "our own comment, returned by BigPanda"), (Verdict.Noted, "recorded; the status does not change")],
            decision.Timeline.Select(entry => (entry.Verdict, entry.Reason)));
    }

    [Theory]
    [InlineData("grace", "incident#updated", "the alert fires; no incident#new, as in a manual share; sender grace")]
    [InlineData("gr\nace", "", "the alert fires; no incident#new, as in a manual share; sender gr ace")]
    [InlineData("grace", "incident#new", "the alert fires")]
    [InlineData(" ", "incident#updated", "the alert fires")]
    [InlineData(null, "incident#updated", "the alert fires")]
    public void The_first_delivery_of_a_manually_shared_incident_names_the_sender(string? sender, string events, string reason)
    {
        var reported = Delivery(10, true, events);
        reported = reported with { Incident = reported.Incident with { Sender = sender } };

        Assert.Equal(reason, Apply(reported).Timeline[0].Reason);
        Assert.Equal("details updated",
            Apply(New(5), reported with { Incident = reported.Incident with { Events = Updated(10).Incident.Events } }).Timeline[0].Reason);
    }

    [Fact]
    public void A_shared_incident_that_is_closed_names_no_sender()
    {
        var closed = Closed(10);

        Assert.Equal("the alert is resolved: BigPanda closed the incident",
            Apply(closed with { Incident = closed.Incident with { Sender = "grace" } }).Timeline[0].Reason);
    }

    [Fact]
    public void A_one_time_share_says_that_no_close_will_come()
    {
        var once = New(10) with { IsOneTime = true };

        Assert.Equal(
            "the alert fires; BigPanda sends no updates and no close for it (forceOneTime): the reconciler ends the alert", Apply(once).Timeline[0].Reason);
        Assert.Equal("details updated", Apply(once, Updated(20) with { IsOneTime = true }).Timeline[0].Reason);
        Assert.Equal("the alert is resolved: BigPanda closed the incident", Apply(Closed(10) with { IsOneTime = true }).Timeline[0].Reason);
    }

    [Fact]
    public void A_row_holds_40_events_and_counts_the_rest()
    {
        var full = Apply(New(5), Of(10, true, "critical", [.. Enumerable.Repeat(Tag, 40)])).Timeline;
        var over = Apply(New(5), Of(10, true, "critical", [.. Enumerable.Repeat(Tag, 42)])).Timeline;

        Assert.Equal((40, "recorded; the status does not change"), (full.Count, full[^1].Reason));
        Assert.Equal((40, "recorded; the status does not change; 2 more events of the delivery are not shown"), (over.Count, over[^1].Reason));
    }

    [Fact]
    public void A_resolve_that_comes_too_late_says_why_and_that_its_comment_is_sent()
    {
        var seen = Apply(New(10)).Alert;
        var closed = AlertLifecycle.Decide(seen, Closed(20), At(600)).Alert;
        var again = AlertLifecycle.Decide(closed, Reopened(30), At(601)).Alert;
        var request = Resolve(seen, 12);

        Assert.Equal("the alert has fired again since, episode 2; the comment is sent to BigPanda",
            AlertLifecycle.Decide(again, request, At(700)).Timeline[0].Reason);
        Assert.Equal("the alert is already resolved; the comment is sent to BigPanda", AlertLifecycle.Decide(closed, request, At(700)).Timeline[0].Reason);
        Assert.Equal("the alert is already resolved", AlertLifecycle.Decide(closed, request with { Comment = null }, At(700)).Timeline[0].Reason);
    }

    [Fact]
    public void A_resolve_is_recorded_with_its_author_and_channel()
    {
        var alert = Apply(New(10)).Alert;
        var entry = AlertLifecycle.Decide(alert, Resolve(alert, 12), At(13)).Timeline;

        Assert.Equal(
            [
                new TimelineEntry
                {
                    At = At(13),
                    Kind = "resolve",
                    Verdict = Verdict.Applied,
                    Reason = "the alert is resolved; the incident is being closed",
                    Episode = 1,
                    Actor = "ada",
                    Summary = "resolved through api",
                    Comment = "fixed the disk",
                },
            ],
            entry);
    }

    [Fact]
    public void A_comment_is_recorded_with_its_author_and_channel()
    {
        var decision = AlertLifecycle.Decide(Apply(New(10)).Alert, new CommentRequested(IncidentId, ResolvedVia.Api, "ada", "looking", At(12), "c"), At(13));

        Assert.Equal(
            [
                new TimelineEntry
                {
                    At = At(13),
                    Kind = "comment",
                    Verdict = Verdict.Noted,
                    Reason = "recorded; the comment is sent to BigPanda",
                    Episode = 1,
                    Actor = "ada",
                    Summary = "commented through api",
                    Comment = "looking",
                },
            ],
            decision.Timeline);
        Assert.Equal(Verdict.Noted, decision.Verdict);
    }

    private static Alert ResolvedHere()
    {
        var firing = Apply(New(10)).Alert;
        return AlertLifecycle.Decide(firing, Resolve(firing, 12), At(550)).Alert;
    }

    /// <param name="events">Names, with "@second" for one whose time is another.</param>
    private static IncidentReported Delivery(long second, bool active, string events) => With(
        second, active, "critical",
        [.. events.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('@')).Select(parts => new IncidentEvent(
            parts[0], At(parts is [_, var time] ? long.Parse(time, System.Globalization.CultureInfo.InvariantCulture) : second)))]);
}
