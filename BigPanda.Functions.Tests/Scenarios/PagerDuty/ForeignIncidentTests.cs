using System.Text.Json.Nodes;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios.PagerDuty;

/// <summary>Incidents that the bridge did not open: their events are accepted and change nothing, whatever the mode is.</summary>
public abstract class ForeignIncidentTests(PagerDutyFixture app)
{
    private static readonly (string Action, object What)[] Actions =
    [
        ("acknowledge", new { by = "Grace" }), ("annotate", new { by = "Grace", note = "looking into it" }), ("unacknowledge", new { by = "Grace" }),
        ("prioritize", new { by = "Grace", priority = "P1" }), ("reassign", new { by = "Grace", to = "Ada" }), ("resolve", new { by = "Grace", note = "done" }),
        ("reopen", new { by = "Grace" }), ("resolve", new { automatic = true }),
    ];

    private readonly BridgeClient _bridge = app.Bridge;

    [Fact]
    public async Task What_a_person_opened_changes_nothing() =>
        await AssertUnchangedAsync(_ => Task.FromResult(app.PagerDuty.Simulator.Account.Open("Another team's incident", null).Id));

    [Fact]
    public async Task What_another_integration_opened_for_the_same_incident_changes_nothing() => await AssertUnchangedAsync(async id =>
    {
        var key = $"another-integration-{id}";
        var trigger = new JsonObject
        {
            ["routing_key"] = "R0UTINGKEY000000000000000000ELSE",
            ["event_action"] = "trigger",
            ["dedup_key"] = key,
            ["payload"] = new JsonObject { ["summary"] = $"Incident {id}", ["source"] = "BigPanda", ["severity"] = "critical" },
        };
        using var http = new HttpClient();
        using var response = await http.PostAsync(
            new Uri($"{app.PagerDuty.Simulator.Url}/v2/enqueue"), new StringContent(trigger.ToJsonString(), null, "application/json"));
        Assert.Equal(202, (int)response.StatusCode);
        return Assert.Single(app.PagerDuty.Simulator.Account.Alerts(alert => alert.Key == key)).IncidentId;
    });

    private async Task AssertUnchangedAsync(Func<string, Task<string>> openAsync)
    {
        var id = IncidentWebhook.NewId("foreign");
        await _bridge.FireAsync(IncidentWebhook.New(id));
        await RestAsync();
        // Its own page, if there is one, is verified.
        await Eventually.Async(() => app.Queues.PeekWaitingAsync(Queues.PagerDutyActions, id), waiting => waiting.Count == 0, "no action of the page waits");
        await RestAsync();
        var (before, events) = ((await _bridge.GetAsync(BridgeClient.AlertPath(id))).Body, app.PagerDuty.Events(id).Count);

        var foreign = await openAsync(id);
        foreach (var (action, what) in Actions) await app.PagerDuty.ActAsync(foreign, action, what);
        await RestAsync();

        Assert.True(app.PagerDuty.Webhooks(foreign).DistinctBy(webhook => webhook.WebhookId).Count() > Actions.Length);
        app.PagerDuty.AssertAccepted(foreign);
        Assert.Equal(before, (await _bridge.GetAsync(BridgeClient.AlertPath(id))).Body);
        Assert.Equal(events, app.PagerDuty.Events(id).Count);
        Assert.All(Queues.All, queue => Assert.Equal(0, app.Queues.CountDeadLetters(queue)));
        Assert.DoesNotContain(app.BigPanda.Requests, request => request.Path.Contains(id, StringComparison.Ordinal) && request.Method == "POST");
    }

    private async Task RestAsync()
    {
        await app.PagerDuty.SettleAsync();
        await app.Queues.WaitUntilIdleAsync();
    }
}

public sealed class ForeignIncidentsWhileOnTests(PagerDutyFixture app) : ForeignIncidentTests(app), IClassFixture<PagerDutyFixture>;

public sealed class ForeignIncidentsInShadowModeTests(ShadowPagerDutyFixture app) : ForeignIncidentTests(app), IClassFixture<ShadowPagerDutyFixture>;

public sealed class ShadowPagerDutyFixture : PagerDutyFixture
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(base.Settings) { ["PagerDuty__Mode"] = "shadow" };
}
