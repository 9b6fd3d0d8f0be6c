using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Tests.Support;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>A close that fails, of an incident that becomes worse than the state its resolver saw: a warning with one alert.</summary>
public sealed class WorsenedTests
{
    private const string Worse = "and the incident is worse than what was resolved";

    [Theory]
    [InlineData(ActionResult.Failed, "the close failed (500 InternalServerError)")]
    [InlineData(ActionResult.Parked, "the close is parked (500 InternalServerError)")]
    public void It_fires_as_the_next_episode_whichever_comes_first_and_says_why(ActionResult result, string why)
    {
        var alert = Resolved();
        var failed = CloseOutcome(alert, result);
        var failedFirst = Then(Then(alert, failed).Alert, Incident(20, "critical", "disk"));
        var worseFirst = Then(Then(alert, Incident(20, "critical", "disk")).Alert, failed);

        Assert.Equal(failedFirst.Alert.Life, worseFirst.Alert.Life);
        Assert.Equal((AlertStatus.Firing, 2, At(20)), (failedFirst.Alert.Life.Status, failedFirst.Alert.Life.Episode, failedFirst.Alert.Life.LastFiredAt));
        Assert.Equal((SyncState.InSync, SyncState.InSync), (failedFirst.Alert.BigPanda.State, worseFirst.Alert.BigPanda.State));
        foreach (var decision in new[] { failedFirst, worseFirst })
        {
            Assert.Equal(Verdict.Applied, decision.Verdict);
            Assert.Equal("worsened", decision.Timeline[^1].Kind);
            Assert.Equal($"the alert fires again, episode 2: {why}, {Worse}: critical instead of warning", decision.Timeline[^1].Reason);
        }

        Assert.Equal("the alert has fired again, episode 2", worseFirst.Alert.FindCloseObjection("1"));
    }

    [Theory]
    [InlineData("warning", "disk", null)]
    [InlineData("unknown", "disk", null)]
    [InlineData("warning", "disk2=ok", null)]
    [InlineData("warning", "disk2", "a new alert")]
    [InlineData("warning", "disk2 disk3", "2 new alerts")]
    [InlineData("critical", "disk disk2", "critical instead of warning, a new alert")]
    [InlineData("disaster", "disk", "disaster instead of warning")]
    public void Worse_is_a_higher_severity_or_an_alert_that_was_not_there(string severity, string alerts, string? worse)
    {
        var alert = Resolved();
        var decision = Then(Then(alert, CloseOutcome(alert, ActionResult.Failed)).Alert, Incident(20, severity, alerts));

        Assert.Equal(worse is null ? AlertStatus.Resolved : AlertStatus.Firing, decision.Alert.Life.Status);
        if (worse is not null) Assert.EndsWith($": {worse}", decision.Timeline[^1].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(14, AlertStatus.Resolved)]
    [InlineData(15, AlertStatus.Firing)]
    public void A_close_that_has_been_under_way_for_15_minutes_is_not_waited_for_any_longer(int minutes, AlertStatus expected)
    {
        var decision = AlertLifecycle.Decide(Resolved(), Incident(20, "critical", "disk"), At(700).AddMinutes(minutes));

        Assert.Equal(expected, decision.Alert.Life.Status);
        Assert.Equal(expected == AlertStatus.Firing, decision.Timeline[^1].Reason.Contains("the close has been pending for 15 min", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(14, AlertStatus.Resolved)]
    [InlineData(15, AlertStatus.Firing)]
    public void A_close_that_is_not_retried_within_15_minutes_is_not_waited_for_either(int minutes, AlertStatus expected)
    {
        var alert = Resolved();
        var retrying = CloseOutcome(alert, ActionResult.Retrying) with { NextAttemptAt = At(700).AddMinutes(minutes) };

        Assert.Equal(expected, Then(Then(alert, retrying).Alert, Incident(20, "critical", "disk")).Alert.Life.Status);
    }

    [Fact]
    public void After_15_minutes_it_fires_though_nothing_else_comes()
    {
        var worse = Then(Resolved(), Incident(20, "critical", "disk")).Alert;
        var overdue = Overdue(worse);
        var decision = AlertLifecycle.Decide(worse, overdue, overdue.DueAt);

        Assert.Equal(worse.Resolve?.AskedAt + TimeSpan.FromMinutes(15), overdue.DueAt);
        Assert.Equal((AlertStatus.Firing, 2, At(20)), (decision.Alert.Life.Status, decision.Alert.Life.Episode, decision.Alert.Life.LastFiredAt));
        Assert.Equal(["close", "worsened"], decision.Timeline.Select(entry => entry.Kind));
        Assert.Contains($"the close has been pending for 15 minutes, {Worse}", decision.Timeline[1].Reason, StringComparison.Ordinal);
        Assert.Null(decision.Alert.CloseOverdueAt);
    }

    [Fact]
    public void The_brokers_clock_says_when_that_is_however_far_ours_is_behind()
    {
        var worse = Then(Resolved(), Incident(20, "critical", "disk")).Alert;
        var decision = AlertLifecycle.Decide(worse, Overdue(worse), At(700));

        Assert.Equal(AlertStatus.Firing, decision.Alert.Life.Status);
        Assert.All(decision.Timeline, entry => Assert.Equal(At(700), entry.At));
    }

    [Fact]
    public void It_is_asked_only_about_a_close_under_way_of_what_is_worse()
    {
        var worse = Then(Resolved(), Incident(20, "critical", "disk")).Alert;
        Alert[] others =
        [
            Apply(Incident(10, "warning", "disk")).Alert,
            Resolved(),
            Then(Resolved(), Incident(20, "warning", "disk")).Alert,
            Then(worse, Resolve(worse, 22, "grace")).Alert,
            Then(worse, Incident(30, "warning", "disk")).Alert,
            Then(worse, CloseOutcome(worse, ActionResult.Failed)).Alert,
            Then(worse, CloseOutcome(worse, ActionResult.Closed)).Alert,
        ];

        Assert.All(others, other => Assert.Null(other.CloseOverdueAt));
        Assert.NotNull(Then(worse, Incident(40, "critical", "disk disk2")).Alert.CloseOverdueAt);
    }

    [Fact]
    public void Asked_about_a_close_that_is_settled_accepted_or_replaced_it_changes_nothing()
    {
        var worse = Then(Resolved(), Incident(20, "critical", "disk")).Alert;
        var overdue = Overdue(worse);
        var closed = Then(worse, CloseOutcome(worse, ActionResult.Closed)).Alert;
        var accepted = Then(worse, Resolve(worse, 22, "grace")).Alert;
        var failed = Then(accepted, CloseOutcome(accepted, ActionResult.Failed)).Alert;
        var replaced = AlertLifecycle.Decide(failed, Resolve(failed, 900), At(900)).Alert;

        foreach (var (alert, verdict) in new[] { (closed, Verdict.Stale), (accepted, Verdict.Noted), (replaced, Verdict.Stale) })
        {
            var decision = AlertLifecycle.Decide(alert, overdue, overdue.DueAt);
            Assert.Equal((verdict, alert.Life, alert.BigPanda), (decision.Verdict, decision.Alert.Life, decision.Alert.BigPanda));
            Assert.Null(decision.Action);
        }
    }

    [Fact]
    public void What_got_better_again_before_the_failure_does_not_fire()
    {
        var alert = Then(Then(Resolved(), Incident(20, "critical", "disk")).Alert, Incident(30, "warning", "disk")).Alert;

        Assert.Equal(AlertStatus.Resolved, Then(alert, CloseOutcome(alert, ActionResult.Failed)).Alert.Life.Status);
    }

    [Fact]
    public void It_fires_at_the_first_delivery_that_was_worse_in_whatever_order_they_come()
    {
        var alert = Then(Then(Resolved(), Incident(30, "critical", "disk disk2")).Alert, Incident(20, "critical", "disk")).Alert;

        Assert.Equal(At(20), Then(alert, CloseOutcome(alert, ActionResult.Failed)).Alert.Life.LastFiredAt);
    }

    [Fact]
    public void What_the_resolver_saw_does_not_count_even_when_it_is_applied_before_the_request()
    {
        var seen = Apply(Incident(10, "warning", "disk")).Alert;
        var request = Resolve(seen, 12);
        var worse = Then(seen, Incident(20, "critical", "disk")).Alert;
        var resolved = Then(worse, request).Alert;

        var failed = Then(resolved, CloseOutcome(resolved, ActionResult.Failed)).Alert;
        Assert.Equal((AlertStatus.Firing, At(20)), (failed.Life.Status, failed.Life.LastFiredAt));

        var seenWorse = Then(worse, Resolve(worse, 12)).Alert;
        Assert.Equal(AlertStatus.Resolved, Then(seenWorse, CloseOutcome(seenWorse, ActionResult.Failed)).Alert.Life.Status);
    }

    [Fact]
    public void A_second_resolver_who_saw_it_worse_accepts_it()
    {
        var worse = Then(Resolved(), Incident(20, "critical", "disk")).Alert;
        var accepted = Then(worse, Resolve(worse, 22, "grace")).Alert;

        Assert.Equal(AlertStatus.Resolved, Then(accepted, CloseOutcome(accepted, ActionResult.Failed)).Alert.Life.Status);
    }

    [Fact]
    public void It_can_be_resolved_again_and_is_closed_under_a_new_id()
    {
        var failed = Then(Resolved(), CloseOutcome(Resolved(), ActionResult.Failed)).Alert;
        var firing = Then(failed, Incident(20, "critical", "disk")).Alert;
        var again = Then(firing, Resolve(firing, 30));

        Assert.Equal(("2", SyncState.Closing, AlertStatus.Resolved), (again.Action?.ActionId, again.Alert.BigPanda.State, again.Alert.Life.Status));
        Assert.Equal(AlertStatus.Resolved, Then(again.Alert, Incident(20, "critical", "disk late")).Alert.Life.Status);
    }

    [Fact]
    public void An_open_incident_that_is_worse_fires_instead_of_being_closed_again()
    {
        var worse = Then(Resolved(), Incident(20, "critical", "disk")).Alert;
        var open = new IncidentObserved(IncidentId, "observed-1", "1", "verification", true, At(20), null, null, null, At(2000));

        var decision = AlertLifecycle.Decide(worse, open, At(2000));

        Assert.Equal((AlertStatus.Firing, null), (decision.Alert.Life.Status, decision.Action));
        Assert.Equal("the incident is still open", decision.Timeline[0].Reason);
    }

    [Fact]
    public void The_worsened_fact_is_placed_right_behind_the_worse_delivery_and_recorded_separately()
    {
        var alert = Then(Resolved(), Incident(20, "critical", "disk")).Alert;
        var decision = Then(alert, CloseOutcome(alert, ActionResult.Failed));

        Assert.Equal(new Mark(new Stamp(Moment.Of(At(20)).Next()), MarkKind.Worsened, At(20)), decision.Alert.History.Marks[^1]);
        Assert.Equal(["close", "worsened"], decision.Timeline.Select(entry => entry.Kind));
        Assert.Equal((At(700), Verdict.Applied, 2, null),
            (decision.Timeline[1].At, decision.Timeline[1].Verdict, decision.Timeline[1].Episode, decision.Timeline[1].Summary));
    }

    [Fact]
    public void If_the_worse_delivery_has_no_time_the_alert_fires_at_its_receipt()
    {
        var alert = Resolved();
        var since = new Stamp(default(Moment).Next()) { ReceivedAt = At(40) };
        alert = alert with { Resolve = new PendingResolve { AskedAt = alert.Resolve?.AskedAt, WorseSince = since, SeenGravity = new Gravity(null, []) } };

        Assert.Equal(At(40), Then(alert, CloseOutcome(alert, ActionResult.Failed)).Alert.History.Marks.Single(mark => mark.Kind == MarkKind.Worsened).At);
    }

    [Fact]
    public void A_worse_delivery_does_not_stop_a_close_that_is_under_way()
    {
        var decision = Then(Resolved(), Incident(20, "critical", "disk"));

        Assert.Equal((Verdict.Applied, 1, SyncState.Closing), (decision.Verdict, decision.Timeline.Count, decision.Alert.BigPanda.State));
    }

    private static Alert Resolved()
    {
        var firing = Apply(Incident(10, "warning", "disk")).Alert;
        return Then(firing, Resolve(firing, 12)).Alert;
    }

    /// <param name="alerts">Ids, with "=ok" for a resolved one.</param>
    private static IncidentReported Incident(long second, string severity, string alerts)
    {
        var reported = Updated(second, severity);
        return reported with
        {
            Fingerprint = Fingerprint($"{second} {severity} {alerts}"),
            Incident = reported.Incident with
            {
                Status = "Warning",
                Alerts = [.. alerts.Split(' ').Select(Alert)],
            },
        };
    }

    private static IncidentAlert Alert(string text) =>
        text.Split('=') is [var id, var status] ? new() { Id = id, Status = status } : new() { Id = text, Status = "Critical" };

    private static CloseOverdue Overdue(Alert alert) =>
        new(
            IncidentId, alert.Resolve?.AskedAt ?? default,
            alert.CloseOverdueAt ?? throw new InvalidOperationException("The close is not waited for."), "overdue");

    private static Decision Then(Alert alert, AlertEvent evt) => AlertLifecycle.Decide(alert, evt, At(700));
}
