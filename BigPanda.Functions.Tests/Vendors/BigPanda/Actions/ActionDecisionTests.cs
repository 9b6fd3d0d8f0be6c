using BigPanda.Functions.Actions;
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
        var decided = ActionDecision.Of("close", new ApiOutcome(ApiResult.NotAllowed, status, "no"));

        Assert.Equal(TimeSpan.FromMinutes(minutes), Assert.IsType<ActionAttempt.Park>(decided).Rest);
    }

    [Theory]
    [InlineData("close", "Done", 202, typeof(ActionAttempt.Done), "BigPanda accepted the close")]
    [InlineData("comment", "Done", 200, typeof(ActionAttempt.Done), "BigPanda accepted the comment")]
    [InlineData("callback", "Done", 200, typeof(ActionAttempt.Done), "BigPanda accepted the callback")]
    [InlineData("close", "NotSent", null, typeof(ActionAttempt.Moot), "detail")]
    [InlineData("close", "Conflict", 409, typeof(ActionAttempt.Confirmed), "the incident is already closed in BigPanda")]
    [InlineData("comment", "Conflict", 409, typeof(ActionAttempt.Confirmed), "the incident is already closed in BigPanda")]
    [InlineData("callback", "Conflict", 409, typeof(ActionAttempt.Done), "BigPanda already had the callback")]
    [InlineData("close", "NotFound", 404, typeof(ActionAttempt.Fail),
        "BigPanda does not know the incident: most likely a wrong region or environment (detail)")]
    [InlineData("callback", "NotFound", 404, typeof(ActionAttempt.Fail),
        "BigPanda does not know the incident, or the integration has no callback service (detail)")]
    [InlineData("close", "Rejected", 400, typeof(ActionAttempt.Fail), "BigPanda rejected the close (detail)")]
    [InlineData("callback", "Rejected", 400, typeof(ActionAttempt.Fail), "BigPanda rejected the callback (detail)")]
    [InlineData("close", "NotAllowed", 401, typeof(ActionAttempt.Park), "BigPanda rejected the API key (detail); the close is parked until that is fixed")]
    [InlineData("comment", "NotAllowed", 403, typeof(ActionAttempt.Park),
        "the API key's role lacks the permission Incident Actions in this environment (detail); the comment is parked until that is fixed")]
    [InlineData("callback", "NotAllowed", null, typeof(ActionAttempt.Park), "detail; the callback is parked until that is fixed")]
    [InlineData("close", "Unavailable", 503, typeof(ActionAttempt.Retry), "detail")]
    public void Each_response_of_BigPanda_has_its_result_and_its_text(string what, string result, int? status, Type expected, string detail)
    {
        var decided = ActionDecision.Of(what, new ApiOutcome(Enum.Parse<ApiResult>(result), status, "detail"));

        Assert.Equal((expected, detail), (decided.GetType(), decided.Detail));
    }

    [Fact]
    public void What_BigPanda_asks_for_is_passed_on() => Assert.Equal(
        new ActionAttempt.Retry("busy", TimeSpan.FromSeconds(7)),
        ActionDecision.Of("close", new ApiOutcome(ApiResult.Unavailable, 429, "busy", TimeSpan.FromSeconds(7))));
}
