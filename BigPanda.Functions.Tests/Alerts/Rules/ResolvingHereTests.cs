using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

public class ResolvingHereTests
{
    [Fact]
    public void Resolving_here_resolves_at_once_and_asks_for_the_close()
    {
        var decision = ResolvedHere();

        Assert.Equal((AlertStatus.Resolved, SyncState.Closing), (decision.Alert.Life.Status, decision.Alert.BigPanda.State));
        Assert.Equal((ResolvedVia.Api, "ada"), (decision.Alert.Life.ResolvedVia, decision.Alert.Life.ResolvedBy));
        Assert.Equal(new CloseIncidentAction(IncidentId, "1", "env-1", "Resolved by ada through the alert bridge (api): fixed the disk"), decision.Action);
    }

    [Fact]
    public void The_closing_webhook_is_our_echo_and_settles_the_close()
    {
        var accepted = ResolvedHere().Alert;
        accepted = Then(accepted, CloseOutcome(accepted, ActionResult.Accepted)).Alert;
        var decision = Then(accepted, Closed(20));

        Assert.Equal((Verdict.Echo, SyncState.InSync), (decision.Verdict, decision.Alert.BigPanda.State));
        Assert.Equal("ada", decision.Alert.Life.ResolvedBy);
        Assert.Null(decision.Action);
    }

    [Fact]
    public void The_closing_webhook_is_our_echo_by_its_comment_too()
    {
        var resolved = ResolvedHere();
        var decision = Then(resolved.Alert, Commented(Closed(20), resolved.Action?.Comment));

        Assert.Equal(Verdict.Echo, decision.Verdict);
        Assert.Empty(decision.Alert.Expected);
    }

    /// <summary>The key was invalid for days: the comment is expected for one.</summary>
    [Fact]
    public void The_closing_webhook_is_our_echo_however_late_the_close_is_carried_out()
    {
        var resolved = ResolvedHere();
        var decision = AlertLifecycle.Decide(resolved.Alert, Commented(Closed(20), $" {resolved.Action?.Comment}\n"), At(700).AddDays(9));

        Assert.Equal((Verdict.Echo, SyncState.InSync), (decision.Verdict, decision.Alert.BigPanda.State));
    }

    /// <summary>Of the facts behind the latest 64 only the status is known.</summary>
    [Theory]
    [InlineData(true, AlertStatus.Firing, Verdict.Stale)]
    [InlineData(false, AlertStatus.Resolved, Verdict.Applied)]
    public void A_resolve_whose_author_saw_the_alert_long_ago_is_overtaken_by_a_reopen_since(bool hasReopened, AlertStatus status, Verdict verdict)
    {
        var alert = Apply(New(10)).Alert;
        var request = Resolve(alert, 12);
        if (hasReopened) alert = Then(Then(alert, Closed(20)).Alert, Reopened(30)).Alert;
        for (var i = 0; i < 70; i++) alert = Then(alert, Updated(40 + i)).Alert;

        var decision = Then(alert, request);

        Assert.Equal((verdict, status), (decision.Verdict, decision.Alert.Life.Status));
        if (hasReopened) Assert.IsType<AddCommentAction>(decision.Action);
        else Assert.IsType<CloseIncidentAction>(decision.Action);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "closing this, it was the switch")]
    public void A_person_closing_the_incident_at_the_same_time_is_not_taken_for_our_echo(bool isAccepted, string? comment)
    {
        var alert = ResolvedHere().Alert;
        if (isAccepted) alert = Then(alert, CloseOutcome(alert, ActionResult.Accepted)).Alert;
        var decision = Then(alert, Commented(Closed(20), comment));

        Assert.Equal((Verdict.Applied, SyncState.InSync), (decision.Verdict, decision.Alert.BigPanda.State));
        Assert.StartsWith("closed in BigPanda", decision.Timeline[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_update_from_before_the_close_does_not_fire_the_alert_again()
    {
        var decision = Then(ResolvedHere().Alert, Updated(15, "warning"));

        Assert.Equal((AlertStatus.Resolved, 1, SyncState.Closing), (decision.Alert.Life.Status, decision.Alert.Life.Episode, decision.Alert.BigPanda.State));
        Assert.Equal("warning", decision.Alert.Content.Severity);
    }

    [Fact]
    public void A_newer_reopen_fires_the_alert_again_and_drops_the_close()
    {
        var decision = Then(ResolvedHere().Alert, Reopened(30));

        Assert.Equal((AlertStatus.Firing, 2, SyncState.InSync), (decision.Alert.Life.Status, decision.Alert.Life.Episode, decision.Alert.BigPanda.State));
        Assert.Null(decision.Alert.BigPanda.ActionId);
    }

    [Fact]
    public void Resolving_twice_closes_once_and_the_second_resolvers_comment_goes_to_BigPanda_as_a_comment()
    {
        var first = ResolvedHere();
        var request = Resolve(first.Alert, 13, "grace", "it was the switch");
        var second = Then(first.Alert, request);

        Assert.Equal(
            new AddCommentAction(IncidentId, $"comment-{request.MessageId}", "env-1", "grace through the alert bridge (api): it was the switch"),
            second.Action);
        Assert.Equal((Verdict.Duplicate, "it was the switch", "grace"), (second.Verdict, second.Timeline[0].Comment, second.Timeline[0].Actor));
        Assert.Equal("the alert is already resolved; the incident is being closed; the comment is sent to BigPanda", second.Timeline[0].Reason);
        Assert.Equal("ada", second.Alert.Life.ResolvedBy);
        Assert.Equal(2, second.Alert.Expected.Count);
    }

    /// <summary>The answer to the first was lost, and an update came before the second: their message ids differ.</summary>
    [Fact]
    public void A_repeated_resolve_does_not_send_its_comment_again()
    {
        var firing = Apply(New(10)).Alert;
        var resolved = Then(firing, Resolve(firing, 12, "ada", "replaced the disk")).Alert;
        var updated = Then(resolved, Of(20, true, "warning", IncidentEvents.Updated)).Alert;
        var again = Then(updated, Resolve(updated, 21, "ada", "replaced the disk"));
        var closed = Then(again.Alert, Closed(30)).Alert;
        var late = Then(closed, Resolve(updated, 22, "ada", "replaced the disk"));
        var other = Then(closed, Resolve(updated, 23, "ada", "and the cable"));

        Assert.Equal((Verdict.Duplicate, null), (again.Verdict, again.Action));
        Assert.Equal((Verdict.Duplicate, null), (late.Verdict, late.Action));
        Assert.IsType<AddCommentAction>(other.Action);
    }

    /// <summary>The answer to the first, which came when another had resolved it, was lost; then the incident reopened.</summary>
    [Theory]
    [InlineData(9, ActionResult.Accepted, "Resolved by ada through the alert bridge (api).")]
    [InlineData(10, ActionResult.Accepted, "Resolved by ada through the alert bridge (api): replaced the disk")]
    [InlineData(9, ActionResult.Failed, "Resolved by ada through the alert bridge (api): replaced the disk")]
    public void A_close_does_not_repeat_the_text_that_its_resolver_has_sent_as_a_comment(int minutes, ActionResult result, string comment)
    {
        var resolved = ResolvedHere().Alert;
        var late = AlertLifecycle.Decide(resolved, Resolve(resolved, 13, "ada", "replaced the disk") with { MessageId = "first" }, At(13));
        var sent = Assert.IsType<AddCommentAction>(late.Action);
        var report = new ActionReported(IncidentId, sent.ActionId, Destination.BigPanda, ActionKinds.Comment, result, 1, "400", At(14), "report");
        var reopened = Then(Then(late.Alert, report).Alert, Reopened(30)).Alert;

        var request = Resolve(reopened, 40, "ada", "replaced the disk") with { MessageId = "second" };
        var again = AlertLifecycle.Decide(reopened, request, At(13 + (60 * minutes)));

        Assert.Equal(comment, Assert.IsType<CloseIncidentAction>(again.Action).Comment);
    }

    /// <summary>The close that it was on failed: it is not known to be in BigPanda.</summary>
    [Fact]
    public void A_close_repeats_the_text_of_an_earlier_close()
    {
        var alert = ResolvedHere().Alert;
        var failed = Then(alert, CloseOutcome(alert, ActionResult.Failed)).Alert;

        var again = Then(failed, Resolve(failed, 14));

        Assert.Equal(Comment(alert), Comment(again.Alert));

        static string? Comment(Alert alert) => alert.Resolve?.Comment;
    }

    [Fact]
    public void A_second_resolver_without_a_comment_is_in_the_timeline_and_nothing_is_sent()
    {
        var first = ResolvedHere();
        var second = Then(first.Alert, Resolve(first.Alert, 13, "grace", null));

        Assert.Equal((Verdict.Duplicate, null, "grace"), (second.Verdict, second.Action, second.Timeline[0].Actor));
        Assert.Equal("the alert is already resolved; the incident is being closed", second.Timeline[0].Reason);
    }

    [Fact]
    public void The_same_request_again_does_nothing_also_after_the_close_has_failed()
    {
        var firing = Apply(New(10)).Alert;
        var request = Resolve(firing, 12);
        var failed = Then(Then(firing, request).Alert, CloseOutcome(Then(firing, request).Alert, ActionResult.Failed)).Alert;
        var again = Then(failed, request);

        Assert.Equal((Verdict.Duplicate, null, failed.BigPanda), (again.Verdict, again.Action, again.Alert.BigPanda));
    }

    [Fact]
    public void Resolving_what_has_fired_again_since_is_stale()
    {
        var seen = Apply(New(10));
        var firedAgain = Then(Then(seen.Alert, Closed(20)).Alert, Reopened(30));
        var decision = Then(firedAgain.Alert, Resolve(seen.Alert, 12));

        Assert.Equal((Verdict.Stale, AlertStatus.Firing, 2), (decision.Verdict, decision.Alert.Life.Status, decision.Alert.Life.Episode));
        Assert.IsType<AddCommentAction>(decision.Action);
    }

    [Fact]
    public void A_resolve_that_meets_a_close_it_had_not_seen_does_nothing()
    {
        var seen = Apply(New(10));
        var decision = Then(Then(seen.Alert, Closed(20)).Alert, Resolve(seen.Alert, 12, comment: " "));

        Assert.Equal((Verdict.Duplicate, null, SyncState.InSync), (decision.Verdict, decision.Action, decision.Alert.BigPanda.State));
    }

    [Theory]
    [InlineData(ActionResult.Accepted, SyncState.Closing, null)]
    [InlineData(ActionResult.Closed, SyncState.InSync, null)]
    [InlineData(ActionResult.Retrying, SyncState.Closing, "500 InternalServerError")]
    [InlineData(ActionResult.Parked, SyncState.Parked, "500 InternalServerError")]
    [InlineData(ActionResult.Failed, SyncState.Failed, "500 InternalServerError")]
    public void The_result_of_the_close_shows_on_the_alert(ActionResult result, SyncState state, string? error)
    {
        var alert = ResolvedHere().Alert;
        var decision = Then(alert, CloseOutcome(alert, result, attempt: 3));

        Assert.Equal((state, error, AlertStatus.Resolved), (decision.Alert.BigPanda.State, decision.Alert.BigPanda.LastError, decision.Alert.Life.Status));
        Assert.Equal(3, decision.Alert.BigPanda.Attempts);
    }

    [Theory]
    [InlineData(1, ActionResult.Retrying, 2, ActionResult.Failed, SyncState.Failed)]
    [InlineData(1, ActionResult.Retrying, 2, ActionResult.Parked, SyncState.Parked)]
    [InlineData(1, ActionResult.Parked, 2, ActionResult.Accepted, SyncState.Closing)]
    public void A_report_that_is_overtaken_by_a_later_attempts_is_stale(int first, ActionResult early, int second, ActionResult late, SyncState state)
    {
        var alert = ResolvedHere().Alert;
        var known = Then(alert, CloseOutcome(alert, late, second)).Alert;
        var overtaken = Then(known, CloseOutcome(alert, early, first));

        Assert.Equal((Verdict.Stale, state), (overtaken.Verdict, overtaken.Alert.BigPanda.State));
        Assert.Equal("superseded: attempt 2 is already reported", overtaken.Timeline[0].Reason);
        Assert.Equal((SyncState.Closing, "1.1"), state == SyncState.Failed ? AgainAfter(overtaken.Alert) : (SyncState.Closing, "1.1"));
    }

    [Fact]
    public void Of_one_attempts_reports_the_later_one_counts()
    {
        var alert = ResolvedHere().Alert;
        var released = Then(alert, CloseOutcome(alert, ActionResult.Released) with { At = At(1010) }).Alert;
        var parked = Then(released, CloseOutcome(alert, ActionResult.Parked) with { At = At(1000) });

        Assert.Equal((Verdict.Stale, SyncState.Closing), (parked.Verdict, parked.Alert.BigPanda.State));
    }

    [Fact]
    public void A_conflict_counts_however_late_it_is_reported()
    {
        var alert = ResolvedHere().Alert;
        var retrying = Then(alert, CloseOutcome(alert, ActionResult.Retrying, 3)).Alert;

        Assert.Equal(SyncState.InSync, Then(retrying, CloseOutcome(alert, ActionResult.Closed, 2)).Alert.BigPanda.State);
    }

    [Theory]
    [InlineData(ActionResult.Accepted, "the incident is being closed")]
    [InlineData(ActionResult.Parked, "the close is parked until the key or setting is fixed, or the brake released")]
    [InlineData(ActionResult.Failed, "the close failed: try it again, or resolve the alert again")]
    public void An_update_of_a_resolved_alert_says_what_comes_of_the_close(ActionResult result, string outlook)
    {
        var alert = ResolvedHere().Alert;
        var decision = Then(Then(alert, CloseOutcome(alert, result)).Alert, Updated(15));

        Assert.Equal($"details updated; the alert stays resolved, {outlook}", decision.Timeline[0].Reason);
    }

    [Fact]
    public void After_a_conflict_an_older_active_update_does_not_fire_the_alert_again()
    {
        var alert = ResolvedHere().Alert;
        var confirmed = Then(alert, CloseOutcome(alert, ActionResult.Closed)).Alert;
        var decision = Then(confirmed, Updated(15));

        Assert.Equal(AlertStatus.Resolved, decision.Alert.Life.Status);
    }

    [Fact]
    public void After_a_conflict_a_reopen_fires_the_alert_again()
    {
        var alert = ResolvedHere().Alert;
        var confirmed = Then(alert, CloseOutcome(alert, ActionResult.Closed)).Alert;
        var decision = Then(confirmed, Reopened(15));

        Assert.Equal((AlertStatus.Firing, 2), (decision.Alert.Life.Status, decision.Alert.Life.Episode));
    }

    [Fact]
    public void An_outcome_of_an_earlier_close_changes_nothing()
    {
        var alert = ResolvedHere().Alert;
        var report = CloseOutcome(alert, ActionResult.Failed);
        var firedAgain = Then(alert, Reopened(30)).Alert;
        var decision = Then(firedAgain, report);

        Assert.Equal((Verdict.Stale, SyncState.InSync), (decision.Verdict, decision.Alert.BigPanda.State));
    }

    [Fact]
    public void A_late_outcome_of_a_close_is_not_taken_for_the_next_ones()
    {
        var alert = ResolvedHere().Alert;
        var failed = Then(alert, CloseOutcome(alert, ActionResult.Failed)).Alert;
        var again = Then(failed, Resolve(failed, 14)).Alert;

        var late = Then(again, CloseOutcome(alert, ActionResult.Failed, 2));

        Assert.Equal((Verdict.Stale, SyncState.Closing), (late.Verdict, late.Alert.BigPanda.State));
        Assert.Equal("the close is no longer pending", late.Timeline[0].Reason);
    }

    [Theory]
    [InlineData(ActionResult.Accepted, Verdict.Applied, "BigPanda accepted the close; it is done once the incident shows as closed")]
    [InlineData(ActionResult.Retrying, Verdict.Noted, "500 InternalServerError")]
    public void The_result_of_the_close_is_in_the_timeline(ActionResult result, Verdict verdict, string reason)
    {
        var entry = Then(ResolvedHere().Alert, CloseOutcome(ResolvedHere().Alert, result, 3)).Timeline[0];

        Assert.Equal(("close", verdict, reason, "closing the incident in BigPanda, attempt 3"), (entry.Kind, entry.Verdict, entry.Reason, entry.Summary));
    }

    [Fact]
    public void Resolving_again_after_the_close_has_failed_tries_again_under_a_new_name()
    {
        var alert = ResolvedHere().Alert;
        var failed = Then(alert, CloseOutcome(alert, ActionResult.Failed)).Alert;
        var again = Then(failed, Resolve(failed, 14));
        var failedAgain = Then(again.Alert, CloseOutcome(again.Alert, ActionResult.Failed)).Alert;
        var third = Then(failedAgain, Resolve(failedAgain, 16));

        Assert.Equal((SyncState.Closing, "1.1"), (again.Alert.BigPanda.State, again.Action?.ActionId));
        Assert.Equal("1.2", third.Action?.ActionId);
    }

    [Fact]
    public void The_next_episode_is_closed_under_its_own_name()
    {
        var first = Then(ResolvedHere().Alert, Closed(20)).Alert;
        var second = Then(first, Reopened(30)).Alert;
        var decision = Then(second, Resolve(second, 40));

        Assert.Equal("2", decision.Action?.ActionId);
    }

    private static (SyncState State, string? CloseId) AgainAfter(Alert failed)
    {
        var again = Then(failed, Resolve(failed, 14));
        return (again.Alert.BigPanda.State, again.Action?.ActionId);
    }

    private static IncidentReported Commented(IncidentReported reported, string? comment) =>
        reported with { Incident = reported.Incident with { Comment = comment } };

    private static Decision ResolvedHere()
    {
        var firing = Apply(New(10));
        return Then(firing.Alert, Resolve(firing.Alert, 12));
    }

    private static Decision Then(Alert alert, AlertEvent evt) => AlertLifecycle.Decide(alert, evt, At(700));
}
