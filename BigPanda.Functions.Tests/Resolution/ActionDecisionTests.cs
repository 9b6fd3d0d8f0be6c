using BigPanda.Functions.Alerts;
using BigPanda.Functions.Http;
using BigPanda.Functions.Resolution;

namespace BigPanda.Functions.Tests.Resolution;

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

    [Fact]
    public void What_BigPanda_asks_for_is_passed_on()
    {
        var decided = ActionDecision.Of("close", new ApiOutcome(ApiResult.Unavailable, 429, "busy", TimeSpan.FromSeconds(7)), attempt: 1);

        Assert.Equal((ActionResult.Retrying, TimeSpan.FromSeconds(7)), (decided.Result, decided.After));
    }
}
