using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Actions;

/// <summary>
/// A page is one incident in PagerDuty, open while the alert fires and resolved after it, whatever is lost, late or done twice: in virtual time.
/// </summary>
public sealed class PageOnceTests
{
    [Fact]
    public void An_alert_is_paged_updated_and_resolved() => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(60);
        Assert.Equal((PageStatus.Open, "P1"), ((await world.PageAsync()).Status, (await world.PageAsync()).Incident?.Id));
        await world.ApplyAsync(Deliveries.Updated(60, "warning"));
        await world.WorkAsync(60);
        await world.ApplyAsync(Deliveries.Closed(120));
        await world.WorkAsync();

        Assert.Equal(["critical", "warning"], world.PagerDuty.Triggers.Select(trigger => (string?)trigger["payload"]?["severity"]));
        Assert.Equal((1, "resolved"), (world.PagerDuty.Incidents.Count, world.PagerDuty.Incidents[0].Status));
        var page = await world.PageAsync();
        Assert.Equal((PageStatus.Resolved, false, null), (page.Status, page.IsPending, page.LastError));
        var stored = await world.StoredAsync(page);
        Assert.Equal((true, "P1", 2, 1), (stored?.IsOver, stored?.Incident?.Id, stored?.Triggers, stored?.Resolves));
        Assert.Contains("page: PagerDuty shows the page as incident P1", await world.TimelineAsync());
        Assert.Contains("page-resolve: PagerDuty shows incident P1 as resolved", await world.TimelineAsync());
        Assert.Empty(world.InBigPanda);
    });

    [Fact]
    public void Without_a_REST_key_nothing_is_read() => PagingWorld.Run(
        async world =>
        {
            await world.ApplyAsync(Deliveries.New(0));
            await world.WorkAsync(60);
            await world.ApplyAsync(Deliveries.Closed(60));
            await world.WorkAsync();

            Assert.Equal(["trigger", "resolve"], world.PagerDuty.Calls.Select(call => call.What));
            Assert.Equal(PageStatus.Resolved, (await world.PageAsync()).Status);
        },
        hasRestKey: false);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_lost_answer_opens_no_second_incident(bool hasRestKey) => PagingWorld.Run(
        async world =>
        {
            world.PagerDuty.Fates = what => what == "trigger" && world.PagerDuty.Count(what) == 1 ? Fate.Lost : null;
            await world.ApplyAsync(Deliveries.New(0));
            await world.WorkAsync();

            Assert.Equal((2, 1), (world.PagerDuty.Count("trigger"), world.PagerDuty.Incidents.Count));
            Assert.Equal(PageStatus.Open, (await world.PageAsync()).Status);
        },
        hasRestKey);

    /// <summary>The webhook may come before the retry, after it, or not at all.</summary>
    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    [InlineData("never")]
    public void A_page_that_was_opened_unknown_to_us_and_resolved_there_is_not_opened_again(string webhook) => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what == "trigger" && world.PagerDuty.Count(what) == 1 ? Fate.Lost : null;
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(20);
        world.PagerDuty.Incidents[0].Change("resolved", "grace", world.Now);
        if (webhook == "before") await world.ApplyWebhookAsync(PageChange.Resolved, "grace");
        await world.WorkAsync(60);
        if (webhook == "after") await world.ApplyWebhookAsync(PageChange.Resolved, "grace");
        await world.WorkAsync();

        Assert.Equal((1, 1), (world.PagerDuty.Count("trigger"), world.PagerDuty.Incidents.Count));
        var alert = await world.LoadAsync();
        Assert.Equal((PageStatus.Resolved, AlertStatus.Resolved, "grace"), (alert.PagerDuty?.Latest?.Status, alert.Life.Status, alert.Life.ResolvedBy));
        Assert.Equal("close", Assert.Single(world.InBigPanda).Kind);
    });

    /// <summary>PagerDuty drops a resolve that overtakes the event that opens the page.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_page_that_opens_behind_its_resolve_is_resolved_again(bool hasRestKey) => PagingWorld.Run(
        async world =>
        {
            world.PagerDuty.Fates = what => what == "trigger" ? new Fate(ArrivesAfter: TimeSpan.FromSeconds(20)) : null;
            await world.ApplyAsync(Deliveries.New(0));
            await world.WorkAsync(2);
            await world.ApplyAsync(Deliveries.Closed(2));
            await world.WorkAsync();

            Assert.Equal((1, 0), (world.PagerDuty.Incidents.Count, world.PagerDuty.Open.Count()));
            Assert.Equal(1, world.PagerDuty.Count("trigger"));
            Assert.Equal(PageStatus.Resolved, (await world.PageAsync()).Status);
        },
        hasRestKey);

    [Fact]
    public void A_page_that_is_over_before_its_turn_is_never_opened() => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what == "trigger" ? new Fate(Status: 429) : null;
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(2);
        world.PagerDuty.Fates = _ => null;
        await world.ApplyAsync(Deliveries.Closed(2));
        await world.WorkAsync();

        Assert.Empty(world.PagerDuty.Incidents);
        Assert.Equal(1, world.PagerDuty.Count("trigger"));
        Assert.Contains("page-resolve: PagerDuty shows no incident for the page", await world.TimelineAsync());
    });

    /// <summary>The lock was lost while the first delivery ran.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Two_deliveries_of_one_message_at_once_open_one_incident(int instances) => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        var message = Assert.Single(world.Bus.Waiting, one => one.Queue == Queues.PagerDutyActions);
        world.Bus.Waiting.Remove(message);
        await using var other = world.NewInstance();
        await Task.WhenAll(
            world.HandleAsync(message, world.Instance), world.HandleAsync(message with { Deliveries = 2 }, instances == 1 ? world.Instance : other));
        await world.WorkAsync();

        Assert.Single(world.PagerDuty.Incidents);
        Assert.Equal(PageStatus.Open, (await world.PageAsync()).Status);
    });

    /// <summary>The first delivery has opened the page and lost its lock; a person has resolved it since.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_second_delivery_does_not_open_a_page_that_was_resolved_meanwhile(bool isReported) => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        var message = Assert.Single(world.Bus.Waiting, one => one.Queue == Queues.PagerDutyActions);
        world.Bus.Waiting.Remove(message);
        await world.HandleAsync(message, world.Instance);
        // What the first delivery reported is under way, or done.
        if (isReported) await world.WorkAsync(1);
        world.PagerDuty.Incidents[0].Change("resolved", "grace", world.Now);
        await world.HandleAsync(message with { Deliveries = 2 }, world.Instance);
        await world.WorkAsync();

        Assert.Single(world.PagerDuty.Incidents);
        Assert.Equal("grace", (await world.LoadAsync()).Life.ResolvedBy);
        Assert.Single(world.InBigPanda);
    });

    /// <summary>It has asked PagerDuty, and then waits for the rate limit while a person resolves the page; the webhook is late.</summary>
    [Fact]
    public void A_second_delivery_asks_again_when_it_has_waited_for_its_turn() => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        var message = Assert.Single(world.Bus.Waiting, one => one.Queue == Queues.PagerDutyActions);
        world.Bus.Waiting.Remove(message);
        await world.HandleAsync(message, world.Instance);
        await world.PauseEventsAsync(30);
        var second = world.HandleAsync(message with { Deliveries = 2 }, world.Instance);
        await world.DelayUntilAsync(world.Now.AddSeconds(15), CancellationToken.None);
        Assert.Equal(1, world.PagerDuty.Count("GET incidents"));
        world.PagerDuty.Incidents[0].Change("resolved", "grace", world.Now);
        await second;
        await world.WorkAsync();

        Assert.Equal(("resolved", 1), (Assert.Single(world.PagerDuty.Incidents).Status, world.PagerDuty.Triggers.Count));
        Assert.Equal("grace", (await world.LoadAsync()).Life.ResolvedBy);
    });

    /// <summary>Each answer of PagerDuty is old when the turn of the event comes.</summary>
    [Fact]
    public void A_page_is_opened_although_each_turn_comes_late() => PagingWorld.Run(async world =>
    {
        List<Task> pauses = [];
        world.PagerDuty.Fates = what =>
        {
            if (what == "GET incidents" && world.PagerDuty.Triggers.Count == 0) pauses.Add(world.PauseEventsAsync(12));
            return null;
        };
        await world.ApplyAsync(Deliveries.New(0));
        var message = Assert.Single(world.Bus.Waiting, one => one.Queue == Queues.PagerDutyActions);
        world.Bus.Waiting.Remove(message);
        await world.HandleAsync(message with { Deliveries = 2 }, world.Instance);
        await Task.WhenAll(pauses);

        Assert.Equal((3, 1), (pauses.Count, world.PagerDuty.Triggers.Count));
        Assert.Equal("triggered", Assert.Single(world.PagerDuty.Incidents).Status);
    });

    [Fact]
    public void Without_a_REST_key_the_report_of_the_first_delivery_keeps_a_second_from_opening_it_again() => PagingWorld.Run(
        async world =>
        {
            await world.ApplyAsync(Deliveries.New(0));
            var message = Assert.Single(world.Bus.Waiting, one => one.Queue == Queues.PagerDutyActions);
            await world.WorkAsync(1);
            world.PagerDuty.Incidents[0].Change("resolved", "grace", world.Now);
            await world.HandleAsync(message with { Deliveries = 2 }, world.Instance);
            await world.WorkAsync();

            Assert.Equal((1, 1), (world.PagerDuty.Count("trigger"), world.PagerDuty.Incidents.Count));
        },
        hasRestKey: false);

    [Fact]
    public void Every_delivery_twice_ends_the_same() => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        foreach (var (evt, seconds) in new (AlertEvent, int)[] { (Deliveries.Updated(60, "warning"), 60), (Deliveries.Closed(120), 120) })
        {
            world.Bus.LosesLocks = true;
            await world.WorkAsync(5);
            world.Bus.LosesLocks = false;
            await world.WorkAsync(55);
            await world.ApplyAsync(evt);
        }

        await world.WorkAsync();

        Assert.Equal((1, 0), (world.PagerDuty.Incidents.Count, world.PagerDuty.Open.Count()));
        Assert.Equal(PageStatus.Resolved, (await world.PageAsync()).Status);
    });

    /// <summary>The host stops while the call is under way; a person resolves the page before its message comes again.</summary>
    [Fact]
    public void A_page_whose_message_was_released_after_its_call_is_not_opened_again() => PagingWorld.Run(async world =>
    {
        using var stop = new CancellationTokenSource();
        world.PagerDuty.Fates = what =>
        {
            if (what != "trigger" || stop.IsCancellationRequested) return null;
            stop.Cancel();
            return Fate.Lost;
        };
        await world.ApplyAsync(Deliveries.New(0));
        var message = Assert.Single(world.Bus.Waiting, one => one.Queue == Queues.PagerDutyActions);
        world.Bus.Waiting.Remove(message);
        await world.HandleAsync(message, world.Instance, stop.Token);
        world.PagerDuty.Incidents[0].Change("resolved", "grace", world.Now);
        await world.WorkAsync();

        Assert.Equal("resolved", Assert.Single(world.PagerDuty.Incidents).Status);
        Assert.Equal("grace", (await world.LoadAsync()).Life.ResolvedBy);
    });

    [Fact]
    public void A_refire_opens_another_incident_and_links_the_one_before() => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(60);
        await world.ApplyAsync(Deliveries.Closed(60));
        await world.ApplyAsync(Deliveries.Reopened(61));
        await world.WorkAsync();

        Assert.Equal(["resolved", "triggered"], world.PagerDuty.Incidents.Select(incident => incident.Status));
        Assert.NotEqual(world.PagerDuty.Incidents[0].Key, world.PagerDuty.Incidents[1].Key);
        Assert.Equal("https://acme.pagerduty.com/incidents/P1", (string?)world.PagerDuty.Triggers[1]["links"]?[0]?["href"]);
    });
}
