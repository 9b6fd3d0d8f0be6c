using System.Text.Json;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Reconciliation;

/// <summary>The webhook of an incident's beginning is lost: an alert is created if the setting names the target that a dry run has reported.</summary>
public sealed class CreatingAlertsTests(CreatingAlertsTests.Fixture app) : IClassFixture<CreatingAlertsTests.Fixture>, IDisposable
{
    private readonly BridgeClient _bridge = app.Bridge;

    public void Dispose()
    {
        app.BigPanda.Recover();
        app.Ahead = TimeSpan.Zero;
    }

    [Fact]
    public async Task After_a_dry_run_has_reported_the_target_the_alert_is_created_within_one_run_and_a_late_webhook_changes_nothing()
    {
        await app.BigPanda.PlayAsync(IncidentWebhook.NewId("other"), "new");
        var id = IncidentWebhook.NewId();
        await app.LoseAsync(id, "new");
        await app.Queues.WaitUntilDrainedAsync();
        app.Ahead = TimeSpan.FromMinutes(10);

        var before = await app.RunAsync();
        var dry = await app.RunAsync(dryRun: true);
        (await _bridge.GetAsync(BridgeClient.AlertPath(id))).Expect(404);
        var report = await app.RunAsync();

        Assert.Equal(("missing", "reported"), Found(before, id));
        Assert.Contains("POST /reconciler/run", Detail(before, id), StringComparison.Ordinal);
        Assert.Equal(("newLost", "wouldRepair"), Found(dry, id));
        Assert.Equal(["Bridge"], dry.GetProperty("systems")[0].GetProperty("shareTargets").EnumerateArray().Select(target => target.GetString()));
        Assert.Equal(("newLost", "repaired"), Found(report, id));
        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.Fires);
        Assert.Equal((1, "CPU is 98%"), (alert.Episode, alert.Title));
        Assert.Contains(alert.Timeline, entry => entry is { Kind: "incident#new", Verdict: "applied", Actor: "reconciler" });

        await app.BigPanda.PlayAsync(id, "update");
        await _bridge.WaitForAlertAsync(id, later => later.HasEntry("incident#updated", "applied"));
        Assert.Equal((true, 1), ((await _bridge.GetAlertAsync(id)).Fires, (await _bridge.GetAlertAsync(id)).Episode));
        Assert.Null(Found(await app.RunAsync(), id));
    }

    [Fact]
    public async Task An_incident_that_was_not_shared_is_counted_and_asked_for_once()
    {
        await app.BigPanda.PlayAsync(IncidentWebhook.NewId("other"), "new");
        var id = IncidentWebhook.NewId();
        await app.LoseAsync(id, "update");
        await app.Queues.WaitUntilDrainedAsync();
        app.Ahead = TimeSpan.FromMinutes(10);

        var first = await app.RunAsync();
        var calls = Asked(id);
        var second = await app.RunAsync();

        Assert.Equal((("missing", "reported"), ("missing", "reported")), (Found(first, id), Found(second, id)));
        Assert.Contains("it was not shared", Detail(first, id), StringComparison.Ordinal);
        Assert.Equal((1, 1), (calls, Asked(id)));
        (await _bridge.GetAsync(BridgeClient.AlertPath(id))).Expect(404);
    }

    private int Asked(string id) => app.BigPanda.Requests.Count(request => request.Path.Contains(id, StringComparison.Ordinal) && request.Method == "GET");

    private static (string?, string?)? Found(JsonElement report, string id) =>
        Item(report, id) is { } item ? (item.GetProperty("kind").GetString(), item.GetProperty("result").GetString()) : null;

    private static string Detail(JsonElement report, string id) => Item(report, id)?.GetProperty("detail").GetString() ?? "";

    private static JsonElement? Item(JsonElement report, string id) =>
        report.GetProperty("items").EnumerateArray().Where(item => item.GetProperty("incidentId").GetString() == id).Cast<JsonElement?>().SingleOrDefault();

    public sealed class Fixture : ReconcilerFixture
    {
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["Reconciler__CreateFor"] = "bridge" };
    }
}
