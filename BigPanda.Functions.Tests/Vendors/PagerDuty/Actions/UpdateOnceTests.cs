using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Actions;

/// <summary>The event that updates a page opens another incident when a person has resolved the page: in virtual time.</summary>
public sealed class UpdateOnceTests
{
    [Fact]
    public void An_update_asks_again_when_it_has_waited_for_its_turn() => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(60);
        await world.ApplyAsync(Deliveries.Updated(60, "warning"));
        await world.PauseEventsAsync(30);
        var message = Assert.Single(world.Bus.Waiting, one => one.Queue == Queues.PagerDutyActions);
        world.Bus.Waiting.Remove(message);
        var update = world.HandleAsync(message, world.Instance);
        await world.DelayUntilAsync(world.Now.AddSeconds(15), CancellationToken.None);
        world.PagerDuty.Incidents[0].Change("resolved", "grace", world.Now);
        await update;
        await world.WorkAsync();

        Assert.Equal(("resolved", 1), (Assert.Single(world.PagerDuty.Incidents).Status, world.PagerDuty.Triggers.Count));
        Assert.Equal("grace", (await world.LoadAsync()).Life.ResolvedBy);
    });

    /// <summary>An update is the event that opens a page: after a resolve that the bridge does not know of it would open another.</summary>
    [Fact]
    public void An_update_of_a_page_that_was_resolved_in_PagerDuty_is_not_sent() => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(60);
        world.PagerDuty.Incidents[0].Change("resolved", "grace", world.Now);
        await world.ApplyAsync(Deliveries.Updated(60, "warning"));
        await world.WorkAsync();

        Assert.Equal((1, 1), (world.PagerDuty.Count("trigger"), world.PagerDuty.Incidents.Count));
        Assert.Equal("grace", (await world.LoadAsync()).Life.ResolvedBy);
    });

    /// <summary>The alert has fired again, and the update that shows it arrives behind the resolve, whose webhook comes late.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_resolve_before_an_update_does_not_count_for_what_the_update_shows(bool isLast) => PagingWorld.Run(
        async world =>
        {
            world.Policy = world.Policy with { ResolveDelaySeconds = 300 };
            await world.ApplyAsync(Deliveries.New(0));
            await world.WorkAsync(60);
            world.PagerDuty.Incidents[0].Change("resolved", "grace", world.Now);
            var resolvedAt = world.Now;
            await world.WorkAsync(2);
            await world.ApplyAsync(Deliveries.Closed(60));
            await world.ApplyAsync(Deliveries.Reopened(61));
            await world.WorkAsync(60);
            var opened = new PageChanged(Deliveries.IncidentId, (await world.PageAsync()).Id, PageChange.Triggered, null, null, resolvedAt.AddSeconds(2), "P2");
            if (isLast) await world.ApplyAsync(opened);
            await world.ApplyWebhookAsync(PageChange.Resolved, "grace", resolvedAt);
            if (!isLast) await world.ApplyAsync(opened);
            await world.WorkAsync();

            Assert.True((await world.LoadAsync()).IsFiring);
            Assert.Single(world.PagerDuty.Open);
            Assert.Empty(world.InBigPanda);
        },
        hasRestKey: false);

    /// <summary>It has arrived all the same, and the alert is again as it was before: for the next attempt, and for the next action.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_update_without_an_answer_is_followed_by_what_the_alert_is_then(bool isLastAttempt) => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(60);
        world.PagerDuty.Fates = what => what == "trigger" ? Fate.Lost : null;
        await world.ApplyAsync(Deliveries.Updated(60, "warning"));
        await world.WorkAsync(isLastAttempt ? 20 * 3600 : 2);
        Assert.Equal(isLastAttempt, (await world.PageAsync()).HasFailed);
        world.PagerDuty.Fates = _ => null;
        var asBefore = Deliveries.Updated(61);
        await world.ApplyAsync(asBefore with { Incident = asBefore.Incident with { Tags = Deliveries.New(0).Incident.Tags } });
        await world.WorkAsync();

        Assert.Equal("critical", (string?)world.PagerDuty.Triggers[^1]["payload"]?["severity"]);
    });

    /// <summary>Its delivery lost the lock after PagerDuty had accepted it; a person has resolved the page since.</summary>
    [Fact]
    public void An_update_that_was_accepted_is_not_sent_again() => PagingWorld.Run(
        async world =>
        {
            await world.ApplyAsync(Deliveries.New(0));
            await world.WorkAsync(60);
            await world.ApplyAsync(Deliveries.Updated(60, "warning"));
            world.Bus.LosesLocks = true;
            var message = Assert.Single(world.Bus.Waiting, one => one.Queue == Queues.PagerDutyActions);
            world.Bus.Waiting.Remove(message);
            await world.HandleAsync(message, world.Instance);
            world.Bus.LosesLocks = false;
            world.PagerDuty.Incidents[0].Change("resolved", "grace", world.Now);
            await world.WorkAsync();

            Assert.Equal((2, 1), (world.PagerDuty.Triggers.Count, world.PagerDuty.Incidents.Count));
        },
        hasRestKey: false);

    /// <summary>The webhook of the merge is lost, or late.</summary>
    [Fact]
    public void An_update_of_a_page_that_was_merged_resolves_nothing() => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(60);
        world.PagerDuty.Incidents.Add(world.PagerDuty.Incidents[0].Merge("grace", world.Now));
        await world.ApplyAsync(Deliveries.Updated(60, "warning"));
        await world.WorkAsync();

        Assert.True((await world.LoadAsync()).IsFiring);
        Assert.Empty(world.InBigPanda);
        Assert.Equal((2, 2), (world.PagerDuty.Triggers.Count, world.PagerDuty.Incidents.Count));
    });

    /// <summary>A person has resolved the page before any news of it came: the alert does not know its incident.</summary>
    [Fact]
    public void An_update_of_a_page_whose_incident_is_not_known_yet_asks_too() => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(5);
        world.PagerDuty.Incidents[0].Change("resolved", "grace", world.Now);
        await world.ApplyAsync(Deliveries.Updated(6, "warning"));
        await world.WorkAsync();

        Assert.Equal((1, 1), (world.PagerDuty.Triggers.Count, world.PagerDuty.Incidents.Count));
        Assert.Equal("grace", (await world.LoadAsync()).Life.ResolvedBy);
    });

    /// <summary>It is carried out after the page was resolved, and opens another incident.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_update_that_arrives_behind_the_end_of_its_page_is_resolved_again(bool hasRestKey) => PagingWorld.Run(
        async world =>
        {
            await world.ApplyAsync(Deliveries.New(0));
            await world.WorkAsync(60);
            var isLate = false;
            world.PagerDuty.Fates = what =>
            {
                if (what != "trigger" || isLate) return null;
                isLate = true;
                return new Fate(ArrivesAfter: TimeSpan.FromSeconds(20));
            };
            await world.ApplyAsync(Deliveries.Updated(60, "warning"));
            await world.WorkAsync(2);
            await world.ApplyAsync(Deliveries.Closed(62));
            await world.WorkAsync();

            Assert.Equal((2, 0), (world.PagerDuty.Incidents.Count, world.PagerDuty.Open.Count()));
        },
        hasRestKey);

    /// <summary>Of a page that PagerDuty has accepted and does not show.</summary>
    [Fact]
    public void A_verification_sends_nothing_while_the_mode_is_not_on() => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what == "trigger" ? new Fate(IsDropped: true) : null;
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(2);
        await using var shadow = world.NewInstance("shadow");
        while (world.Bus.Waiting.Find(one => one.Queue == Queues.PagerDutyActions) is { } verification)
        {
            world.Bus.Waiting.Remove(verification);
            await world.DelayUntilAsync(verification.Due, CancellationToken.None);
            await world.HandleAsync(verification, shadow);
        }

        Assert.Equal(1, world.PagerDuty.Count("trigger"));
        Assert.InRange(world.PagerDuty.Count("GET incidents"), 4, 6);
    });

    [Fact]
    public void An_update_asks_for_a_page_whose_opening_failed_without_an_answer() => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what switch { "trigger" => Fate.Lost, "GET incidents" => new Fate(Status: 503), _ => null };
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(TimeSpan.FromHours(20));
        Assert.Equal(PageStatus.Opening, (await world.PageAsync()).Status);
        world.PagerDuty.Fates = _ => null;
        var sent = world.PagerDuty.Triggers.Count;
        world.PagerDuty.Incidents[0].Change("resolved", "grace", world.Now);
        await world.ApplyAsync(Deliveries.Updated(60, "warning"));
        await world.WorkAsync();

        Assert.Equal((sent, "resolved"), (world.PagerDuty.Triggers.Count, Assert.Single(world.PagerDuty.Incidents).Status));
        Assert.Equal("grace", (await world.LoadAsync()).Life.ResolvedBy);
    });

    /// <summary>Whoever resolved it would be paged again. After four attempts the update counts for more.</summary>
    [Theory]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    public void An_update_waits_while_PagerDuty_cannot_show_whether_its_page_is_open(int outages, int triggers) => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(60);
        world.PagerDuty.Incidents[0].Change("resolved", "grace", world.Now);
        var seen = world.PagerDuty.Count("GET P1");
        world.PagerDuty.Fates = what => what == "GET P1" && world.PagerDuty.Count(what) <= seen + outages ? new Fate(Status: 503) : null;
        await world.ApplyAsync(Deliveries.Updated(60, "warning"));
        await world.WorkAsync();

        Assert.Equal(triggers, world.PagerDuty.Count("trigger"));
        Assert.Contains(await world.TimelineAsync(), entry => entry.Contains("PagerDuty does not show whether the page is open", StringComparison.Ordinal));
    });

    [Fact]
    public void An_update_that_shows_the_same_is_not_sent_and_holds_up_nothing() => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what == "trigger" ? new Fate(Status: 503) : null;
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(1);
        // The event that opens the page shows this already.
        await world.ApplyAsync(Deliveries.Updated(1, "warning"));
        world.PagerDuty.Fates = _ => null;
        await world.WorkAsync(120);
        await world.ApplyAsync(Deliveries.Updated(120, "critical"));
        await world.WorkAsync();

        Assert.Equal(["warning", "critical"], world.PagerDuty.Triggers.Select(trigger => (string?)trigger["payload"]?["severity"]));
        Assert.False((await world.PageAsync()).IsPending);
    });
}
