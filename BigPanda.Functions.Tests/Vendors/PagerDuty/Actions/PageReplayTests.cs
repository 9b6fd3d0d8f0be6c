using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Actions;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Actions;

/// <summary>Dead letters of pages: in virtual time.</summary>
public sealed class PageReplayTests
{
    private static readonly Fate Refused = new(Status: 400, Body: """{"status":"invalid event","message":"Event object is invalid"}""");

    [Fact]
    public void A_page_that_PagerDuty_refused_is_opened_by_its_replay_and_not_after_the_alert_was_resolved() => PagingWorld.Run(async world =>
    {
        var letter = await RefuseAsync(world, () => world.ApplyAsync(Deliveries.New(0)));
        Assert.IsType<ReplayForecast.Send>(await ForecastAsync(world, letter));

        world.Bus.Add(Queues.PagerDutyActions, ReplayCopy.Of(Queues.PagerDutyActions, letter, null));
        await world.WorkAsync();
        Assert.Single(world.PagerDuty.Open);
        Assert.False((await world.PageAsync()).HasFailed);

        await world.ApplyAsync(Deliveries.Closed(10));
        await world.WorkAsync();
        Assert.Empty(world.PagerDuty.Open);
        Assert.Equal("the page is over", Assert.IsType<ReplayForecast.Drop>(await ForecastAsync(world, letter)).Detail);
    });

    [Fact]
    public void A_resolve_that_PagerDuty_refused_is_sent_by_its_replay() => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync();
        var letter = await RefuseAsync(world, () => world.ApplyAsync(Deliveries.Closed(10)));
        Assert.Single(world.PagerDuty.Open);
        Assert.IsType<ReplayForecast.Send>(await ForecastAsync(world, letter));

        world.Bus.Add(Queues.PagerDutyActions, ReplayCopy.Of(Queues.PagerDutyActions, letter, null));
        await world.WorkAsync();

        Assert.Empty(world.PagerDuty.Open);
    });

    /// <summary>The dead letter of the action that the step leads to.</summary>
    private static async Task<Delivery> RefuseAsync(PagingWorld world, Func<Task> step)
    {
        world.PagerDuty.Fates = _ => Refused;
        await step();
        var action = Assert.Single(world.Bus.Waiting, waiting => waiting.Queue == Queues.PagerDutyActions).Received;
        await world.WorkAsync();
        Assert.Single(world.Bus.DeadLetters);
        world.PagerDuty.Fates = _ => null;
        return new Delivery(action);
    }

    private static Task<ReplayForecast> ForecastAsync(PagingWorld world, Delivery letter) =>
        new ActionDeadLetters(world.Instance.Get<PagerDutyTarget>(), new AlertPolicy { PagerDuty = DestinationMode.On })
            .ForecastAsync(letter, letter.Message.Body.ToMemory(), CancellationToken.None);
}
