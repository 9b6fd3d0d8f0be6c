using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>A destination that is off costs nothing; one in shadow mode shows what would be sent.</summary>
public sealed class DestinationModeTests
{
    private static readonly CommentRequested Comment = new(IncidentId, ResolvedVia.Api, "ada", "looking", At(12), "c");

    [Theory]
    [InlineData(DestinationMode.Off, 0)]
    [InlineData(DestinationMode.Shadow, 0)]
    [InlineData(DestinationMode.On, 1)]
    public void Only_a_destination_that_is_on_gets_actions(DestinationMode mode, int count)
    {
        var firing = Fire(mode, wantsCallback: true);

        Assert.Equal(count, firing.Actions.Count);
        Assert.Equal(count, Then(mode, firing, Resolve(firing.Decision.Alert, 12)).Actions.Count);
        Assert.Equal(count, Then(mode, firing, Comment).Actions.Count);
    }

    [Theory]
    [InlineData(DestinationMode.Off, false)]
    [InlineData(DestinationMode.Shadow, true)]
    [InlineData(DestinationMode.On, false)]
    public void Shadow_mode_shows_what_would_be_sent(DestinationMode mode, bool shows)
    {
        var firing = Fire(mode, wantsCallback: true);
        string[] reasons =
        [
            .. Shadows(firing), .. Shadows(Then(mode, firing, Resolve(firing.Decision.Alert, 12))), .. Shadows(Then(mode, firing, Comment)),
        ];

        string[] expected =
        [
            "would call BigPanda's callback service for the source main",
            "would close the incident in BigPanda with the comment “Resolved by ada through the alert bridge (api): fixed the disk”",
            "would add the comment “ada through the alert bridge (api): looking” in BigPanda",
        ];
        Assert.Equal(shows ? expected : [], reasons);
    }

    [Theory]
    [InlineData(DestinationMode.Off)]
    [InlineData(DestinationMode.Shadow)]
    public void A_resolve_that_is_not_sent_leaves_the_alert_resolved_and_in_sync(DestinationMode mode)
    {
        var firing = Fire(mode);
        var resolved = Then(mode, firing, Resolve(firing.Decision.Alert, 12));

        var alert = resolved.Decision.Alert;
        Assert.Equal((AlertStatus.Resolved, SyncState.InSync, true), (alert.Life.Status, alert.BigPanda.State, alert.Life.AwaitsClose));
        Assert.Equal("the alert is resolved; nothing is sent to BigPanda", resolved.Decision.Timeline[0].Reason);
        Assert.Empty(alert.Expected);
        Assert.Null(alert.CloseOverdueAt);
    }

    [Theory]
    [InlineData(DestinationMode.Off)]
    [InlineData(DestinationMode.Shadow)]
    public void After_it_updates_do_not_fire_and_no_close_is_planned_again(DestinationMode mode)
    {
        var resolved = ResolveIn(mode);
        var updated = Then(mode, resolved, Updated(20));

        Assert.Equal(AlertStatus.Resolved, updated.Decision.Alert.Life.Status);
        Assert.Equal([new Changed()], updated.Decision.Transitions);
        Assert.Equal("details updated; the alert stays resolved, nothing is sent to BigPanda", updated.Decision.Timeline[0].Reason);
    }

    [Theory]
    [InlineData(DestinationMode.Off)]
    [InlineData(DestinationMode.Shadow)]
    public void After_it_a_reopen_fires_and_a_closing_webhook_is_another_person_s(DestinationMode mode)
    {
        var resolved = ResolveIn(mode);
        var closed = Then(mode, resolved, Closed(20)).Decision;

        Assert.Equal((Verdict.Applied, "closed in BigPanda"), (closed.Verdict, closed.Timeline[0].Reason));
        Assert.Equal((AlertStatus.Resolved, false), (closed.Alert.Life.Status, closed.Alert.Life.AwaitsClose));
        Assert.Null(closed.Alert.Resolve);
        Assert.Equal(2, Then(mode, resolved, Reopened(20)).Decision.Alert.Life.Episode);
    }

    [Theory]
    [InlineData(DestinationMode.Off)]
    [InlineData(DestinationMode.Shadow)]
    public void An_incident_that_gets_worse_fires_at_once_because_no_close_can_be_waited_for(DestinationMode mode)
    {
        var firing = Fire(mode);
        var resolved = Then(mode, firing, Resolve(firing.Decision.Alert, 12));

        var worse = Then(mode, resolved, Updated(20, "disaster")).Decision;

        Assert.Equal((AlertStatus.Firing, 2), (worse.Alert.Life.Status, worse.Alert.Life.Episode));
        Assert.Equal(
            "the alert fires again, episode 2: nothing is sent to BigPanda, and the incident is worse than what was resolved: disaster instead of critical",
            worse.Timeline[^1].Reason);
    }

    [Fact]
    public void A_second_resolve_in_shadow_mode_passes_its_comment_on_and_plans_no_second_close()
    {
        var resolved = ResolveIn(DestinationMode.Shadow);

        var again = Then(DestinationMode.Shadow, resolved, Resolve(resolved.Decision.Alert, 14, "grace"));

        Assert.Equal(Verdict.Duplicate, again.Decision.Verdict);
        Assert.IsType<Commented>(Assert.Single(again.Decision.Transitions));
    }

    [Fact]
    public void A_resolve_made_before_the_mode_was_on_is_closed_by_the_next_resolve()
    {
        var resolved = ResolveIn(DestinationMode.Off);

        var again = Then(DestinationMode.On, resolved, Resolve(resolved.Decision.Alert, 14, "grace"));

        Assert.Equal(SyncState.Closing, again.Decision.Alert.BigPanda.State);
        Assert.Equal("close", Assert.Single(again.Actions).Kind);
    }

    [Fact]
    public void A_close_that_was_lost_is_not_sent_again_once_the_mode_is_off()
    {
        var closing = ResolveIn(DestinationMode.On);
        var open = new IncidentObserved(IncidentId, "o", "1", "verification", IsActive: true, At(10), null, null, null, At(40));

        var observed = Then(DestinationMode.Off, closing, open);

        Assert.Empty(observed.Actions);
        Assert.Equal(SyncState.InSync, observed.Decision.Alert.BigPanda.State);
        Assert.Equal("the incident is still open; nothing is sent to BigPanda", observed.Decision.Timeline[0].Reason);
    }

    private static IEnumerable<string> Shadows(PlannedDecision planned) =>
        planned.Decision.Timeline.Where(entry => entry is { Kind: "shadow", Verdict: Verdict.Noted }).Select(entry => entry.Reason);

    private static PlannedDecision Fire(DestinationMode mode, bool wantsCallback = false) => Then(mode, null, New(10) with { WantsCallback = wantsCallback });

    private static PlannedDecision ResolveIn(DestinationMode mode)
    {
        var firing = Fire(mode);
        return Then(mode, firing, Resolve(firing.Decision.Alert, 12));
    }

    private static PlannedDecision Then(DestinationMode mode, PlannedDecision? before, AlertEvent evt)
    {
        var policy = new AlertPolicy { BigPanda = mode };
        return PlannedDecision.Of(AlertLifecycle.Decide(before?.Decision.Alert, evt, policy, At(700)), [new BigPandaPlanner()], policy, At(700));
    }
}
