using System.Diagnostics.Metrics;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Actions;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace BigPanda.Functions.Tests.Actions;

/// <summary>What a replay of a dead letter of an action would do.</summary>
public sealed class ActionDeadLettersTests : IAsyncDisposable
{
    private readonly Mock<IActionTarget> _target = new();
    private readonly ManualTimeProvider _time = new();
    private readonly ActionQueue _bus = new();

    public ActionDeadLettersTests()
    {
        _target.Setup(target => target.Destination).Returns(Destination.BigPanda);
        _target.Setup(target => target.Name).Returns("BigPanda");
    }

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

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

    /// <summary>Behind the report of the failure by attempt and time, and before those that follow, although this instance's clock is off.</summary>
    [Fact]
    public async Task The_alert_learns_who_sends_it_again_in_one_message_however_often()
    {
        var failedAt = Deliveries.At(60);
        var message = ActionMessages.Of(new AlertAction { Kind = ActionKinds.Close, IncidentId = "incident", ActionId = "1", AttemptsBefore = 1 });
        message.ApplicationProperties[MessageProperties.Attempts] = 3;
        message.ApplicationProperties[MessageProperties.DeadLetteredAt] = failedAt.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        var letter = new Delivery(Bodies.Received(message));

        await Letters(DestinationMode.On).AnnounceAsync(letter, "ada", CancellationToken.None);
        _time.Advance(TimeSpan.FromHours(1));
        await Letters(DestinationMode.On).AnnounceAsync(letter, "ada", CancellationToken.None);

        Assert.Single(_bus.Sent.Select(sent => sent.Message.MessageId).Distinct());
        var (queue, sent) = _bus.Sent[0];
        var report = Assert.IsType<ActionReported>(AlertEventMessages.Read(Bodies.Received(sent), sent.Body));
        Assert.Equal(
            (Queues.AlertEvents, ActionResult.Released, 5, failedAt.AddMilliseconds(1), "ada", "ada tries it again"),
            (queue, report.Result, report.Attempt, report.At, report.Actor, report.Detail));
        Assert.Equal(6, ActionDelivery.Of(new Delivery(Bodies.Received(ReplayCopy.Of(Queues.BigPandaActions, letter, null))), CancellationToken.None).Attempt);
    }

    private Task<ReplayForecast> ForecastAsync(DestinationMode mode, bool isVerification)
    {
        var message = ActionMessages.Of(new AlertAction { Kind = ActionKinds.Close, IncidentId = "incident", ActionId = "1" });
        if (isVerification) message.ApplicationProperties[MessageProperties.Stage] = MessageProperties.Verify;
        return Letters(mode).ForecastAsync(new Delivery(Bodies.Received(message)), default, CancellationToken.None);
    }

    private ActionDeadLetters Letters(DestinationMode mode)
    {
        var metrics = new AppMetrics(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
        var reports = new ActionReports(new MessageSender(_bus, new BrokerGate(_time), new RecentEvents(_time)), metrics);
        return new ActionDeadLetters(_target.Object, new AlertPolicy { BigPanda = mode }, reports, _time);
    }
}
