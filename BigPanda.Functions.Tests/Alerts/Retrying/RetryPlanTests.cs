using BigPanda.Functions.Alerts.Explaining;
using BigPanda.Functions.Alerts.Retrying;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;

namespace BigPanda.Functions.Tests.Alerts.Retrying;

/// <summary>What a wish to try an action again leads to, by what is known of the action.</summary>
public sealed class RetryPlanTests
{
    private static readonly Alert InSync = new() { IncidentId = "incident" };
    private static readonly Alert Failed = InSync with { BigPanda = new DestinationSync { State = SyncState.Failed, ActionId = "1" } };

    public static TheoryData<string, ActionResult[], string, string> Refused => new()
    {
        { "done", [ActionResult.Closed], "action-not-failed", "There is nothing to try again." },
        { "accepted", [ActionResult.Accepted], "action-not-failed", "checked without a request" },
        { "retrying", [ActionResult.Retrying], "action-not-failed", "tried again at that time" },
        { "sent", [], "action-not-failed", "Wait for its result." },
        { "pending", [], "action-not-failed", "There is nothing to do." },
        { "held", [ActionResult.Parked], "action-not-failed", "POST /brake/release" },
        { "parked", [ActionResult.Parked], "action-not-failed", "It is sent when that is fixed: said by Parked." },
        { "failed", [ActionResult.Failed], "action-not-retryable", "has no dead letter" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_has_not_failed_or_left_nothing_to_send_is_refused_with_what_to_do(string state, ActionResult[] reports, string code, string says)
    {
        var why = Assert.IsType<RetryPlan.Refuse>(RetryPlan.Of("1", InSync, Known(state, reports), null)).Why;

        Assert.Equal((code, state), (why.Problem.Code, why.State));
        Assert.Contains(says, why.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_action_is_not_found() =>
        Assert.Equal((404, "action-not-found"), Refusal(RetryPlan.Of("1", InSync, null, null)));

    /// <summary>Whatever was reported of it: one that the broker or a defect made has no report, and a timeline is cut.</summary>
    [Theory]
    [InlineData("failed", ActionResult.Failed)]
    [InlineData("sent", ActionResult.Retrying)]
    [InlineData("pending", ActionResult.Retrying)]
    [InlineData(null, ActionResult.Failed)]
    public void A_dead_letter_of_the_last_attempt_is_replayed(string? state, ActionResult last) =>
        Assert.Equal(2, Assert.IsType<RetryPlan.Replay>(RetryPlan.Of("1", Failed, state is null ? null : Known(state, last), Letter(2))).Letter.Attempt);

    /// <summary>It was replayed, and the dead letter could not be removed.</summary>
    [Fact]
    public void A_dead_letter_of_an_attempt_before_the_last_is_not() =>
        Assert.Equal((409, "action-not-failed"), Refusal(RetryPlan.Of("1", InSync, Known("done", ActionResult.Failed, ActionResult.Closed), Letter(1))));

    /// <summary>The replay was parked in between: its row is the action now.</summary>
    [Theory]
    [InlineData("parked")]
    [InlineData("held")]
    public void A_dead_letter_of_what_is_parked_is_not(string state) =>
        Assert.Equal((409, "action-not-failed"), Refusal(RetryPlan.Of("1", InSync, Known(state, ActionResult.Failed), Letter(1))));

    /// <summary>A person dropped it while the brake held it, or BigPanda accepted it 14 times; and only the close that the alert waits for.</summary>
    [Fact]
    public void A_failed_close_without_a_dead_letter_is_resolved_again()
    {
        Assert.IsType<RetryPlan.ResolveAgain>(RetryPlan.Of("1", Failed, Known("failed", ActionResult.Failed), null));
        Assert.IsType<RetryPlan.ResolveAgain>(RetryPlan.Of("1", Failed, Known("accepted", ActionResult.Accepted), null));
        Assert.Equal((409, "action-not-retryable"), Refusal(RetryPlan.Of("0", Failed, Known("failed", ActionResult.Failed), null)));
    }

    [Fact]
    public void Only_what_has_failed_may_miss_its_dead_letter_for_a_moment()
    {
        Assert.True(RetryPlan.Of("1", Failed, Known("failed", ActionResult.Failed), null).MissesLetter);
        Assert.True(RetryPlan.Of("1", InSync, Known("failed", ActionResult.Failed), null).MissesLetter);
        Assert.False(RetryPlan.Of("1", Failed, Known("failed", ActionResult.Failed), Letter(1)).MissesLetter);
        Assert.False(RetryPlan.Of("1", InSync, Known("sent", ActionResult.Released), null).MissesLetter);
        Assert.False(RetryPlan.Of("1", InSync, null, null).MissesLetter);
    }

    private static (int Status, string Code) Refusal(RetryPlan plan)
    {
        var problem = Assert.IsType<RetryPlan.Refuse>(plan).Why.Problem;
        return (problem.Status, problem.Code);
    }

    /// <summary>Each report is of the next attempt.</summary>
    private static ExplainedAction Known(string state, params ActionResult[] reports) => new(
        "1", ActionKinds.Close, Destination.BigPanda, state,
        [.. reports.Select((result, i) => new ExplainedAttempt(i + 1, result, i + 1, default, default, $"said by {result}"))], $"close 1: {state}");

    private static DeadAction Letter(int attempt)
    {
        var message = BigPanda.Functions.Actions.ActionMessages.Of(new AlertAction { Kind = ActionKinds.Close, IncidentId = "incident", ActionId = "1" });
        return new DeadAction(Queues.BigPandaActions, new Delivery(Bodies.Received(message)), attempt);
    }
}
