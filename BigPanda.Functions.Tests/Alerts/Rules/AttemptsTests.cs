using System.Diagnostics;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>The actions for BigPanda, and how the report of each attempt changes the alert and its timeline.</summary>
public sealed class AttemptsTests
{
    private static readonly DestinationSync Asked = Closing().BigPanda;

    [Fact]
    public void A_close_has_the_resolver_the_comment_and_every_environment()
    {
        var firing = InTwoEnvironments();
        var decision = Then(firing, Resolve(firing, 12));

        Assert.Equal(["env-2"], decision.Action?.OtherEnvironmentIds);
        Assert.Equal(("1", "env-1", "Resolved by ada through the alert bridge (api): fixed the disk"),
            (decision.Action?.ActionId, decision.Action?.EnvironmentId, decision.Action?.Comment));
        Assert.Equal(new DestinationSync { State = SyncState.Closing, ActionId = "1", UpdatedAt = At(700) }, decision.Alert.BigPanda);
        var expected = new PendingResolve
        {
            Comment = "Resolved by ada through the alert bridge (api): fixed the disk",
            AskedAt = At(700),
            Seen = firing.Seen,
            SeenGravity = decision.Alert.Resolve?.SeenGravity,
        };
        Assert.Equal(expected, decision.Alert.Resolve);
        Assert.Equal([Expectation.Of("Resolved by ada through the alert bridge (api): fixed the disk", At(700))], decision.Alert.Expected);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void A_close_without_a_comment_names_the_resolver(string? comment)
    {
        var firing = Apply(New(10)).Alert;

        Assert.Equal("Resolved by ada through the alert bridge (api).", Then(firing, Resolve(firing, 12, comment: comment)).Action?.Comment);
    }

    [Theory]
    [InlineData(null, "1")]
    [InlineData("1", "1.1")]
    [InlineData("1.1", "1.2")]
    [InlineData("1.9", "1.10")]
    [InlineData("2.3", "1")]
    [InlineData("11", "1")]
    public void A_close_id_is_not_used_twice(string? last, string next)
    {
        var firing = Apply(New(10)).Alert with { BigPanda = new DestinationSync { LastActionId = last } };

        Assert.Equal(next, Then(firing, Resolve(firing, 12)).Action?.ActionId);
    }

    [Fact]
    public void After_a_failure_the_close_is_sent_again_under_the_next_id()
    {
        var failed = Closing() with { BigPanda = Asked with { State = SyncState.Failed, ActionId = "1.1", LastActionId = "1" } };
        var decision = Then(failed, Resolve(failed, 14, "grace"));

        Assert.Equal(("1.2", "the close is sent again"), (decision.Action?.ActionId, decision.Timeline[0].Reason));
    }

    [Fact]
    public void The_same_request_is_recognised_and_another_one_of_the_same_second_is_not()
    {
        var firing = Apply(New(10)).Alert;
        var request = Resolve(firing, 12);
        var closing = Then(firing, request).Alert;

        Assert.Equal((null, "this request was already applied"), Then(closing, request) is var same ? (same.Action, same.Timeline[0].Reason) : default);
        Assert.IsType<AddCommentAction>(Then(closing, request with { Comment = "and the switch", MessageId = "resolve-2" }).Action);
    }

    [Fact]
    public void A_comment_is_sent_with_every_environment_and_expected_back()
    {
        var decision = Then(InTwoEnvironments(), new CommentRequested(IncidentId, ResolvedVia.Api, "ada", "looking", At(12), "c"));

        Assert.Equal(["env-2"], decision.Action?.OtherEnvironmentIds);
        Assert.Equal([Expectation.Of("ada through the alert bridge (api): looking", At(700))], decision.Alert.Expected);
    }

    [Fact]
    public void A_callback_is_named_after_its_source() =>
        Assert.Equal(new SendCallbackAction(IncidentId, "callback-main", "main", New(0).ReceivedAt), Apply(New(0) with { WantsCallback = true }).Action);

    [Theory]
    [InlineData(ActionResult.Accepted, SyncState.Closing, true, null)]
    [InlineData(ActionResult.Retrying, SyncState.Closing, false, "500 InternalServerError")]
    [InlineData(ActionResult.Parked, SyncState.Parked, false, "500 InternalServerError")]
    [InlineData(ActionResult.Released, SyncState.Closing, false, "earlier")]
    [InlineData(ActionResult.Failed, SyncState.Failed, false, "500 InternalServerError")]
    public void A_report_updates_the_state_of_the_close(ActionResult result, SyncState state, bool isAccepted, string? error)
    {
        var alert = Closing() with { BigPanda = Asked with { LastError = "earlier", NextAttemptAt = At(1) } };
        var decision = Then(alert, CloseOutcome(alert, result, 2) with { At = At(1000), NextAttemptAt = result == ActionResult.Retrying ? At(2000) : null });

        Assert.Equal(
            Asked with
            {
                State = state,
                IsAccepted = isAccepted,
                Attempts = 2,
                ReportedAttempt = 2,
                ReportedAt = At(1000),
                LastError = error,
                NextAttemptAt = result == ActionResult.Retrying ? At(2000) : null,
                UpdatedAt = At(700),
            },
            decision.Alert.BigPanda);
        Assert.Equal(At(700), decision.Alert.UpdatedAt);
    }

    [Fact]
    public void A_settled_close_keeps_the_highest_attempt()
    {
        var alert = Closing() with { BigPanda = Asked with { Attempts = 3 } };

        Assert.Equal(new DestinationSync { Attempts = 3, LastActionId = "1", UpdatedAt = At(700) },
            Then(alert, CloseOutcome(alert, ActionResult.Closed, 2)).Alert.BigPanda);
        Assert.Equal(4, Then(alert, CloseOutcome(alert, ActionResult.Closed, 4)).Alert.BigPanda.Attempts);
    }

    [Fact]
    public void A_confirmed_close_keeps_the_time_of_the_report()
    {
        var decision = Then(Closing(), CloseOutcome(Closing(), ActionResult.Closed, detail: "closed already") with { At = At(1000) });

        Assert.Equal((At(1000), false), (decision.Alert.Life.ConfirmedAt, decision.Alert.Life.AwaitsClose));
        Assert.Equal((Verdict.Applied, "closed already"), (decision.Verdict, decision.Timeline[0].Reason));
    }

    [Theory]
    [InlineData("1", ActionResult.Parked, "close", Verdict.Applied, "detail", "closing the incident in BigPanda, attempt 2")]
    [InlineData("1", ActionResult.Released, "close", Verdict.Applied, "detail", "closing the incident in BigPanda, attempt 2")]
    [InlineData("1", ActionResult.Failed, "close", Verdict.Applied, "detail", "closing the incident in BigPanda, attempt 2")]
    [InlineData("1", ActionResult.Retrying, "close", Verdict.Noted, "detail", "closing the incident in BigPanda, attempt 2")]
    [InlineData("9", ActionResult.Failed, "close", Verdict.Stale, "the close is no longer pending", "closing the incident in BigPanda, attempt 2")]
    [InlineData("comment-c", ActionResult.Accepted, "comment", Verdict.Noted, "the comment is in BigPanda",
        "commenting on the incident in BigPanda, attempt 2")]
    [InlineData("comment-c", ActionResult.Failed, "comment", Verdict.Noted, "detail", "commenting on the incident in BigPanda, attempt 2")]
    [InlineData("callback-main", ActionResult.Accepted, "callback", Verdict.Noted, "detail", "calling BigPanda's callback service, attempt 2")]
    public void A_report_is_recorded_in_the_timeline(string id, ActionResult result, string kind, Verdict verdict, string reason, string summary)
    {
        var decision = Then(Closing(), new ActionReported(IncidentId, id, Destination.BigPanda, kind, result, 2, "detail", At(1000), "outcome"));

        Assert.Equal([new TimelineEntry { At = At(700), Kind = kind, Verdict = verdict, Reason = reason, Episode = 1, Summary = summary }], decision.Timeline);
        Assert.Equal(verdict, decision.Verdict);
    }

    [Fact]
    public void A_report_is_recorded_under_the_current_episode()
    {
        var again = Then(Then(Apply(New(10)).Alert, Closed(20)).Alert, Reopened(30)).Alert;

        Assert.Equal(2, Then(again, Commented()).Timeline[0].Episode);

        static ActionReported Commented() =>
            new(IncidentId, "comment-c", Destination.BigPanda, ActionKinds.Comment, ActionResult.Accepted, 1, "", At(1000), "outcome");
    }

    [Fact]
    public void A_result_of_a_newer_version_is_rejected() =>
        Assert.Equal("No rule for 99.", Assert.Throws<UnreachableException>(() => Then(Closing(), CloseOutcome(Closing(), (ActionResult)99))).Message);

    private static Alert InTwoEnvironments()
    {
        var second = Updated(5);
        return Apply(second with { Incident = second.Incident with { Environment = new IncidentEnvironment("env-2", "EU") } }, New(10)).Alert;
    }

    private static Alert Closing()
    {
        var firing = Apply(New(10)).Alert;
        return AlertLifecycle.Decide(firing, Resolve(firing, 12), At(600)).Alert;
    }

    private static Decision Then(Alert alert, AlertEvent evt) => AlertLifecycle.Decide(alert, evt, At(700));
}
