using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Brake;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Actions;

namespace BigPanda.Functions.Tests.Brake;

/// <summary>A page that the brake holds, with PagerDuty played, in virtual time.</summary>
public sealed class HeldPagesTests
{
    [Fact]
    public void It_is_opened_by_nothing_until_it_is_released_and_then_once_with_the_alert_as_it_is() => PagingWorld.Run(async world =>
    {
        await HoldAsync(world);
        await world.ApplyAsync(Deliveries.Updated(60, "warning"));
        // An hour later an update is planned, although the page is not open: it is held too.
        await world.WorkAsync(4000);
        await world.ApplyAsync(Deliveries.Updated(120, "critical"));
        await world.WorkAsync(60);
        var before = world.PagerDuty.Triggers.Count;
        await DecideAsync(world, drop: false);
        await world.WorkAsync(60);

        Assert.Equal((0, 1, "critical"), (before, world.PagerDuty.Incidents.Count, (string?)Assert.Single(world.PagerDuty.Triggers)["payload"]?["severity"]));
        Assert.Equal((PageStatus.Open, false), ((await world.PageAsync()).Status, (await world.PageAsync()).IsParked));
    });

    [Fact]
    public void It_is_not_opened_when_the_alert_was_resolved_before_the_release() => PagingWorld.Run(async world =>
    {
        await HoldAsync(world);
        await world.ApplyAsync(Deliveries.Closed(60));
        await world.WorkAsync(60);
        await DecideAsync(world, drop: false);
        await world.WorkAsync(60);

        Assert.Empty(world.PagerDuty.Triggers);
        Assert.True((await world.PageAsync()).IsOver);
    });

    [Fact]
    public void Dropped_it_says_so_and_the_next_episode_is_paged() => PagingWorld.Run(async world =>
    {
        await HoldAsync(world);
        await DecideAsync(world, drop: true);
        await world.WorkAsync(60);
        await world.ApplyAsync(Deliveries.Updated(120, "critical"));
        await world.WorkAsync(4000);
        Assert.Empty(world.PagerDuty.Triggers);
        Assert.Contains("page: ada dropped what the brake held: this episode of the alert is not paged", await world.TimelineAsync());

        await world.ApplyAsync(Deliveries.Closed(5000));
        await world.ApplyAsync(Deliveries.Reopened(5060));
        await world.WorkAsync(60);

        Assert.Single(world.PagerDuty.Triggers);
    });

    /// <summary>The process has died before its message was settled; the decision has not reached its row yet.</summary>
    [Fact]
    public void An_update_that_was_to_open_it_and_was_dropped_is_not_sent_by_a_second_delivery() => PagingWorld.Run(async world =>
    {
        await HoldAsync(world);
        await world.WorkAsync(4000);
        await world.ApplyAsync(Deliveries.Updated(120, "critical"));
        var message = Assert.Single(world.Bus.Waiting, one => one.Queue == Queues.PagerDutyActions);
        world.Bus.Waiting.Remove(message);
        await world.HandleAsync(message, world.Instance);
        var release = new BrakeRelease(world.Now, "ada", true, null);
        await world.Instance.Get<BrakeStore>().ReleaseAsync(BrakeKind.Pages, 1, release, CancellationToken.None);
        await world.HandleAsync(message with { Deliveries = 2 }, world.Instance);

        Assert.Empty(world.PagerDuty.Triggers);
    });

    /// <summary>The end of a page that is open is never held.</summary>
    [Fact]
    public void What_is_open_is_updated_and_resolved_while_the_brake_holds() => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(60);
        await CountAsync(world);
        await world.ApplyAsync(Deliveries.Updated(60, "warning"));
        await world.WorkAsync(60);
        await world.ApplyAsync(Deliveries.Closed(120));
        await world.WorkAsync(60);

        Assert.Equal((2, "resolved"), (world.PagerDuty.Triggers.Count, world.PagerDuty.Incidents[0].Status));
    });

    private static async Task HoldAsync(PagingWorld world)
    {
        await CountAsync(world);
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(10);
        var page = await world.PageAsync();
        Assert.Equal((true, PageStatus.Opening), (page.IsParked, page.Status));
        Assert.StartsWith("held by the brake: more than 2000 pages in ten minutes", page.LastError, StringComparison.Ordinal);
    }

    private static Task CountAsync(PagingWorld world)
    {
        var action = new AlertAction { Kind = PageActionKinds.Trigger, IncidentId = "other", ActionId = "page-1", Destination = Destination.PagerDuty };
        return world.Instance.Get<BrakeCounter>().CountAsync(
            new Alert { IncidentId = "other" }, Enumerable.Repeat(action, 2001), CancellationToken.None);
    }

    private static async Task DecideAsync(PagingWorld world, bool drop)
    {
        var release = new BrakeRelease(world.Now, "ada", drop, null);
        await world.Instance.Get<BrakeStore>().ReleaseAsync(BrakeKind.Pages, 1, release, CancellationToken.None);
        await world.Instance.Get<HeldRelease>().RunAsync(world.Now, CancellationToken.None);
    }
}
