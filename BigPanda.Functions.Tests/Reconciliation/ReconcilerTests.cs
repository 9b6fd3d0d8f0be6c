using System.Text.Json;
using BigPanda.Functions.Reconciliation;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;

namespace BigPanda.Functions.Tests.Reconciliation;

/// <summary>Lost webhooks: the alert converges with BigPanda within one run.</summary>
public sealed class ReconcilerTests(ReconcilerFixture app) : IClassFixture<ReconcilerFixture>, IDisposable
{
    /// <summary>Nothing of now is still on its way then.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(10);

    private readonly BridgeClient _bridge = app.Bridge;

    public void Dispose()
    {
        app.BigPanda.Recover();
        app.Ahead = TimeSpan.Zero;
    }

    [Fact]
    public async Task A_lost_close_resolves_the_alert_once_the_webhook_can_no_longer_be_on_its_way()
    {
        var id = await LoseCloseAsync();

        var early = await app.RunAsync();
        Assert.Empty(Found(early, id));
        app.Ahead = Later;
        var report = await app.RunAsync();

        Assert.Equal([("closeLost", "repaired")], Found(report, id));
        var alert = await _bridge.WaitForAlertAsync(id, alert => !alert.Fires);
        Assert.Equal("reconciler", alert.ResolvedBy?.Via);
        Assert.True(alert.HasEntry("observed", "applied"));
        Assert.Empty(app.BigPanda.Resolves(id));
        Assert.Empty(Found(await app.RunAsync(), id));
    }

    [Fact]
    public async Task A_lost_reopen_fires_the_alert_again()
    {
        var id = IncidentWebhook.NewId();
        await app.BigPanda.PlayAsync(id, "new", "close");
        await _bridge.WaitForAlertAsync(id, alert => !alert.Fires);
        await app.LoseAsync(id, "reopen");
        app.Ahead = Later;

        var report = await app.RunAsync();

        Assert.Equal([("reopenLost", "repaired")], Found(report, id));
        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.Fires);
        Assert.Equal(2, alert.Episode);
    }

    [Fact]
    public async Task A_dry_run_reports_and_repairs_nothing()
    {
        var id = await LoseCloseAsync();
        app.Ahead = Later;

        var report = await app.RunAsync(dryRun: true);

        Assert.True(report.GetProperty("dryRun").GetBoolean());
        Assert.Equal([("closeLost", "wouldRepair")], Found(report, id));
        Assert.True((await _bridge.GetAlertAsync(id)).Fires);
    }

    [Fact]
    public async Task An_incident_without_an_alert_is_counted_and_no_alert_is_made()
    {
        var id = IncidentWebhook.NewId();
        await app.LoseAsync(id, "new");
        await app.BigPanda.PlayAsync(IncidentWebhook.NewId("other"), "new");
        await app.Queues.WaitUntilDrainedAsync();
        app.Ahead = Later;

        var report = await app.RunAsync();

        Assert.Equal([("missing", "reported")], Found(report, id));
        (await _bridge.GetAsync(BridgeClient.AlertPath(id))).Expect(404);
    }

    [Fact]
    public async Task While_none_is_created_a_dry_run_says_with_whom_an_incident_without_an_alert_was_shared()
    {
        var id = IncidentWebhook.NewId();
        await app.LoseAsync(id, "new");
        await app.BigPanda.PlayAsync(IncidentWebhook.NewId("other"), "new");
        await app.Queues.WaitUntilDrainedAsync();
        app.Ahead = Later;

        var report = await app.RunAsync(dryRun: true);

        var item = report.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("incidentId").GetString() == id);
        Assert.Equal([("missing", "reported")], Found(report, id));
        Assert.EndsWith("it was shared with Bridge", item.GetProperty("detail").GetString(), StringComparison.Ordinal);
        (await _bridge.GetAsync(BridgeClient.AlertPath(id))).Expect(404);
    }

    [Fact]
    public async Task Alerts_that_agree_are_left_alone_and_cost_no_call_each()
    {
        var ids = Enumerable.Range(0, 5).Select(i => IncidentWebhook.NewId($"agree-{i}")).ToList();
        foreach (var id in ids) await app.BigPanda.PlayAsync(id, "new");
        await app.Queues.WaitUntilDrainedAsync();
        app.Ahead = Later;
        var calls = app.BigPanda.Requests.Count;

        var report = await app.RunAsync();

        Assert.All(ids, id => Assert.Empty(Found(report, id)));
        Assert.DoesNotContain(app.BigPanda.Requests.Skip(calls), request => ids.Any(request.Path.Contains));
    }

    [Fact]
    public async Task What_BigPanda_cannot_tell_changes_nothing_and_is_said()
    {
        var id = await LoseCloseAsync();
        app.Ahead = Later;
        app.BigPanda.Fail(new Fault(FaultMatch.Activities, Status: 500, Times: 0));

        var report = await app.RunAsync();

        Assert.Equal([("unclear", "reported")], Found(report, id));
        Assert.True((await _bridge.GetAlertAsync(id)).Fires);
    }

    [Theory]
    [InlineData("""{"dryrun":1}""")]
    [InlineData("""{"all":true}""")]
    [InlineData("[]")]
    public async Task A_request_that_cannot_be_is_refused(string body) => (await _bridge.PostAsync("/api/reconciler/run", body)).ExpectProblem(400);

    /// <summary>An alert fires, and the webhook that its incident was closed is lost.</summary>
    private async Task<string> LoseCloseAsync()
    {
        var id = IncidentWebhook.NewId();
        await app.BigPanda.PlayAsync(id, "new");
        await _bridge.WaitForAlertAsync(id, alert => alert.Fires);
        await app.LoseAsync(id, "close");
        return id;
    }

    private static IEnumerable<(string?, string?)> Found(JsonElement report, string id) =>
        from item in report.GetProperty("items").EnumerateArray()
        where item.GetProperty("incidentId").GetString() == id
        select (item.GetProperty("kind").GetString(), item.GetProperty("result").GetString());
}

/// <summary>Incidents that BigPanda no longer knows.</summary>
public sealed class UnknownIncidentTests(ReconcilerFixture app) : IClassFixture<ReconcilerFixture>, IDisposable
{
    public void Dispose() => app.BigPanda.Recover();

    [Fact]
    public async Task One_unknown_incident_ends_its_alert_and_many_at_once_end_none()
    {
        app.Ahead = TimeSpan.FromMinutes(10);
        var id = IncidentWebhook.NewId();
        await app.BigPanda.PlayAsync(id, "new");
        await app.Bridge.WaitForAlertAsync(id, alert => alert.Fires);
        await app.BigPanda.DeleteAsync(id);

        var one = await app.RunAsync();
        var alert = await app.Bridge.WaitForAlertAsync(id, alert => !alert.Fires);
        Assert.Equal(1, one.GetProperty("differences").GetProperty("gone").GetInt32());
        Assert.Contains("deleted", Assert.Single(alert.Entries("observed")).Reason, StringComparison.Ordinal);

        var many = Enumerable.Range(0, 3).Select(i => IncidentWebhook.NewId($"many-{i}")).ToList();
        foreach (var other in many) await app.BigPanda.PlayAsync(other, "new");
        await app.Queues.WaitUntilDrainedAsync();
        foreach (var other in many) await app.BigPanda.DeleteAsync(other);
        var report = await app.RunAsync();

        Assert.Equal(3, report.GetProperty("differences").GetProperty("gone").GetInt32());
        Assert.All(report.GetProperty("items").EnumerateArray(), item => Assert.Equal("held", item.GetProperty("result").GetString()));
        foreach (var other in many) Assert.True((await app.Bridge.GetAlertAsync(other)).Fires);
    }

    [Fact]
    public async Task Where_the_key_can_read_no_environment_nothing_is_concluded()
    {
        app.Ahead = TimeSpan.FromMinutes(10);
        var id = IncidentWebhook.NewId();
        await app.BigPanda.PlayAsync(id, "new");
        await app.Bridge.WaitForAlertAsync(id, alert => alert.Fires);
        app.BigPanda.Fail(new Fault(FaultMatch.Incidents, Status: 404, Times: 0));

        var report = await app.RunAsync();

        Assert.True(report.GetProperty("differences").GetProperty("unclear").GetInt32() > 0);
        Assert.Contains("404", report.GetProperty("systems")[0].GetProperty("problems")[0].GetString(), StringComparison.Ordinal);
        Assert.True((await app.Bridge.GetAlertAsync(id)).Fires);
    }
}

public sealed class ReconcilerReportTests
{
    [Fact]
    public void A_report_of_any_length_fits_its_column()
    {
        var report = new ReconcilerReport
        {
            StartedAt = DateTimeOffset.UnixEpoch,
            IsDryRun = false,
            Items = [.. Enumerable.Range(0, 50).Select(i => new ReportedDrift($"i{i}", DriftKind.Unclear, DriftResult.Reported, new string('<', 200)))],
        };

        var json = ReconcilerStore.Write(report);

        Assert.InRange(json.Length, 1000, 32_768);
    }

    [Fact]
    public void A_report_comes_back_and_one_with_a_kind_of_another_version_counts_as_none()
    {
        var report = new ReconcilerReport
        {
            StartedAt = DateTimeOffset.UnixEpoch,
            IsDryRun = false,
            Counts = new Dictionary<DriftKind, int> { [DriftKind.PageResolved] = 2 },
        };
        var json = ReconcilerStore.Write(report);

        Assert.Equal(2, ReconcilerStore.Read(json)?.Counts[DriftKind.PageResolved]);
        Assert.Null(ReconcilerStore.Read(json.Replace("pageResolved", "ofTheNextVersion", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_environment_that_was_not_searched_comes_first_and_one_not_seen_for_a_month_is_left_out()
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(100);
        SearchedEnvironment[] before = [new("skipped", now.AddDays(-1)), new("read", now.AddDays(-2)), new("old", now.AddDays(-31))];

        var known = SearchedEnvironment.Collect(before, ["read", "new", null, ""], now);

        Assert.Equal(["new", "skipped", "read"], known.Select(environment => environment.Id));
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_does_not_end_the_walk()
    {
        var comparison = await new Comparison("BigPanda").ThroughAsync(
            ["a", "b", "c"], null, id => id == "b" ? throw new InvalidDataException("damaged") : Task.FromResult<Drift?>(null), CancellationToken.None);

        Assert.Equal((3, null, "b"), (comparison.Compared, comparison.Cursor, Assert.Single(comparison.Found).IncidentId));
    }

    [Fact]
    public async Task A_walk_that_ends_early_is_continued_behind_its_last_id()
    {
        using var limit = new CancellationTokenSource();
        List<string> seen = [];
        Task<Drift?> See(string id)
        {
            seen.Add(id);
            if (id == "b") limit.Cancel();
            return Task.FromResult<Drift?>(null);
        }

        var first = await new Comparison("BigPanda").ThroughAsync(["c", "a", "b"], null, See, limit.Token);
        var second = await new Comparison("BigPanda").ThroughAsync(["c", "a", "b"], first.Cursor, See, CancellationToken.None);

        Assert.Equal(["a", "b", "c", "a", "b"], seen);
        Assert.Equal(("b", null), (first.Cursor, second.Cursor));
        Assert.Contains(Walk.NotInTime, first.Problems);
    }
}
