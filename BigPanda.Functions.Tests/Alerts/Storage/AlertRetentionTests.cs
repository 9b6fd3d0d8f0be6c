using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Storage;

public class AlertRetentionTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    /// <summary>Long before the alerts of other tests, which share the tables.</summary>
    private static readonly DateTimeOffset LongAgo = Start;

    private readonly CancellationToken _none = CancellationToken.None;
    private readonly string _id = $"retained-{Guid.NewGuid():N}";

    private AlertStore Store => new(azurite.TableServiceClient);

    private AlertRetention Retention => new(azurite.TableServiceClient, Store, NullLogger<AlertRetention>.Instance);

    public async Task InitializeAsync()
    {
        foreach (var name in TableNames.All) await azurite.TableServiceClient.CreateTableIfNotExistsAsync(name);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_alert_resolved_long_ago_goes_with_its_timeline()
    {
        await ApplyAsync(LongAgo, New(10), Closed(20));

        Assert.True(await Retention.RemoveResolvedAsync(LongAgo.AddDays(1), 100, (_, _) => Task.CompletedTask, _none) >= 1);

        Assert.Null(await Store.LoadAsync(_id, _none));
        Assert.Empty((await Store.TimelineAsync(_id, 0, int.MaxValue, _none)).Entries);
        Assert.Equal(0, await Retention.RemoveResolvedAsync(LongAgo.AddDays(1), 100, (_, _) => Task.CompletedTask, _none));
    }

    [Fact]
    public async Task An_alert_that_has_fired_again_stays_whatever_its_old_row_says()
    {
        var closed = await ApplyAsync(LongAgo, New(10), Closed(20));
        var reopened = AlertLifecycle.Decide(closed.Alert, Named(Reopened(30)), LongAgo);
        await Store.SaveAsync(closed, reopened, _none);

        await Retention.RemoveResolvedAsync(LongAgo.AddDays(1), 100, (_, _) => Task.CompletedTask, _none);

        Assert.NotNull(await Store.LoadAsync(_id, _none));
    }

    [Fact]
    public async Task An_alert_resolved_since_the_cutoff_stays()
    {
        await ApplyAsync(LongAgo.AddDays(2), New(10), Closed(20));

        await Retention.RemoveResolvedAsync(LongAgo.AddDays(1), 100, (_, _) => Task.CompletedTask, _none);

        Assert.NotNull(await Store.LoadAsync(_id, _none));
    }

    [Fact]
    public async Task A_long_timeline_keeps_its_latest_rows()
    {
        await ApplyAsync(LongAgo, [.. Enumerable.Range(0, 20).Select(i => Updated(i))]);

        Assert.Equal(5, await Retention.TrimTimelinesAsync(15, (_, _, _) => Task.FromResult(true), _none));

        var timeline = (await Store.TimelineAsync(_id, 0, int.MaxValue, _none)).Entries;
        Assert.Equal(15, timeline.Count);
        Assert.EndsWith(":05Z", timeline[0].Summary, StringComparison.Ordinal);
        Assert.Equal(AlertStatus.Firing, (await Store.LoadAsync(_id, _none))?.Alert.Life.Status);
    }

    private async Task<StoredAlert> ApplyAsync(DateTimeOffset at, params AlertEvent[] events)
    {
        var index = new AlertIndex(azurite.TableServiceClient);
        StoredAlert? stored = null;
        foreach (var evt in events)
        {
            var decision = AlertLifecycle.Decide(stored?.Alert, Named((IncidentReported)evt), at);
            var saved = await Store.SaveAsync(stored, decision, _none);
            await index.WriteAsync(decision.Alert, null, _none);
            await index.RemoveOldAsync(stored?.Alert, decision.Alert, _none);
            stored = saved;
        }

        return stored ?? throw new ArgumentException("No events.", nameof(events));
    }

    private IncidentReported Named(IncidentReported reported) =>
        reported with { Incident = reported.Incident with { Id = _id }, IncidentId = _id };
}
