using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Tests.Support;

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

    /// <summary>While it is tried again no update is planned beside it, and the alert does not show it as failed.</summary>
    [Fact]
    public void A_page_that_is_tried_again_is_under_way() => PagingWorld.Run(async world =>
    {
        var letter = await RefuseAsync(world, () => world.ApplyAsync(Deliveries.New(0)));
        Assert.Equal((true, false), ((await world.PageAsync()).HasFailed, (await world.PageAsync()).IsPending));

        await LettersOf(world).AnnounceAsync(letter, "ada", CancellationToken.None);
        await world.WorkAsync();

        var page = await world.PageAsync();
        Assert.Equal((false, true, PageStatus.Opening), (page.HasFailed, page.IsPending, page.Status));
        Assert.Contains($"{PageActionKinds.Trigger}: ada tries it again", await world.TimelineAsync());
        Assert.Empty(world.Bus.Waiting);

        world.Bus.Add(Queues.PagerDutyActions, ReplayCopy.Of(Queues.PagerDutyActions, letter, null));
        await world.WorkAsync();
        page = await world.PageAsync();
        Assert.Equal((false, false, PageStatus.Open), (page.HasFailed, page.IsPending, page.Status));
        Assert.Single(world.PagerDuty.Open);
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
        LettersOf(world).ForecastAsync(letter, letter.Message.Body.ToMemory(), CancellationToken.None);

    private static IDeadLetterReader LettersOf(PagingWorld world) =>
        world.Instance.Get<IEnumerable<IDeadLetterReader>>().Single(reader => reader.Queue == Queues.PagerDutyActions);
}
