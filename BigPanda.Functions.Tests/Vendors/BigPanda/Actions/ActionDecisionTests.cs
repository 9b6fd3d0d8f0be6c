using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Vendors.BigPanda.Actions;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Actions;

public sealed class ActionDecisionTests
{
    [Theory]
    [InlineData(401, 0)]
    [InlineData(403, 60)]
    [InlineData(null, 0)]
    public void Only_a_missing_permission_makes_a_parked_action_rest(int? status, int minutes)
    {
        var decided = ActionDecision.Of("close", new ApiOutcome(ApiResult.NotAllowed, status, "no"), attempt: 1);

        Assert.Equal(ActionResult.Parked, decided.Result);
        Assert.Equal(TimeSpan.FromMinutes(minutes), decided.After ?? TimeSpan.Zero);
    }

    [Theory]
    [InlineData("close", "Done", 202, ActionResult.Accepted, "BigPanda accepted the close")]
    [InlineData("comment", "Done", 200, ActionResult.Accepted, "BigPanda accepted the comment")]
    [InlineData("callback", "Done", 200, ActionResult.Accepted, "BigPanda accepted the callback")]
    [InlineData("close", "NotSent", null, null, "detail")]
    [InlineData("close", "Conflict", 409, ActionResult.Closed, "the incident is already closed in BigPanda")]
    [InlineData("comment", "Conflict", 409, ActionResult.Closed, "the incident is already closed in BigPanda")]
    [InlineData("callback", "Conflict", 409, ActionResult.Accepted, "BigPanda already had the callback")]
    [InlineData("close", "NotFound", 404, ActionResult.Failed, "BigPanda does not know the incident: most likely a wrong region or environment (detail)")]
    [InlineData("callback", "NotFound", 404, ActionResult.Failed,
        "BigPanda does not know the incident, or the integration has no callback service (detail)")]
    [InlineData("close", "Rejected", 400, ActionResult.Failed, "BigPanda rejected the close (detail)")]
    [InlineData("callback", "Rejected", 400, ActionResult.Failed, "BigPanda rejected the callback (detail)")]
    [InlineData("close", "NotAllowed", 401, ActionResult.Parked, "BigPanda rejected the API key (detail); the close is parked until that is fixed")]
    [InlineData("comment", "NotAllowed", 403, ActionResult.Parked,
        "the API key's role lacks the permission Incident Actions in this environment (detail); the comment is parked until that is fixed")]
    [InlineData("callback", "NotAllowed", null, ActionResult.Parked, "detail; the callback is parked until that is fixed")]
    [InlineData("close", "Unavailable", 503, ActionResult.Retrying, "attempt 3 failed and will be retried: detail")]
    public void Each_response_of_BigPanda_has_its_result_and_its_text(string what, string result, int? status, ActionResult? expected, string detail)
    {
        var decided = ActionDecision.Of(what, new ApiOutcome(Enum.Parse<ApiResult>(result), status, "detail"), attempt: 3);

        Assert.Equal((expected, detail), (decided.Result, decided.Detail));
    }

    [Theory]
    [InlineData(13, ActionResult.Retrying, "attempt 13 failed and will be retried: busy")]
    [InlineData(14, ActionResult.Failed, "failed after 14 attempts; the last error: busy")]
    [InlineData(15, ActionResult.Failed, "failed after 15 attempts; the last error: busy")]
    public void The_fourteenth_attempt_is_the_last(int attempt, ActionResult result, string detail)
    {
        var decided = ActionDecision.Of("close", new ApiOutcome(ApiResult.Unavailable, 503, "busy"), attempt);

        Assert.Equal((result, detail, result == ActionResult.Failed), (decided.Result, decided.Detail, decided.After is null));
    }

    [Fact]
    public void The_delay_before_the_next_attempt_is_that_of_the_schedule_plus_a_fifth_at_most() => Assert.InRange(
        ActionDecision.Of("close", new ApiOutcome(ApiResult.Unavailable, 503, "busy"), 4).After ?? default, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(36));

    [Fact]
    public void What_BigPanda_asks_for_is_passed_on()
    {
        var decided = ActionDecision.Of("close", new ApiOutcome(ApiResult.Unavailable, 429, "busy", TimeSpan.FromSeconds(7)), attempt: 1);

        Assert.Equal((ActionResult.Retrying, TimeSpan.FromSeconds(7)), (decided.Result, decided.After));
    }
}
