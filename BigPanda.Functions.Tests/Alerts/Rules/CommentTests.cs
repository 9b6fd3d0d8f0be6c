using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

public class CommentTests
{
    [Fact]
    public void A_comment_is_recorded_and_goes_to_BigPanda()
    {
        var decision = Commented();

        Assert.Equal(new AddCommentAction(IncidentId, "comment-comment-1", "env-1", "ada through the alert bridge (api): looking into it"), decision.Action);
        Assert.Equal(("comment", Verdict.Noted, "looking into it"), (decision.Timeline[0].Kind, decision.Timeline[0].Verdict, decision.Timeline[0].Comment));
        Assert.Equal(AlertStatus.Firing, decision.Alert.Life.Status);
    }

    [Fact]
    public void Our_comment_coming_back_is_an_echo_once()
    {
        var commented = Commented();
        var echo = AlertLifecycle.Decide(commented.Alert, FromBigPanda(20, commented.Action?.Comment), At(30));
        var again = AlertLifecycle.Decide(echo.Alert, FromBigPanda(21, commented.Action?.Comment), At(31));

        Assert.Equal((Verdict.Echo, Verdict.Noted), (echo.Timeline[0].Verdict, again.Timeline[0].Verdict));
    }

    [Fact]
    public void Another_persons_comment_is_noted_with_its_author_and_not_sent()
    {
        var decision = AlertLifecycle.Decide(Commented().Alert, FromBigPanda(20, "have you tried turning it off"), At(30));

        Assert.Equal((Verdict.Noted, "grace", null), (decision.Timeline[0].Verdict, decision.Timeline[0].Actor, decision.Action));
    }

    [Fact]
    public void The_same_text_a_day_later_is_a_new_comment_of_a_person()
    {
        var commented = Commented();
        var decision = AlertLifecycle.Decide(commented.Alert, FromBigPanda(20, commented.Action?.Comment), At(90_000));

        Assert.Equal(Verdict.Noted, decision.Timeline[0].Verdict);
    }

    /// <summary>In another episode the same text is a comment again, but not within the minutes in which a caller repeats a request.</summary>
    [Theory]
    [InlineData(0, 60, true)]
    [InlineData(0, 90_000, false)]
    [InlineData(1, 60, true)]
    [InlineData(1, 1200, false)]
    public void A_repeated_comment_is_not_sent_again(int reopens, int secondsLater, bool isRepeat)
    {
        var alert = Commented().Alert;
        if (reopens > 0) alert = AlertLifecycle.Decide(AlertLifecycle.Decide(alert, Closed(20), At(20)).Alert, Reopened(21), At(21)).Alert;
        var later = At(12 + secondsLater);
        var decision = AlertLifecycle.Decide(alert, new CommentRequested(IncidentId, ResolvedVia.Api, "ada", "looking into it", later, "comment-2"), later);

        Assert.Equal(isRepeat ? Verdict.Duplicate : Verdict.Noted, decision.Verdict);
        Assert.Equal(isRepeat, decision.Action is null);
    }

    [Fact]
    public void After_a_comment_has_failed_the_same_text_is_a_new_one()
    {
        var report = new ActionReported(
            IncidentId, "comment-comment-1", Destination.BigPanda, ActionKinds.Comment, ActionResult.Failed, 14, "500", At(14), "outcome-1");
        var failed = AlertLifecycle.Decide(Commented().Alert, report, At(15)).Alert;
        var again = new CommentRequested(IncidentId, ResolvedVia.Api, "ada", "looking into it", At(16), "comment-2");

        Assert.IsType<AddCommentAction>(AlertLifecycle.Decide(failed, again, At(16)).Action);
    }

    [Theory]
    [InlineData(ActionResult.Accepted, "the comment is in BigPanda")]
    [InlineData(ActionResult.Failed, "500 InternalServerError")]
    public void The_result_of_a_comment_is_in_the_timeline_and_leaves_the_alert_unchanged(ActionResult result, string reason)
    {
        var commented = Commented();
        var report = new ActionReported(
            IncidentId, commented.Action?.ActionId ?? "", Destination.BigPanda, ActionKinds.Comment, result, 1, "500 InternalServerError", At(14), "outcome-1");
        var decision = AlertLifecycle.Decide(commented.Alert, report, At(15));

        Assert.Equal(("comment", reason), (decision.Timeline[0].Kind, decision.Timeline[0].Reason));
        Assert.Equal(commented.Alert.BigPanda, decision.Alert.BigPanda);
    }

    private static Decision Commented() =>
        AlertLifecycle.Decide(Apply(New(10)).Alert, new CommentRequested(IncidentId, ResolvedVia.Api, "ada", "looking into it", At(12), "comment-1"), At(12));

    private static IncidentReported FromBigPanda(long second, string? comment)
    {
        var reported = Of(second, true, "critical", IncidentEvents.Commented);
        return reported with { Incident = reported.Incident with { Comment = comment, Sender = "grace" } };
    }
}
