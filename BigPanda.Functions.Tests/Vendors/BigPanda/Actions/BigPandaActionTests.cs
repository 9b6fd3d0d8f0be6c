using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using BigPanda.Functions.Vendors.BigPanda.Actions;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Actions;

public sealed class BigPandaActionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void An_action_comes_back_whole_from_the_queue(int index)
    {
        BigPandaAction action = index switch
        {
            0 => new CloseIncidentAction("incident", "2.1", "env-1", "Resolved by ada.") { AttemptsBefore = 3 },
            1 => new AddCommentAction("incident", "comment-1", null, "said") { OtherEnvironmentIds = ["env-2"] },
            _ => new SendCallbackAction("incident", "callback-main", "main", Deliveries.Start),
        };

        var received = ActionMessages.Read(Bodies.Received(ActionMessages.Of(action.ToAction())));

        Assert.Equal(action.ToAction(), received);
        Assert.Equivalent(action, BigPandaAction.Read(received), strict: true);
    }

    [Fact]
    public void An_action_that_this_build_does_not_know_is_unreadable() => Assert.StartsWith(
        "Not an action in BigPanda: ",
        Assert.Throws<MessageUnreadableException>(
            () => BigPandaAction.Read(new AlertAction { Kind = "unknown", IncidentId = "incident", ActionId = "1" })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void The_environment_of_the_webhook_is_tried_before_the_others()
    {
        var action = new AddCommentAction("incident", "comment-1", "env-1", "said");

        Assert.Equal(["env-1"], action.Environments);
        Assert.Equal(["env-1", "env-2"], (action with { OtherEnvironmentIds = ["env-2"] }).Environments);
    }
}
