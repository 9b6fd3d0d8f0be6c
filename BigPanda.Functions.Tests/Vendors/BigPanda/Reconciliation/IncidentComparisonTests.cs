using System.Globalization;
using System.Net;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Reconciliation;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.BigPanda.Reconciliation;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Reconciliation;

/// <summary>What is said of one alert and its incident, by what BigPanda answers. Seconds are before now, by the app's clock.</summary>
public sealed class IncidentComparisonTests
{
    private const string Id = "incident-1";
    private const string Closed = """{"id":"incident-1","active":false,"changed_at":"AT 1000"}""";
    private const string Resolved = """[{"type":"incident_resolved_api","timestamp":"AT 900","created_by":"ada"},{"type":"incident_commented"}]""";
    private const string Reopened = """[{"type":"incident_reopen","timestamp":"AT 500","created_by":"grace"}]""";

    [Fact]
    public void A_lost_close_is_repaired_at_BigPandas_time_in_the_name_that_it_shows()
    {
        var (drift, alert, now) = CompareFiring(Closed, Resolved);

        Assert.Equal((DriftKind.CloseLost, "the incident is closed in BigPanda, the alert fires"), (drift?.Kind, drift?.Detail));
        var repair = Assert.IsType<IncidentObserved>(drift?.Repair);
        Assert.Equal(
            (Id, false, now.AddSeconds(-1000), now.AddSeconds(-900), "ada", "reconciler", null),
            (repair.IncidentId, repair.IsActive, repair.ChangedAt, repair.ResolvedAt, repair.ResolvedBy, repair.Via, repair.Gone));
        Assert.Equal(alert.Seen, repair.Seen);
        Assert.InRange(repair.ObservedAt, now, now.AddMinutes(1));
    }

    [Fact]
    public void The_same_reading_of_the_same_alert_is_one_message_and_of_another_state_another()
    {
        string? IdOf(Func<Alert, Alert> change) => CompareFiring(Closed, Resolved, change).Drift?.Repair?.MessageId;

        Assert.Equal(IdOf(alert => alert), IdOf(alert => alert));
        Assert.NotEqual(IdOf(alert => alert), IdOf(alert => alert with { TimelineLength = 9 }));
    }

    [Fact]
    public void The_close_of_a_source_whose_webhooks_end_after_the_first_was_not_lost() => Assert.Equal(
        DriftKind.Ended,
        CompareFiring(Closed, Resolved, alert => alert with
        {
            Content = alert.Content with { Traits = [.. alert.Content.Traits.Select(source => source with { IsOneTime = true })] },
        }).Drift?.Kind);

    [Theory]
    [InlineData("""{"id":"incident-1","active":true}""", "[]")]
    [InlineData("""{"id":"incident-1","active":false,"changed_at":"AT 100"}""", "[]")]
    [InlineData(Closed, """[{"type":"incident_resolved_api","timestamp":"AT 100"}]""")]
    public void What_agrees_or_may_still_be_on_its_way_is_no_difference(string incident, string activities) =>
        Assert.Null(CompareFiring(incident, activities).Drift);

    [Theory]
    [InlineData(119, false)]
    [InlineData(121, true)]
    public void An_alert_that_changed_within_two_minutes_is_left_alone(int seconds, bool isCompared) => Assert.Equal(
        isCompared,
        CompareFiring(Closed, Resolved, alert => alert with { StatusChangedAt = alert.StatusChangedAt.AddSeconds(3600 - seconds) }).Drift is not null);

    [Fact]
    public void An_alert_that_does_not_fire_is_not_compared_as_firing() => Assert.Null(
        CompareFiring(Closed, Resolved, alert => alert with { Life = alert.Life with { Status = AlertStatus.Resolved } }).Drift);

    [Fact]
    public void An_incident_that_no_environment_and_no_activity_knows_is_gone()
    {
        var (drift, _, _) = CompareFiring(null, null);

        const string why = "BigPanda no longer knows the incident: it was deleted, or merged into another";
        Assert.Equal((DriftKind.Gone, why, why), (drift?.Kind, drift?.Detail, (drift?.Repair as IncidentObserved)?.Gone));
    }

    [Theory]
    [InlineData(null, "[]", "env-1", "not found in its environments, and not deleted: 404 ")]
    [InlineData(null, null, "env-9", "none of its environments can be read with the connected key")]
    [InlineData(Closed, "{}", "env-1", "could not read the incident's activities: ")]
    [InlineData("500", "[]", "env-1", "500 ")]
    public void What_BigPanda_does_not_say_is_unclear_and_nothing_is_repaired(string? incident, string? activities, string readable, string detail)
    {
        var (drift, _, _) = CompareFiring(incident, activities, readable: readable);

        Assert.Equal((DriftKind.Unclear, null), (drift?.Kind, drift?.Repair));
        Assert.StartsWith(detail, drift?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_reopen_is_repaired_at_its_time()
    {
        var (drift, alert, now) = CompareActive(Reopened);

        Assert.Equal((DriftKind.ReopenLost, "the incident has been reopened in BigPanda, the alert is resolved"), (drift?.Kind, drift?.Detail));
        var repair = Assert.IsType<IncidentObserved>(drift?.Repair);
        Assert.Equal(
            (true, now.AddSeconds(-400), now.AddSeconds(-500), "grace", alert.Seen),
            (repair.IsActive, repair.ChangedAt, repair.ReopenedAt, repair.ReopenedBy, repair.Seen));
    }

    [Theory]
    [InlineData(false, "[]", true)]
    [InlineData(false, """[{"type":"incident_reopen","timestamp":"AT 9000"}]""", true)]
    [InlineData(true, "[]", false)]
    [InlineData(false, """[{"type":"incident_reopen","timestamp":"AT 60"}]""", false)]
    public void Without_a_newer_reopen_it_is_unclear_unless_it_was_resolved_here(bool awaitsClose, string activities, bool isUnclear)
    {
        var (drift, _, _) = CompareActive(activities, alert => alert with { Life = alert.Life with { AwaitsClose = awaitsClose } });

        Assert.Equal(
            isUnclear ? "the incident is active in BigPanda, the alert resolved, and its activities show no reopen since" : null, drift?.Detail);
        Assert.Null(drift?.Repair);
    }

    /// <summary>Each run would send it again, and each time the timeline would say that nothing follows.</summary>
    [Fact]
    public void A_reopen_that_a_webhook_has_shown_was_not_lost()
    {
        var (drift, _, _) = CompareActive(Reopened, alert => ResolveHere(AlertLifecycle.Decide(
            alert, At(Deliveries.Reopened(0), Deliveries.At(100_000 - 500)), Deliveries.At(100_000 - 500)).Alert));

        Assert.Null(drift);

        static Alert ResolveHere(Alert alert) =>
            AlertLifecycle.Decide(alert, Deliveries.Resolve(alert, 100_000), new AlertPolicy { BigPanda = DestinationMode.Off }, Deliveries.At(100_000)).Alert;
    }

    [Fact]
    public void Activities_that_cannot_be_read_leave_a_reopen_unclear() =>
        Assert.StartsWith("could not read the incident's activities: ", CompareActive(null).Drift?.Detail, StringComparison.Ordinal);

    [Fact]
    public void An_active_incident_is_compared_only_where_its_alert_can_be_behind()
    {
        Assert.Null(CompareActive(Reopened, changed: 60).Drift);
        Assert.Null(CompareActive(Reopened, changed: 7200).Drift);
        Assert.Null(CompareActive(Reopened, alert => alert with { Life = alert.Life with { Status = AlertStatus.Firing } }).Drift);
        Assert.Null(CompareActive(Reopened, alert => alert with { BigPanda = alert.BigPanda with { State = SyncState.Closing } }).Drift);
        Assert.NotNull(CompareActive(Reopened, alert => alert with { BigPanda = alert.BigPanda with { State = SyncState.Failed } }).Drift);
    }

    [Fact]
    public void An_active_incident_without_an_alert_is_missing_and_an_id_that_is_no_path_is_unclear()
    {
        var missing = Run((comparison, now, _) => comparison.CompareActiveAsync("another", now.AddSeconds(-400), Claim, CancellationToken.None)).Drift;
        var firing = CompareFiring(Closed, Resolved, alert => alert with { IncidentId = ".." }).Drift;
        var active = CompareActive(Reopened, alert => alert with { IncidentId = ".." }).Drift;

        Assert.Equal((DriftKind.Missing, "the incident is active in BigPanda and has no alert"), (missing?.Kind, missing?.Detail));
        Assert.Equal("its id cannot be used in a URL of BigPanda's API", firing?.Detail);
        Assert.Equal("its id cannot be used in a URL of BigPanda's API", active?.Detail);
    }

    private static CallClaim Claim => new(CallPriority.Normal);

    private static (Drift? Drift, Alert Alert, DateTimeOffset Now) CompareFiring(
        string? incident, string? activities, Func<Alert, Alert>? change = null, string readable = "env-1") => Run(
        (comparison, _, alert) => comparison.CompareFiringAsync(alert.IncidentId, new HashSet<string> { readable }, Claim, CancellationToken.None),
        Fires, incident, activities, change);

    private static (Drift? Drift, Alert Alert, DateTimeOffset Now) CompareActive(
        string? activities, Func<Alert, Alert>? change = null, int changed = 400) => Run(
        (comparison, now, alert) => comparison.CompareActiveAsync(alert.IncidentId, now.AddSeconds(-changed), Claim, CancellationToken.None),
        now => AlertLifecycle.Decide(Fires(now), At(Deliveries.Closed(0), now.AddSeconds(-3000)), now.AddSeconds(-3000)).Alert, null, activities, change);

    /// <summary>Fired an hour ago.</summary>
    private static Alert Fires(DateTimeOffset now) => AlertLifecycle.Decide(null, At(Deliveries.New(0), now.AddHours(-1)), now.AddHours(-1)).Alert;

    private static IncidentReported At(IncidentReported reported, DateTimeOffset at) => reported with
    {
        ReceivedAt = at,
        IncidentId = Id,
        Incident = reported.Incident with
        {
            Id = Id,
            ChangedOn = at,
            UpdatedOn = at,
            Events = [.. reported.Incident.Events.Select(evt => evt with { Time = at })],
        },
    };

    /// <param name="incident">The answer of each environment; a number is a status; null is 404, as for the activities.</param>
    private static (Drift? Drift, Alert Alert, DateTimeOffset Now) Run(
        Func<IncidentComparison, DateTimeOffset, Alert, Task<Drift?>> compare, Func<DateTimeOffset, Alert>? make = null, string? incident = null,
        string? activities = null, Func<Alert, Alert>? change = null) => VirtualWorld.Run(async world =>
    {
        world.Time.SetUtcNow(Deliveries.At(100_000));
        var (tables, bigPanda, now) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), world.Time.GetUtcNow());
        var alert = (make ?? Fires)(now);
        alert = change?.Invoke(alert) ?? alert;
        Assert.NotNull(await new AlertStore(tables).SaveAsync(null, new Decision(alert, Verdict.Applied, []), CancellationToken.None));
        bigPanda.Answer = path => Answer(path.EndsWith("/activities", StringComparison.Ordinal) ? activities : incident, now);
        await using var app = new AppInstance(world, tables, new ActionQueue(), bigPanda);
        return (await compare(app.Get<IncidentComparison>(), now, alert), alert, now);
    });

    private static HttpResponseMessage Answer(string? text, DateTimeOffset now)
    {
        var status = text is null ? HttpStatusCode.NotFound
            : int.TryParse(text, CultureInfo.InvariantCulture, out var code) ? (HttpStatusCode)code : HttpStatusCode.OK;
        var json = status == HttpStatusCode.OK ? text ?? "" : """{"error":"no"}""";
        for (var at = json.IndexOf("\"AT ", StringComparison.Ordinal); at >= 0; at = json.IndexOf("\"AT ", StringComparison.Ordinal))
        {
            var end = json.IndexOf('"', at + 1);
            var seconds = now.AddSeconds(-int.Parse(json[(at + 4)..end], CultureInfo.InvariantCulture)).ToUnixTimeSeconds();
            json = $"{json[..at]}{seconds}{json[(end + 1)..]}";
        }

        return new HttpResponseMessage(status) { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") };
    }
}
