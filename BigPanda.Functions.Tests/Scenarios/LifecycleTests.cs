using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

[Collection(BridgeCollection.Name)]
public sealed class LifecycleTests(AppFixture app)
{
    private readonly BridgeClient _bridge = app.Bridge;

    [Fact]
    public async Task The_published_sample_goes_through_unchanged_and_fires()
    {
        var answer = (await _bridge.PostWebhookAsync(Samples.Published)).Expect(202);
        var id = answer.Json.GetProperty("incidentId").GetString() ?? "";
        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.Fires);

        Assert.Equal("5555370aabc20a001145d6g9", id);
        Assert.StartsWith("incident-", answer.Json.GetProperty("messageId").GetString(), StringComparison.Ordinal);
        Assert.Equal((1, "critical", "critical"), (alert.Episode, alert.Severity, alert.IncidentStatus));
        Assert.Equal("Evyatar-11, web3: CPU", alert.Title);
        Assert.Equal(new SeenEnvironment("55550bc8c481fd1100abc398", "All"), alert.Environment);
        Assert.Equal("http://bigp.io/9ad55554d5c116e4", alert.Url);
        Assert.Equal(1000, alert.Tags["itd_priority_1"].GetInt32());
        Assert.Equal(["5555370aabc20a001145c5e9", "555537133ec0020012c96a28"], alert.Alerts.Select(detail => detail.Id));
        Assert.Equal("web3", alert.Alerts[1].Tags["host"].GetString());
        Assert.Equal("change.summary", Assert.Single(alert.RelatedChanges).GetProperty("summary").GetString());
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1697123962), alert.FirstFiredAt);
        Assert.Equal(["local"], alert.Sources);
        Assert.Equal(
            [("incident#new", "applied"), ("incident-tag#upserted", "noted"), ("incident-tag#upserted", "noted")],
            alert.Timeline.Select(entry => (entry.Kind, entry.Verdict)));
        Assert.Equal("Engineer", alert.Timeline[0].Actor);
    }

    [Fact]
    public async Task An_alert_has_the_documented_members_and_its_times_are_in_UTC()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.PostWebhooksAsync(IncidentWebhook.New(id), IncidentWebhook.Closed(id, 10));
        await _bridge.WaitForAlertAsync(id, alert => !alert.Fires);

        var alert = (await _bridge.GetAsync(BridgeClient.AlertPath(id))).Json;

        string[] members =
        [
            "incidentId", "status", "acknowledged", "acknowledgedBy", "acknowledgedAt", "episode", "title", "severity", "incidentStatus",
            "environment", "url", "flapping", "snoozed", "snoozedUntil", "oneTime", "priority", "assignee", "assigner", "tags", "alerts", "relatedChanges",
            "firstFiredAt", "lastFiredAt", "resolvedAt", "resolvedBy", "episodes", "bigPanda", "pagerDuty", "sources", "updatedAt", "timeline",
        ];
        Assert.Equal(members, alert.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["state", "attempts", "lastError", "updatedAt"], alert.GetProperty("bigPanda").EnumerateObject().Select(member => member.Name));
        Assert.All(
            new[] { "firstFiredAt", "resolvedAt", "updatedAt" }.Select(name => alert.GetProperty(name))
                .Append(alert.GetProperty("timeline")[0].GetProperty("at")),
            time => Assert.EndsWith("Z", time.GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_incident_that_fires_changes_closes_and_reopens_is_one_alert_in_two_episodes()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.PostWebhooksAsync(IncidentWebhook.New(id));
        await _bridge.WaitForAlertAsync(id, alert => alert is { Fires: true, Episode: 1 });

        await _bridge.PostWebhooksAsync(IncidentWebhook.Updated(id, 10) with { Severity = "Warning" });
        await _bridge.WaitForAlertAsync(id, alert => alert is { Fires: true, Episode: 1, Severity: "warning" });

        await _bridge.PostWebhooksAsync(IncidentWebhook.Closed(id, 20));
        var closed = await _bridge.WaitForAlertAsync(id, alert => !alert.Fires);
        Assert.Equal((1, "ok", new SeenResolver("bigpanda", "Engineer")), (closed.Episode, closed.IncidentStatus, closed.ResolvedBy));
        Assert.Equal(IncidentWebhook.Start + 20, closed.ResolvedAt?.ToUnixTimeSeconds());

        var reopened = await _bridge.FireAsync(IncidentWebhook.Reopened(id, 30));
        Assert.Equal((2, (SeenResolver?)null), (reopened.Episode, reopened.ResolvedBy));
        Assert.Equal(
            (IncidentWebhook.Start, IncidentWebhook.Start + 30), (reopened.FirstFiredAt?.ToUnixTimeSeconds(), reopened.LastFiredAt?.ToUnixTimeSeconds()));
        Assert.Equal(["incident#new", "incident#updated", "incident#closed", "incident#reopen"], reopened.Timeline.Select(entry => entry.Kind));
    }

    [Fact]
    public async Task Every_event_of_a_delivery_is_in_the_timeline_and_the_latest_lifecycle_event_decides()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.PostWebhooksAsync(
            IncidentWebhook.New(id) with { Active = false, Status = "Ok", Events = ["incident#new", "incident#commented", "incident#closed"] });

        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.Timeline.Count == 3);

        Assert.Equal(("resolved", 1), (alert.Status, alert.Episode));
        Assert.Equal(
            [("incident#new", "noted"), ("incident#commented", "noted"), ("incident#closed", "applied")],
            alert.Timeline.Select(entry => (entry.Kind, entry.Verdict)));
    }

    [Fact]
    public async Task A_close_that_overtakes_its_new_leaves_the_alert_resolved()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.PostWebhooksAsync(IncidentWebhook.Closed(id, 20));
        await _bridge.WaitForAlertAsync(id, alert => !alert.Fires);
        await _bridge.PostWebhooksAsync(IncidentWebhook.New(id), IncidentWebhook.Updated(id, 10));

        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.Timeline.Count == 3);

        Assert.Equal(("resolved", 1, "ok"), (alert.Status, alert.Episode, alert.IncidentStatus));
        Assert.Equal(["applied", "stale", "stale"], alert.Timeline.Select(entry => entry.Verdict));
    }

    [Theory]
    [InlineData(0, 1, 2, 3)]
    [InlineData(3, 2, 1, 0)]
    [InlineData(1, 3, 0, 2)]
    [InlineData(2, 0, 3, 1)]
    public async Task Any_order_of_the_same_deliveries_ends_in_the_same_alert(params int[] order)
    {
        var id = IncidentWebhook.NewId();
        IncidentWebhook[] life =
        [
            IncidentWebhook.New(id), IncidentWebhook.Closed(id, 10), IncidentWebhook.Reopened(id, 20),
            IncidentWebhook.Updated(id, 30) with { Severity = "Warning" },
        ];
        foreach (var (index, step) in order.Index())
        {
            await _bridge.PostWebhooksAsync(life[step]);
            await _bridge.WaitForAlertAsync(id, alert => alert.Timeline.Count == index + 1);
        }

        var alert = await _bridge.GetAlertAsync(id);

        Assert.Equal(("firing", 2, "warning"), (alert.Status, alert.Episode, alert.Severity));
        Assert.Equal((IncidentWebhook.Start, IncidentWebhook.Start + 20), (alert.FirstFiredAt?.ToUnixTimeSeconds(), alert.LastFiredAt?.ToUnixTimeSeconds()));
    }

    [Fact]
    public async Task The_same_body_twice_is_applied_once()
    {
        var id = IncidentWebhook.NewId();
        var first = (await _bridge.PostWebhookAsync(IncidentWebhook.New(id))).Expect(202);
        var second = (await _bridge.PostWebhookAsync(IncidentWebhook.New(id))).Expect(202);
        await app.Queues.WaitUntilIdleAsync();

        var alert = await _bridge.GetAlertAsync(id);

        Assert.Equal(first.Json.GetProperty("messageId").GetString(), second.Json.GetProperty("messageId").GetString());
        Assert.Equal((1, "applied"), (alert.Episode, Assert.Single(alert.Timeline).Verdict));
    }

    [Fact]
    public async Task An_unknown_event_name_is_accepted_and_noted()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.PostWebhooksAsync(IncidentWebhook.New(id), IncidentWebhook.Updated(id, 10) with { Events = ["incident#teleported"] });

        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.Timeline.Count == 2);

        Assert.True(alert.Fires);
        Assert.True(alert.HasEntry("incident#teleported", "noted"));
    }

    [Fact]
    public async Task Without_event_types_the_incidents_own_state_decides()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.PostWebhooksAsync(IncidentWebhook.New(id) with { Events = [] });
        await _bridge.WaitForAlertAsync(id, alert => alert is { Fires: true, Episode: 1 });
        await _bridge.PostWebhooksAsync(IncidentWebhook.Closed(id, 10) with { Events = [] });
        await _bridge.WaitForAlertAsync(id, alert => alert is { Fires: false, Episode: 1 });
        await _bridge.PostWebhooksAsync(IncidentWebhook.Reopened(id, 20) with { Events = [] });
        await _bridge.WaitForAlertAsync(id, alert => alert is { Fires: true, Episode: 2 });
    }
}
