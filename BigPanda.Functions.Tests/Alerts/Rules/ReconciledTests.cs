using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>What the reconciler reads of an incident, by BigPanda's times, applied to an alert whose webhook was lost.</summary>
public sealed class ReconciledTests
{
    private static readonly AlertPolicy Policy = new();

    [Theory]
    [InlineData(30L, 32L, 30L)]
    [InlineData(null, 32L, 32L)]
    public void A_lost_close_resolves_the_alert_at_BigPandas_time(long? resolvedAt, long? changedAt, long expected)
    {
        var firing = Apply(New(10)).Alert;

        var decision = Then(firing, Closed(firing, resolvedAt, changedAt));

        Assert.Equal((Verdict.Applied, AlertStatus.Resolved), (decision.Verdict, decision.Alert.Life.Status));
        Assert.Equal((At(expected), "reconciler", "grace"), (decision.Alert.Life.ResolvedAt, decision.Alert.Life.ResolvedVia, decision.Alert.Life.ResolvedBy));
        Assert.IsType<Resolved>(Assert.Single(decision.Transitions));
    }

    [Fact]
    public void A_close_without_a_usable_time_comes_right_behind_what_was_known()
    {
        var firing = Apply(New(10)).Alert;

        var decision = Then(firing, Closed(firing, null, 10));

        Assert.Equal(AlertStatus.Resolved, decision.Alert.Life.Status);
        Assert.Equal(AlertStatus.Firing, Then(decision.Alert, Reopened(11)).Alert.Life.Status);
    }

    [Fact]
    public void The_webhook_of_the_close_that_still_comes_changes_nothing()
    {
        var firing = Apply(New(10)).Alert;
        var resolved = Then(firing, Closed(firing, 30, 30)).Alert;

        var late = Then(resolved, ClosedByWebhook(30)).Alert;

        Assert.Equal((AlertStatus.Resolved, 1, "reconciler"), (late.Life.Status, late.Life.Episode, late.Life.ResolvedVia));
    }

    [Fact]
    public void A_reopen_that_came_while_the_reading_waited_in_the_queue_keeps_the_alert_firing()
    {
        var firing = Apply(New(10)).Alert;
        var observed = Closed(firing, 30, 30);
        var reopened = Then(firing, Reopened(40)).Alert;

        var decision = Then(reopened, observed);

        Assert.Equal((Verdict.Stale, AlertStatus.Firing), (decision.Verdict, decision.Alert.Life.Status));
    }

    [Fact]
    public void A_lost_reopen_fires_the_alert_again()
    {
        var resolved = Apply(New(10), ClosedByWebhook(20)).Alert;

        var decision = Then(resolved, Active(resolved, reopenedAt: 30));

        Assert.Equal((Verdict.Applied, AlertStatus.Firing, 2), (decision.Verdict, decision.Alert.Life.Status, decision.Alert.Life.Episode));
        Assert.Equal(At(30), decision.Alert.Life.LastFiredAt);
        Assert.Equal(2, Then(decision.Alert, Reopened(30)).Alert.Life.Episode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(15L)]
    public void Without_a_reopen_newer_than_the_close_the_alert_stays_resolved(long? reopenedAt)
    {
        var resolved = Apply(New(10), ClosedByWebhook(20)).Alert;

        var decision = Then(resolved, Active(resolved, reopenedAt));

        Assert.Equal((Verdict.Stale, AlertStatus.Resolved, 1), (decision.Verdict, decision.Alert.Life.Status, decision.Alert.Life.Episode));
    }

    /// <summary>BigPanda's activities have the time of the event, which may be behind the incident's last change.</summary>
    [Fact]
    public void A_reopen_that_its_resolver_had_seen_does_not_fire_the_alert_again()
    {
        var reopened = Apply(New(10), ClosedByWebhook(20), With(30, true, "critical", [new IncidentEvent(IncidentEvents.Reopen, At(31))])).Alert;
        var resolved = Then(reopened, Resolve(reopened, 40)).Alert;
        var parked = Then(resolved, CloseOutcome(resolved, ActionResult.Parked)).Alert;

        var decision = Then(parked, Active(parked, reopenedAt: 31));

        Assert.Equal((Verdict.Stale, AlertStatus.Resolved, 2), (decision.Verdict, decision.Alert.Life.Status, decision.Alert.Life.Episode));
    }

    [Fact]
    public void An_incident_that_is_gone_ends_the_alert_and_says_why()
    {
        var firing = Apply(New(10)).Alert;

        var decision = Then(firing, Closed(firing, null, null) with { Gone = "it was deleted" });

        Assert.Equal((AlertStatus.Resolved, "it was deleted"), (decision.Alert.Life.Status, decision.Timeline[0].Reason));
        Assert.Equal("BigPanda's API does not know the incident", decision.Timeline[0].Summary);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_pending_close_is_left_to_its_verification(bool isActive)
    {
        var firing = Apply(New(10)).Alert;
        var closing = Then(firing, Resolve(firing, 12)).Alert;

        var decision = Then(closing, isActive ? Active(closing, 30) : Closed(closing, 30, 30));

        Assert.Equal((Verdict.Stale, SyncState.Closing), (decision.Verdict, decision.Alert.BigPanda.State));
    }

    private static IncidentReported ClosedByWebhook(long second) => Support.Deliveries.Closed(second);

    private static IncidentObserved Closed(Alert alert, long? resolvedAt, long? changedAt) =>
        Observed(alert, false) with { ResolvedAt = Time(resolvedAt), ChangedAt = Time(changedAt), ResolvedBy = "grace" };

    private static IncidentObserved Active(Alert alert, long? reopenedAt) => Observed(alert, true) with { ReopenedAt = Time(reopenedAt) };

    private static IncidentObserved Observed(Alert alert, bool isActive) =>
        new(alert.IncidentId, "reconciled-1", null, "reconciler", isActive, null, null, null, null, At(100_000)) { Seen = alert.Seen };

    private static Decision Then(Alert alert, AlertEvent evt) => AlertLifecycle.Decide(alert, evt, Policy, At(700));

    private static DateTimeOffset? Time(long? second) => second is { } at ? At(at) : null;
}
