using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>The options of BigPanda's Notifications Webhook, each on or off: docs/setup.md says what each changes.</summary>
public sealed class DatasetOptionsTests(AppFixture app) : IClassFixture<AppFixture>, IDisposable
{
    private readonly BridgeClient _bridge = app.Bridge;

    public void Dispose() => app.BigPanda.Recover();

    [Fact]
    public async Task SendComments_brings_comments_into_the_timeline()
    {
        var id = IncidentWebhook.NewId();
        await PostEditedAsync(IncidentWebhook.New(id));
        await PostEditedAsync(
            new IncidentWebhook(id) { Second = 10, Events = ["incident#commented"] },
            body => Metadata(body)["comment"] = new JsonObject { ["comment"] = "on it", ["environment"] = "All" });

        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.HasEntry("incident#commented", "noted"));

        Assert.Equal(
            ("firing", "on it", "Engineer"),
            (alert.Status, alert.Entries("incident#commented").Single().Comment, alert.Entries("incident#commented").Single().Actor));
    }

    [Fact]
    public async Task Without_addEventTypes_the_incidents_state_fires_and_resolves()
    {
        var id = IncidentWebhook.NewId();
        await PostEditedAsync(IncidentWebhook.New(id), body => body.Remove("event_types"));
        await _bridge.WaitForAlertAsync(id, alert => alert.Fires);

        await PostEditedAsync(IncidentWebhook.Closed(id, 10), body => body.Remove("event_types"));
        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.All(alert.Timeline, entry => Assert.Equal(("incident", "applied"), (entry.Kind, entry.Verdict)));
    }

    [Fact]
    public async Task An_update_without_addMetadata_leaves_the_environment_in_which_the_incident_is_closed()
    {
        var id = IncidentWebhook.NewId();
        await PostEditedAsync(IncidentWebhook.New(id));
        await PostEditedAsync(IncidentWebhook.Updated(id, 10) with { Severity = "Warning" }, body => body.Remove("metadata"));
        var updated = await _bridge.WaitForAlertAsync(id, alert => alert.Severity == "warning");

        (await _bridge.ResolveAsync(id)).Expect(202);
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Equal(new SeenEnvironment("env-1", "All"), updated.Environment);
        Assert.Contains("/environments/env-1/", Assert.Single(app.BigPanda.Resolves(id)).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_addIncidentTags_what_was_known_of_the_tags_stays()
    {
        var id = IncidentWebhook.NewId();
        await PostEditedAsync(IncidentWebhook.New(id));
        await PostEditedAsync(IncidentWebhook.Updated(id, 10) with { Severity = "Warning" }, body => body.Remove("incidentTags"));

        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.Severity == "warning");

        Assert.Equal(["itd_priority_1"], alert.Tags.Keys);
        Assert.Equal("1", alert.Priority);
    }

    [Fact]
    public async Task AddAssignments_shows_who_has_the_incident_and_who_gave_it_to_them()
    {
        var id = IncidentWebhook.NewId();
        await PostEditedAsync(IncidentWebhook.New(id), body =>
        {
            Metadata(body)["assignee"] = new JsonObject { ["email"] = "ada@example.com", ["name"] = "Ada", ["userId"] = "u1" };
            Metadata(body)["assigner"] = new JsonObject { ["email"] = "bo@example.com", ["name"] = "Bo", ["userId"] = "u2" };
        });
        var assigned = await _bridge.WaitForAlertAsync(id, alert => alert.Fires);
        await PostEditedAsync(IncidentWebhook.Updated(id, 10) with { Severity = "Warning" });
        var updated = await _bridge.WaitForAlertAsync(id, alert => alert.Severity == "warning");
        await PostEditedAsync(IncidentWebhook.Updated(id, 20) with { Severity = "Unknown" }, body => Metadata(body)["assignee"] = null);
        var unassigned = await _bridge.WaitForAlertAsync(id, alert => alert.Severity == "unknown");

        Assert.Equal(("Ada", "Bo"), (assigned.Assignee, assigned.Assigner));
        Assert.Equal(("Ada", "Bo"), (updated.Assignee, updated.Assigner));
        Assert.Equal((null, null), (unassigned.Assignee, unassigned.Assigner));
    }

    [Fact]
    public async Task ForceIncidentTagUpdates_changes_the_tags_and_nothing_else()
    {
        var id = IncidentWebhook.NewId();
        await PostEditedAsync(IncidentWebhook.New(id));
        await PostEditedAsync(
            new IncidentWebhook(id) { Second = 10, Events = ["incident-tag#upserted"] },
            body => body["incidentTags"] = new JsonArray(
                new JsonObject { ["id"] = "team", ["value"] = "dba" }, new JsonObject { ["id"] = "team", ["value"] = "web" }));
        var tagged = await _bridge.WaitForAlertAsync(id, alert => alert.Tags.ContainsKey("team"));
        await PostEditedAsync(new IncidentWebhook(id) { Second = 20, Events = ["incident-tag#removed"] }, body => body["incidentTags"] = new JsonArray());
        var bare = await _bridge.WaitForAlertAsync(id, alert => alert.Tags.Count == 0);

        Assert.Equal(("""["dba","web"]""", null), (tagged.Tags["team"].GetRawText(), tagged.Priority));
        Assert.Equal(("firing", 1), (bare.Status, bare.Episode));
        Assert.True(bare.HasEntry("incident-tag#removed", "noted"));
    }

    [Fact]
    public async Task With_forceAllUpdates_the_close_may_come_first_and_nothing_fires()
    {
        var id = IncidentWebhook.NewId();
        await PostEditedAsync(IncidentWebhook.Closed(id, 20));
        await PostEditedAsync(IncidentWebhook.New(id));

        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.HasEntry("incident#new", "stale"));

        Assert.Equal(("resolved", 1, "inSync"), (alert.Status, alert.Episode, alert.BigPanda.State));
        Assert.Equal(IncidentWebhook.Start, alert.FirstFiredAt?.ToUnixTimeSeconds());
        Assert.DoesNotContain(alert.Timeline, entry => entry.Reason.Contains("fires", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_forceFilterFlappingOrMuted_an_hours_silence_is_no_fault()
    {
        var id = IncidentWebhook.NewId();
        await PostEditedAsync(IncidentWebhook.New(id));
        await PostEditedAsync(new IncidentWebhook(id) { Second = 3600, Events = ["incident#become-flapping"] }, body => Incident(body)["flapping"] = true);

        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.Flapping);
        var ready = (await _bridge.GetAsync("/api/health/ready")).Expect(200);
        var sources = (await _bridge.GetAsync("/api/sources")).Expect(200);

        Assert.Equal(("firing", 1), (alert.Status, alert.Episode));
        Assert.DoesNotContain("silent", ready.Body, StringComparison.OrdinalIgnoreCase);
        Assert.InRange((int?)JsonNode.Parse(sources.Body)?["items"]?[0]?["silentAfterHours"] ?? 0, 2, 720);
    }

    [Fact]
    public async Task With_forceOneTime_the_alert_says_that_no_close_comes_and_a_person_resolves_it()
    {
        await app.BigPanda.CloseAfterAsync(TimeSpan.Zero);
        var source = JsonNode.Parse((await _bridge.PostAsync("/api/sources", """{"name":"One-time shares","oneTime":true}""")).Expect(201).Body);
        var id = IncidentWebhook.NewId();
        using var first = new HttpRequestMessage(HttpMethod.Post, (string?)source?["source"]?["callbackUrl"])
        {
            Content = JsonContent.Create(JsonNode.Parse(IncidentWebhook.New(id).ToJson())),
        };
        first.Headers.Authorization = new("Bearer", (string?)source?["bearerToken"]);
        (await BridgeClient.SendAsync(first)).Expect(202);
        var fired = await _bridge.WaitForAlertAsync(id, alert => alert.Fires);

        // BigPanda closes the incident without a webhook.
        app.BigPanda.Fail(new Fault(Fault.Webhook, Reset: true));
        (await _bridge.ResolveAsync(id)).Expect(202);
        await app.BigPanda.WaitForLostWebhooksAsync(id, 1);
        await app.SkipWaitAsync(id);
        var settled = await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.True(fired.OneTime);
        Assert.Contains("BigPanda sends no updates and no close for it", fired.Timeline[0].Reason, StringComparison.Ordinal);
        Assert.Empty(settled.Entries("incident#closed"));
        Assert.Single(app.BigPanda.Resolves(id));
    }

    [Fact]
    public async Task A_quota_is_accepted_and_shown_as_it_came()
    {
        var id = IncidentWebhook.NewId();
        await PostEditedAsync(IncidentWebhook.New(id), body => Metadata(body)["quota"] = new JsonObject { ["limit"] = 100, ["left"] = "3 ü" });
        await PostEditedAsync(IncidentWebhook.Updated(id, 10), body => body["quota"] = 7);

        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.Entries("incident#updated").Any());

        Assert.EndsWith("""quota {"limit":100,"left":"3 ü"}""", alert.Timeline[0].Summary, StringComparison.Ordinal);
        Assert.EndsWith("quota 7", alert.Entries("incident#updated").Single().Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_person_shares_fires_without_incident_new_and_the_timeline_names_the_sender()
    {
        var (byHand, byName) = (IncidentWebhook.NewId(), IncidentWebhook.NewId());
        await app.BigPanda.PlayAsync(byHand, "share", "close");
        await PostEditedAsync(new IncidentWebhook(byName) { Events = ["incident#shared-manually"] });

        var played = await _bridge.WaitForAlertAsync(byHand, alert => alert.IsSettled);
        var named = await _bridge.WaitForAlertAsync(byName, alert => alert.Fires);

        Assert.Equal(("applied", "Simulator"), (played.Timeline[0].Verdict, played.Timeline[0].Actor));
        Assert.Equal("the alert fires; no incident#new, as in a manual share; sender Simulator", played.Timeline[0].Reason);
        Assert.Equal(
            ("applied", "the alert fires; no incident#new, as in a manual share; sender Engineer"), (named.Timeline[0].Verdict, named.Timeline[0].Reason));
    }

    private async Task PostEditedAsync(IncidentWebhook webhook, Action<JsonObject>? change = null)
    {
        var body = JsonNode.Parse(webhook.ToJson())?.AsObject() ?? throw new InvalidOperationException("The webhook is no object.");
        change?.Invoke(body);
        (await _bridge.PostWebhookAsync(Encoding.UTF8.GetBytes(body.ToJsonString()))).Expect(202);
    }

    private static JsonObject Metadata(JsonObject body) => body["metadata"]?.AsObject() ?? throw new InvalidOperationException("The webhook has no metadata.");

    private static JsonObject Incident(JsonObject body) => body["incident"]?.AsObject() ?? throw new InvalidOperationException("The webhook has no incident.");
}
