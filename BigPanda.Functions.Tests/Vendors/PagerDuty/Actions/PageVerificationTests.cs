using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Actions;

/// <summary>PagerDuty's 202 is not proof: what it accepted is looked for, in virtual time.</summary>
public sealed class PageVerificationTests
{
    private static readonly Fate Dropped = new(IsDropped: true);

    [Fact]
    public void A_search_that_lags_behind_is_waited_for() => PagingWorld.Run(async world =>
    {
        world.PagerDuty.SearchLag = TimeSpan.FromSeconds(100);
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync();

        Assert.Equal((1, 4), (world.PagerDuty.Count("trigger"), world.PagerDuty.Count("GET incidents")));
        Assert.Equal("P1", (await world.PageAsync()).Incident?.Id);
        Assert.Equal(2, (await world.TimelineAsync()).Count(entry => entry.StartsWith("page: ", StringComparison.Ordinal)));
    });

    [Fact]
    public void A_page_that_was_lost_is_sent_once_more() => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what == "trigger" && world.PagerDuty.Count(what) == 1 ? Dropped : null;
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync();

        Assert.Equal((2, "P1"), (world.PagerDuty.Count("trigger"), (await world.PageAsync()).Incident?.Id));
        Assert.InRange((world.PagerDuty.Calls.Last(call => call.What == "trigger").At - world.PagerDuty.Calls[0].At).TotalSeconds, 150, 160);
        Assert.Contains("page: PagerDuty accepted the page and shows no incident for it: it was sent once more", await world.TimelineAsync());
    });

    [Fact]
    public void A_page_that_PagerDuty_suppresses_is_sent_twice_and_said() => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what == "trigger" ? Dropped : null;
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(TimeSpan.FromDays(1));

        Assert.Equal((2, 8), (world.PagerDuty.Count("trigger"), world.PagerDuty.Count("GET incidents")));
        Assert.Contains(await world.TimelineAsync(), entry => entry.Contains("check the event rules of the service", StringComparison.Ordinal));
        Assert.Empty(world.Bus.DeadLetters);
        Assert.False((await world.PageAsync()).IsPending);
    });

    [Fact]
    public void A_resolve_that_was_lost_is_sent_once_more() => PagingWorld.Run(async world =>
    {
        await FireAndCloseAsync(world, what => what == "resolve" && world.PagerDuty.Count(what) == 1 ? Dropped : null);

        Assert.Equal((2, "resolved"), (world.PagerDuty.Count("resolve"), world.PagerDuty.Incidents[0].Status));
        Assert.Contains("page-resolve: PagerDuty shows incident P1 as resolved", await world.TimelineAsync());
    });

    [Fact]
    public void A_resolve_without_effect_fails_and_says_what_to_do() => PagingWorld.Run(async world =>
    {
        await FireAndCloseAsync(world, what => what == "resolve" ? Dropped : null);

        Assert.Equal(2, world.PagerDuty.Count("resolve"));
        const string Said = "PagerDuty accepted the resolve twice and still shows incident P1 as open. Resolve it in PagerDuty";
        Assert.Equal((Queues.PagerDutyActions, "ActionFailed", Said), Assert.Single(world.Bus.DeadLetters));
        Assert.Equal(Said, (await world.PageAsync()).LastError);
    });

    [Fact]
    public void A_page_that_a_person_reopened_is_not_resolved_again() => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(60);
        await world.ApplyAsync(Deliveries.Closed(60));
        await world.WorkAsync(5);
        await world.ApplyAsync(Deliveries.Reopened(65));
        world.PagerDuty.Incidents[0].Change("triggered", "grace", world.Now);
        await world.WorkAsync(120);

        Assert.Equal(1, world.PagerDuty.Count("resolve"));
    });

    [Fact]
    public void A_resolve_that_no_webhook_brings_is_found() => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(5);
        world.PagerDuty.Incidents[0].Change("resolved", "grace", world.Now);
        await world.WorkAsync();

        var alert = await world.LoadAsync();
        Assert.Equal((PageStatus.Resolved, AlertStatus.Resolved), (alert.PagerDuty?.Latest?.Status, alert.Life.Status));
        Assert.Equal((ResolvedVia.PagerDuty, "grace"), (alert.Life.ResolvedVia, alert.Life.ResolvedBy));
        Assert.Single(world.InBigPanda);
    });

    [Fact]
    public void A_page_that_an_event_resolved_which_we_did_not_send_is_replaced() => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(5);
        world.PagerDuty.Incidents[0].Change("resolved", null, world.Now);
        await world.WorkAsync();

        Assert.Equal(["resolved", "triggered"], world.PagerDuty.Incidents.Select(incident => incident.Status));
        Assert.True((await world.LoadAsync()).IsFiring);
        Assert.Empty(world.InBigPanda);
    });

    [Fact]
    public void The_webhook_of_the_same_resolve_comes_first_and_counts() => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(5);
        world.PagerDuty.Incidents[0].Change("resolved", "grace", world.Now);
        await world.WorkAsync(30);
        await world.ApplyWebhookAsync(PageChange.Resolved, "grace");
        await world.WorkAsync();

        Assert.Single(world.InBigPanda);
        Assert.Single(await world.TimelineAsync(), entry => entry.StartsWith("resolve: ", StringComparison.Ordinal));
    });

    [Fact]
    public void A_verification_waits_for_REST_without_a_word() => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what.StartsWith("GET", StringComparison.Ordinal) ? new Fate(Status: 503) : null;
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(1800);
        Assert.Equal((null, null), ((await world.PageAsync()).LastError, (await world.PageAsync()).Incident));
        Assert.InRange(world.PagerDuty.Count("GET incidents"), 10, 31);
        world.PagerDuty.Fates = _ => null;
        await world.WorkAsync(120);

        Assert.Equal((1, "P1"), (world.PagerDuty.Count("trigger"), (await world.PageAsync()).Incident?.Id));
    });

    private static async Task FireAndCloseAsync(PagingWorld world, Func<string, Fate?> fates)
    {
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(60);
        world.PagerDuty.Fates = fates;
        await world.ApplyAsync(Deliveries.Closed(60));
        await world.WorkAsync();
    }
}
