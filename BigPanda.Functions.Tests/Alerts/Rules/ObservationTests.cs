using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>What BigPanda shows after it has accepted a close. The alert fired at second 10 and was then resolved here.</summary>
public sealed class ObservationTests
{
    [Theory]
    [InlineData(25L, null)]
    [InlineData(null, 25L)]
    [InlineData(null, null)]
    public void An_incident_that_is_inactive_is_closed(long? resolvedAt, long? changedAt)
    {
        var decision = Then(Closing(), Seen(false, changedAt, resolvedAt: resolvedAt));

        Assert.Equal((Verdict.Applied, SyncState.InSync, AlertStatus.Resolved), (decision.Verdict, decision.Alert.BigPanda.State, decision.Alert.Life.Status));
        Assert.Equal("ada", decision.Alert.Life.ResolvedBy);
        Assert.Equal("BigPanda's API shows the incident as closed", decision.Timeline[0].Reason);
    }

    [Fact]
    public void An_update_from_before_the_close_does_not_fire_the_alert_again_and_one_from_after_it_does()
    {
        var closed = Then(Closing(), Seen(false, 25)).Alert;

        Assert.Equal(AlertStatus.Resolved, Then(closed, Updated(20)).Alert.Life.Status);
        Assert.Equal(AlertStatus.Firing, Then(closed, Updated(30)).Alert.Life.Status);
    }

    [Fact]
    public void A_reopen_that_the_resolver_had_not_seen_fires_the_alert_again_at_BigPandas_time()
    {
        var decision = Then(Closing(), Seen(true, 40, reopenedAt: 30));

        Assert.Equal((Verdict.Applied, AlertStatus.Firing, 2), (decision.Verdict, decision.Alert.Life.Status, decision.Alert.Life.Episode));
        Assert.Equal(At(30), decision.Alert.Life.LastFiredAt);
        Assert.Equal(SyncState.InSync, decision.Alert.BigPanda.State);
        Assert.Null(decision.Action);
        Assert.Equal("the alert fires again, episode 2: reopened in BigPanda by monitoring at 2026-11-01 10:00:30Z", decision.Timeline[0].Reason);
    }

    [Fact]
    public void Resolving_a_resolved_alert_again_does_not_count_as_having_seen_a_later_reopen()
    {
        var updated = Then(Closing(), Updated(40)).Alert;
        var again = Then(updated, Resolve(updated, 50, "grace")).Alert;

        Assert.Equal(AlertStatus.Firing, Then(again, Seen(true, 40, reopenedAt: 30)).Alert.Life.Status);
        Assert.Equal((AlertStatus.Firing, 2), Then(again, Reopened(30)).Alert.Life is var life ? (life.Status, life.Episode) : default);
    }

    [Fact]
    public void The_webhook_of_an_observed_reopen_does_not_fire_the_alert_again()
    {
        var decision = Then(Then(Closing(), Seen(true, 40, reopenedAt: 30)).Alert, Reopened(30));

        Assert.Equal((AlertStatus.Firing, 2), (decision.Alert.Life.Status, decision.Alert.Life.Episode));
    }

    [Fact]
    public void An_incident_that_is_still_open_is_closed_again_under_another_id_that_counts_on()
    {
        var closing = Closing(attempts: 3);
        var decision = Then(closing, Seen(true, 40, reopenedAt: 10));

        var close = Assert.IsType<CloseIncidentAction>(decision.Action);
        Assert.Equal(("1.1", 3, "Resolved by ada through the alert bridge (api): fixed the disk"), (close.ActionId, close.AttemptsBefore, close.Comment));
        Assert.Equal(("1.1", SyncState.Closing), (decision.Alert.BigPanda.ActionId, decision.Alert.BigPanda.State));
    }

    [Fact]
    public void After_as_many_attempts_as_there_are_the_close_has_failed()
    {
        var decision = Then(Closing(attempts: 14), Seen(true, 40));

        Assert.Equal((SyncState.Failed, null), (decision.Alert.BigPanda.State, decision.Action));
        Assert.Equal("BigPanda accepted the close 14 times, but the incident is still open", decision.Alert.BigPanda.LastError);
    }

    [Fact]
    public void A_resolve_without_a_reopen_behind_it_on_an_active_incident_cannot_be_explained_and_fires_the_alert()
    {
        var decision = Then(Closing(), Seen(true, 40, resolvedAt: 25));

        Assert.Equal((AlertStatus.Firing, 2, null), (decision.Alert.Life.Status, decision.Alert.Life.Episode, decision.Action));
        const string Why = "BigPanda resolved the incident at 2026-11-01 10:00:25Z and shows it as active with no reopen";
        Assert.Equal($"the alert fires again, episode 2: {Why}", decision.Timeline[0].Reason);
    }

    [Theory]
    [InlineData(25L, null, 25L)]
    [InlineData(null, 25L, 25L)]
    [InlineData(20L, 25L, 20L)]
    [InlineData(10L, 25L, 25L)]
    [InlineData(5L, 25L, 25L)]
    [InlineData(10L, 10L, null)]
    [InlineData(null, 9L, null)]
    [InlineData(null, null, null)]
    public void The_time_of_the_close_is_the_newest_resolve_or_the_last_change_if_later_than_what_was_seen(long? resolvedAt, long? changedAt, long? closedAt)
    {
        var alert = Then(Closing(), Seen(false, changedAt, resolvedAt: resolvedAt)).Alert;

        var (kind, at, via) = closedAt is { } second ? (MarkKind.Closed, At(second), ResolvedVia.BigPanda) : (MarkKind.CloseConfirmed, At(100_000), null);
        Assert.Equal((kind, at, via), (alert.History.Marks[^1].Kind, alert.History.Marks[^1].At, alert.History.Marks[^1].Via));
        Assert.Equal(closedAt is null ? At(100_000) : null, alert.Life.ConfirmedAt);
    }

    [Theory]
    [InlineData(true, "active")]
    [InlineData(false, "closed")]
    public void The_observed_state_is_in_the_timeline(bool isActive, string state)
    {
        var entry = Then(Closing(), Seen(isActive, 40)).Timeline[0];

        Assert.Equal((At(700), "observed", Verdict.Applied, 1), (entry.At, entry.Kind, entry.Verdict, entry.Episode));
        Assert.Equal($"BigPanda's API showed the incident as {state}", entry.Summary);
    }

    [Fact]
    public void A_reopen_without_a_known_actor_names_none()
    {
        var decision = Then(Closing(), Seen(true, 40, reopenedAt: 30) with { ReopenedBy = null });

        Assert.Equal("the alert fires again, episode 2: reopened in BigPanda at 2026-11-01 10:00:30Z", decision.Timeline[0].Reason);
        Assert.Null(decision.Alert.History.Marks[^1].Actor);
    }

    [Fact]
    public void An_observed_reopen_takes_its_place_at_its_time()
    {
        var mark = Then(Closing(), Seen(true, 40, reopenedAt: 30)).Alert.History.Marks[^1];

        Assert.Equal(new Mark(new Stamp(Moment.Of(At(30))) { Kind = DeliveryKind.Reopen }, MarkKind.Reopen, At(30), "monitoring"), mark);
    }

    [Fact]
    public void An_unexplained_active_incident_fires_right_behind_the_newest_fact()
    {
        var mark = Then(Closing(), Seen(true, 40, resolvedAt: 25)).Alert.History.Marks[^1];

        Assert.Equal(new Mark(new Stamp(Moment.Of(At(10)).Next()) { Kind = DeliveryKind.Reopen }, MarkKind.Reopen, At(40)), mark);
        Assert.Equal(At(100_000), Then(Closing(), Seen(true, null, resolvedAt: 25)).Alert.Life.LastFiredAt);
    }

    [Theory]
    [InlineData(30L, null, true)]
    [InlineData(null, 30L, true)]
    [InlineData(null, null, false)]
    public void Without_a_time_of_what_was_resolved_any_activity_fires_the_alert(long? reopenedAt, long? resolvedAt, bool fires)
    {
        var timeless = New(10);
        timeless = timeless with { Incident = timeless.Incident with { ChangedOn = null, UpdatedOn = null, Events = [] } };
        var firing = Apply(timeless).Alert;

        var decision = Then(Then(firing, Resolve(firing, 12)).Alert, Seen(true, 40, reopenedAt, resolvedAt));

        Assert.Equal(fires ? AlertStatus.Firing : AlertStatus.Resolved, decision.Alert.Life.Status);
        const string Why = "BigPanda's API shows the incident as active, and no delivery before the resolve has a time to compare its activities with";
        Assert.Equal(fires, decision.Timeline[0].Reason.EndsWith(Why, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(10L, null)]
    [InlineData(null, 10L)]
    public void Activities_that_the_resolver_had_seen_lead_to_another_close(long? reopenedAt, long? resolvedAt)
    {
        var decision = Then(Closing(attempts: 13), Seen(true, 40, reopenedAt, resolvedAt));

        Assert.Equal("1.1", decision.Action?.ActionId);
        Assert.Equal("BigPanda accepted the close, but the incident is still open with no reopen since: the close is sent again", decision.Timeline[0].Reason);
        Assert.Equal((At(700), At(700)), (decision.Alert.UpdatedAt, decision.Alert.BigPanda.UpdatedAt));
    }

    [Fact]
    public void A_stored_close_without_a_comment_names_the_resolver()
    {
        var closing = Closing();

        var again = Then(closing with { Resolve = (closing.Resolve ?? new PendingResolve()) with { Comment = null } }, Seen(true, 40));

        Assert.Equal("Resolved by ada through the alert bridge (api).", again.Action?.Comment);
    }

    [Fact]
    public void A_close_that_is_given_up_says_so_on_the_alert_and_in_the_timeline()
    {
        var decision = Then(Closing(attempts: 14), Seen(true, 40));

        Assert.Equal((decision.Alert.BigPanda.LastError, Verdict.Applied), (decision.Timeline[0].Reason, decision.Verdict));
        Assert.Equal((At(700), At(700)), (decision.Alert.UpdatedAt, decision.Alert.BigPanda.UpdatedAt));
    }

    [Fact]
    public void An_observation_for_another_close_is_stale()
    {
        var decision = Then(Closing(), Seen(false, 40) with { CloseId = "9" });

        Assert.Equal((Verdict.Stale, "the close is no longer pending"), (decision.Verdict, decision.Timeline[0].Reason));
        Assert.Equal(SyncState.Closing, decision.Alert.BigPanda.State);
    }

    [Fact]
    public void What_was_seen_for_an_earlier_close_changes_nothing()
    {
        var settled = Then(Closing(), Closed(20)).Alert;
        var decision = Then(settled, Seen(true, 40));

        Assert.Equal((Verdict.Stale, settled.Life, null), (decision.Verdict, decision.Alert.Life, decision.Action));
    }

    [Fact]
    public void A_close_is_wanted_until_it_is_settled_or_the_alert_fires_again()
    {
        var closing = Closing();

        Assert.Null(closing.FindCloseObjection("1"));
        Assert.Equal("a newer close has replaced this one", closing.FindCloseObjection("1.1"));
        Assert.Equal("the alert has fired again, episode 2", Then(closing, Reopened(30)).Alert.FindCloseObjection("1"));
        Assert.Equal("the incident is already closed in BigPanda", Then(closing, Closed(30)).Alert.FindCloseObjection("1"));
    }

    [Fact]
    public void An_observation_travels_as_a_message()
    {
        var observed = Seen(true, 40, 30, 20);
        var sent = AlertEventMessages.Of(observed);
        var read = AlertEventMessages.Read(
            Azure.Messaging.ServiceBus.ServiceBusModelFactory.ServiceBusReceivedMessage(
                sent.Body, sent.MessageId, sessionId: sent.SessionId, subject: sent.Subject, properties: sent.ApplicationProperties),
            sent.Body.ToMemory());

        Assert.Equal(observed, read);
        Assert.Equal((observed.MessageId, IncidentId), (sent.MessageId, sent.SessionId));
    }

    private static IncidentObserved Seen(bool isActive, long? changedAt, long? reopenedAt = null, long? resolvedAt = null) => new(
        IncidentId, "observed-1", "1", "verification", isActive, Maybe(changedAt), Maybe(reopenedAt), reopenedAt is null ? null : "monitoring",
        Maybe(resolvedAt), At(100_000));

    private static DateTimeOffset? Maybe(long? second) => second is { } given ? At(given) : null;

    private static Alert Closing(int attempts = 1)
    {
        var firing = Apply(New(10)).Alert;
        var resolved = Then(firing, Resolve(firing, 12)).Alert;
        return Then(resolved, CloseOutcome(resolved, ActionResult.Accepted, attempts)).Alert;
    }

    private static Decision Then(Alert alert, AlertEvent evt) => AlertLifecycle.Decide(alert, evt, At(700));
}
