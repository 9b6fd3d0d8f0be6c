using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using Moq;

namespace BigPanda.Functions.Tests.Actions;

/// <summary>What a replay of a dead letter of an action would do.</summary>
public sealed class ActionDeadLettersTests
{
    private readonly Mock<IActionTarget> _target = new();

    public ActionDeadLettersTests()
    {
        _target.Setup(target => target.Destination).Returns(Destination.BigPanda);
        _target.Setup(target => target.Name).Returns("BigPanda");
    }

    [Theory]
    [InlineData(DestinationMode.On, false, "the close is tried again in BigPanda, on the whole schedule")]
    [InlineData(DestinationMode.On, true, "the verification of the close is tried again in BigPanda, on the whole schedule")]
    [InlineData(DestinationMode.Off, true, "the verification of the close is tried again in BigPanda, on the whole schedule")]
    [InlineData(DestinationMode.Off, false, "the close is parked, because the mode of BigPanda is not on")]
    [InlineData(DestinationMode.Shadow, false, "the close is parked, because the mode of BigPanda is not on")]
    public async Task A_wanted_action_is_sent_and_parked_where_its_destination_is_not_on(DestinationMode mode, bool isVerification, string what) =>
        Assert.Equal(new ReplayForecast.Send(what), await ForecastAsync(mode, isVerification));

    [Fact]
    public async Task An_action_that_is_no_longer_wanted_is_dropped_with_the_reason()
    {
        _target.Setup(target => target.FindObjectionAsync(It.IsAny<ActionDelivery>(), It.IsAny<CancellationToken>())).ReturnsAsync("the alert fires again");

        Assert.Equal(new ReplayForecast.Drop("the alert fires again"), await ForecastAsync(DestinationMode.On, false));
    }

    private Task<ReplayForecast> ForecastAsync(DestinationMode mode, bool isVerification)
    {
        var message = ActionMessages.Of(new AlertAction { Kind = ActionKinds.Close, IncidentId = "incident", ActionId = "1" });
        if (isVerification) message.ApplicationProperties[MessageProperties.Stage] = MessageProperties.Verify;
        var letters = new ActionDeadLetters(_target.Object, new AlertPolicy { BigPanda = mode });
        return letters.ForecastAsync(new Delivery(Bodies.Received(message)), default, CancellationToken.None);
    }
}
