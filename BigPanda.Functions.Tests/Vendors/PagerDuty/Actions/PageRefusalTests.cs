using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Actions;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Actions;

/// <summary>PagerDuty refuses, or a key is missing: in virtual time.</summary>
public sealed class PageRefusalTests
{
    [Fact]
    public void A_400_is_final_and_is_shown_with_PagerDutys_words() => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = _ => new Fate(
            Status: 400, Body: """{"status":"invalid event","message":"Event object is invalid","errors":["Invalid routing key"]}""");
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(TimeSpan.FromDays(2));

        Assert.Equal(1, world.PagerDuty.Count("trigger"));
        var (queue, reason, description) = Assert.Single(world.Bus.DeadLetters);
        Assert.Equal((Queues.PagerDutyActions, "ActionFailed"), (queue, reason));
        Assert.Contains("PagerDuty rejected the page", description, StringComparison.Ordinal);
        Assert.Contains("Invalid routing key", description, StringComparison.Ordinal);
        var page = await world.PageAsync();
        Assert.Equal((true, false, description), (page.HasFailed, page.IsPending, page.LastError));
    });

    [Theory]
    [InlineData(429, null, 30, 40)]
    [InlineData(429, "90", 90, 95)]
    [InlineData(503, null, 5, 7)]
    [InlineData(503, "600", 600, 605)]
    [InlineData(408, null, 5, 7)]
    public void What_may_succeed_later_is_tried_again(int status, string? retryAfter, int least, int most) => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what == "trigger" && world.PagerDuty.Count(what) == 1 ? new Fate(Status: status, RetryAfter: retryAfter) : null;
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync();

        var triggers = world.PagerDuty.Calls.Where(call => call.What == "trigger").ToList();
        Assert.Equal(2, triggers.Count);
        Assert.InRange((triggers[1].At - triggers[0].At).TotalSeconds, least, most);
        Assert.Equal(PageStatus.Open, (await world.PageAsync()).Status);
    });

    [Fact]
    public void PagerDuty_down_for_hours_costs_few_calls_and_the_last_state_is_sent() => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what == "trigger" ? new Fate(Status: 503) : null;
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(TimeSpan.FromHours(6));
        await world.ApplyAsync(Deliveries.Updated(10, "warning"));
        world.PagerDuty.Fates = _ => null;
        await world.WorkAsync(TimeSpan.FromHours(9));

        Assert.Equal("warning", (string?)Assert.Single(world.PagerDuty.Triggers)["payload"]?["severity"]);
        Assert.InRange(world.PagerDuty.Count("trigger"), 10, 15);
        Assert.Single(world.PagerDuty.Open);
    });

    [Fact]
    public void A_page_whose_key_is_gone_is_parked_and_sent_when_it_is_stored_again() => PagingWorld.Run(async world =>
    {
        var stored = world.Instance.Stored;
        world.Instance.Stored = stored is null ? null : stored with { ConnectionId = "two", RoutingKey = PagerDutyInstance.OtherKey };
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(120);
        var page = await world.PageAsync();
        Assert.True(page.IsParked);
        Assert.Equal(
            $"the routing key {PagerDutyInstance.Main.Id} that the page was opened with is no longer stored: store it with PUT /pagerduty; "
            + "the page is parked until then",
            page.LastError);
        await ReleaseAsync(world);
        await world.WorkAsync(120);
        Assert.Empty(world.PagerDuty.Calls);

        world.Instance.Stored = stored;
        await world.WorkAsync(61);
        await ReleaseAsync(world);
        await world.WorkAsync();

        Assert.Single(world.PagerDuty.Open);
        Assert.False((await world.PageAsync()).IsParked);
    });

    [Fact]
    public void A_refused_REST_key_parks_verifications_and_notes_and_no_pages() => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what.Contains(' ', StringComparison.Ordinal)
            ? new Fate(Status: 401, Body: """{"error":{"message":"Authentication failed","code":2006}}""")
            : null;
        await world.ApplyAsync(Deliveries.New(0));
        await world.ApplyAsync(new CommentRequested(Deliveries.IncidentId, "api", "ada", "checking the disk", world.Now, "comment"));
        await world.WorkAsync(120);
        Assert.Single(world.PagerDuty.Open);
        var page = await world.PageAsync();
        Assert.Equal((PageStatus.Open, false, null), (page.Status, page.IsParked, page.LastError));
        Assert.Single(await world.TimelineAsync(), entry => entry.StartsWith("page-note: PagerDuty denied the note (401", StringComparison.Ordinal));
        Assert.Equal(2, await world.Instance.Get<ParkedActions>().CountAsync(10, CancellationToken.None));

        world.PagerDuty.Fates = _ => null;
        await world.WorkAsync(61);
        await ReleaseAsync(world);
        await world.WorkAsync();

        Assert.Equal("P1", (await world.PageAsync()).Incident?.Id);
        Assert.Equal("ada through the alert bridge (api): checking the disk", Assert.Single(world.PagerDuty.Incidents[0].Notes));
        Assert.Equal(0, await world.Instance.Get<ParkedActions>().CountAsync(10, CancellationToken.None));
    });

    /// <summary>It waited, for the key or the mode, while no planner could end it.</summary>
    [Fact]
    public void A_page_whose_alert_was_resolved_long_ago_is_not_opened() => PagingWorld.Run(async world =>
    {
        var stored = world.Instance.Stored;
        world.Instance.Stored = stored is null ? null : stored with { ConnectionId = "two", RoutingKey = PagerDutyInstance.OtherKey };
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(120);
        world.IsConnected = false;
        await world.ApplyAsync(Deliveries.Closed(60));
        await world.WorkAsync(TimeSpan.FromHours(2));
        (world.IsConnected, world.Instance.Stored) = (true, stored);
        await world.WorkAsync(61);
        await ReleaseAsync(world);
        // Before the alert learns of the release, and plans the end of the page.
        var released = Assert.Single(world.Bus.Waiting, one => one.Queue == Queues.PagerDutyActions);
        world.Bus.Waiting.Remove(released);
        await world.HandleAsync(released, world.Instance);
        await world.WorkAsync();

        Assert.Equal(0, world.PagerDuty.Count("trigger"));
        Assert.Equal(PageStatus.Resolved, (await world.PageAsync()).Status);
    });

    [Fact]
    public void An_action_of_another_version_is_unreadable() => PagingWorld.Run(async world =>
    {
        await world.ApplyAsync(Deliveries.New(0));
        var page = await world.PageAsync();
        var action = PageAction.Of(PageActionKinds.Trigger, Deliveries.IncidentId, "1", page).ToAction() with { Kind = "page-snooze" };

        await Assert.ThrowsAsync<MessageUnreadableException>(
            () => world.Instance.Get<PagerDutyTarget>().TryAsync(new ActionDelivery(action, 1), CancellationToken.None));
    });

    private static async Task ReleaseAsync(PagingWorld world)
    {
        var (target, release) = (world.Instance.Get<PagerDutyTarget>(), world.Instance.Get<ParkedRelease>());
        Assert.Null(await target.FindObstacleAsync(CancellationToken.None));
        await release.SendAsync(target, await release.ListAsync(target, world.Now, CancellationToken.None), CancellationToken.None);
    }
}
