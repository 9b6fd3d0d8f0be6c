using BigPanda.Functions.Actions;
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
}
