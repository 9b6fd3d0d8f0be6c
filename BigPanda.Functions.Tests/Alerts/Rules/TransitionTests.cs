using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Tests.Support;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>What each event changed, as the destinations' planners learn of it.</summary>
public sealed class TransitionTests
{
    [Fact]
    public void A_first_delivery_fires_the_alert_and_names_its_source() => Assert.Equal(
        [new Fired(1), new FirstSeenFrom("main", WantsCallback: false, New(10).ReceivedAt)], Apply(New(10)).Transitions);

    [Fact]
    public void A_first_delivery_of_a_closed_incident_resolves_the_alert_without_firing_it() => Assert.Equal(
        [new Resolved(1, ResolvedVia.BigPanda, null), new FirstSeenFrom("main", WantsCallback: false, Closed(10).ReceivedAt)],
        Apply(Closed(10)).Transitions);

    [Fact]
    public void A_later_delivery_changes_the_alert() => Assert.Equal([new Changed()], Apply(New(10), Updated(20)).Transitions);

    [Fact]
    public void A_repeated_delivery_has_none() => Assert.Empty(Apply(New(10), New(10)).Transitions);

    [Fact]
    public void Another_source_is_named_once()
    {
        var other = Updated(20) with { SourceId = "other", WantsCallback = true };

        Assert.Equal([new Changed(), new FirstSeenFrom("other", WantsCallback: true, other.ReceivedAt)], Apply(New(10), other).Transitions);
        Assert.Equal([new Changed()], Apply(New(10), other, Updated(30) with { SourceId = "other" }).Transitions);
    }

    [Fact]
    public void A_reopen_fires_the_alert_again() => Assert.Equal([new Refired(2)], Apply(New(10), Closed(20), Reopened(30)).Transitions);

    [Fact]
    public void A_close_resolves_the_alert() =>
        Assert.Equal([new Changed(), new Resolved(1, ResolvedVia.BigPanda, null)], Apply(New(10), Closed(20)).Transitions);

    [Fact]
    public void A_late_delivery_that_adds_an_earlier_episode_neither_fires_nor_resolves() =>
        Assert.DoesNotContain(Apply(Reopened(40), Closed(20)).Transitions, transition => transition is Refired or Resolved);

    [Fact]
    public void A_resolve_here_resolves_the_alert_and_asks_for_the_close()
    {
        var firing = Apply(New(10)).Alert;

        Assert.Equal([new Resolved(1, ResolvedVia.Api, "ada"), new CloseWanted("1")], Then(firing, Resolve(firing, 12)).Transitions);
    }

    [Fact]
    public void A_comment_is_passed_on_as_it_was_said() => Assert.Equal(
        [new Commented("c", ResolvedVia.Api, "ada", "looking")],
        Then(Apply(New(10)).Alert, new CommentRequested(IncidentId, ResolvedVia.Api, "ada", "looking", At(12), "c")).Transitions);

    [Fact]
    public void A_resolve_of_a_resolved_alert_passes_only_the_comment_on()
    {
        var closed = Apply(New(10), Closed(20)).Alert;

        var decision = Then(closed, Resolve(closed, 30));

        Assert.Equal([new Commented(Resolve(closed, 30).MessageId, ResolvedVia.Api, "ada", "fixed the disk")], decision.Transitions);
    }

    [Fact]
    public void The_closing_webhook_of_our_close_resolves_nothing_again()
    {
        var firing = Apply(New(10)).Alert;

        Assert.Equal([new Changed()], Then(Then(firing, Resolve(firing, 12)).Alert, Closed(20)).Transitions);
    }

    private static Decision Then(Alert alert, AlertEvent evt) => AlertLifecycle.Decide(alert, evt, At(700));
}
