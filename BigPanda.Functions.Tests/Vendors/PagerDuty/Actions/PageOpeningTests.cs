using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Actions;

/// <summary>What whoever resolves a page has seen, where the answer to the event that opened it is lost.</summary>
public sealed class PageOpeningTests
{
    /// <summary>The alert has fired again between the plan for the page and the first event, which shows that.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_resolve_counts_for_what_the_page_was_opened_with(bool hasWebhook) => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what == "trigger" ? Fate.Lost : null;
        await world.ApplyAsync(Deliveries.New(0));
        await FireAgainAsync(world);
        await world.WorkAsync(3);
        world.PagerDuty.Incidents[0].Change("resolved", "grace", world.Now);
        if (hasWebhook) await world.ApplyWebhookAsync(PageChange.Resolved, "grace");
        await world.WorkAsync();

        var alert = await world.LoadAsync();
        Assert.Equal((2, AlertStatus.Resolved, "grace"), (alert.Life.Episode, alert.Life.Status, alert.Life.ResolvedBy));
        Assert.Equal("close", Assert.Single(world.InBigPanda).Kind);
        Assert.Single(world.PagerDuty.Incidents);
    });

    /// <summary>The first event may have opened it, as far as is known, and did not show that.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_resolve_does_not_count_for_what_only_a_later_event_shows(bool isFirstLost) => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what != "trigger" ? null : isFirstLost && world.PagerDuty.Count(what) == 1 ? new Fate(Status: 500) : Fate.Lost;
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(3);
        await FireAgainAsync(world);
        await world.WorkAsync(10);
        world.PagerDuty.Incidents[0].Change("resolved", "grace", world.Now);
        await world.ApplyWebhookAsync(PageChange.Resolved, "grace");
        world.PagerDuty.Fates = _ => null;
        await world.WorkAsync();

        var alert = await world.LoadAsync();
        Assert.Equal((2, AlertStatus.Firing, PageStatus.Open), (alert.Life.Episode, alert.Life.Status, alert.PagerDuty?.Latest?.Status));
        Assert.Equal((2, 1), (world.PagerDuty.Incidents.Count, world.PagerDuty.Open.Count()));
        Assert.Empty(world.InBigPanda);
    });

    /// <summary>PagerDuty has accepted the update that shows the next episode, and says when; the clocks differ.</summary>
    [Theory]
    [InlineData(-3600, 5, AlertStatus.Resolved)]
    [InlineData(-3600, -5, AlertStatus.Firing)]
    [InlineData(3600, 5, AlertStatus.Resolved)]
    [InlineData(3600, -5, AlertStatus.Firing)]
    public void Whether_a_resolve_came_before_an_update_is_judged_by_PagerDutys_clock(int ahead, int after, AlertStatus expected) => PagingWorld.Run(
        async world =>
        {
            world.PagerDuty.IsAheadBy = TimeSpan.FromSeconds(ahead);
            world.Policy = world.Policy with { ResolveDelaySeconds = 300 };
            await world.ApplyAsync(Deliveries.New(0));
            await world.WorkAsync(60);
            await world.ApplyAsync(Deliveries.Closed(60));
            await world.ApplyAsync(Deliveries.Reopened(61));
            await world.WorkAsync(60);
            var updatedAt = world.PagerDuty.Calls.Last(call => call.What == "trigger").At;
            await world.ApplyWebhookAsync(PageChange.Resolved, "grace", updatedAt.AddSeconds(ahead + after));

            Assert.Equal((2, expected), ((await world.LoadAsync()).Life.Episode, (await world.LoadAsync()).Life.Status));
        });

    /// <summary>Two instances have the action: one has loaded the alert before it changed, and opens the page behind the other's first write.</summary>
    [Fact]
    public void Of_two_first_events_the_one_that_shows_less_counts()
    {
        List<string?> opened = [];
        var hasInterfered = true;
        for (var request = 1; hasInterfered; request++) PagingWorld.Run(async world =>
        {
            await using var other = world.NewInstance();
            var isOther = false;
            world.PagerDuty.Fates = what => what == "trigger" && isOther ? new Fate(Status: 500) : null;
            await world.ApplyAsync(Deliveries.New(0));
            var message = Assert.Single(world.Bus.Waiting, one => one.Queue == Queues.PagerDutyActions);
            world.Tables.Before(request, async () =>
            {
                await world.ApplyAsync(Deliveries.Updated(60, "warning"));
                isOther = true;
                await world.HandleAsync(message, other);
                isOther = false;
            });
            await world.HandleAsync(message, world.Instance);

            hasInterfered = world.Tables.HasInterfered;
            // Or it waits for the other's place in the rate limit.
            if (world.PagerDuty.Triggers is not [var trigger]) return;
            opened.Add((string?)trigger["payload"]?["severity"]);
            var stored = await world.StoredAsync(await world.PageAsync());
            Assert.Equal(opened[^1] == "warning" ? Deliveries.At(60) : Deliveries.At(0), stored?.Opening?.Newest.Moment.ChangedAt);
        });

        Assert.Contains("warning", opened);
        Assert.Contains("critical", opened);
    }

    private static async Task FireAgainAsync(PagingWorld world)
    {
        await world.ApplyAsync(Deliveries.Reopened(20));
        await world.ApplyAsync(Deliveries.Closed(10));
    }
}
