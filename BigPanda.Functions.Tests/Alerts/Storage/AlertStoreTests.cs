using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Json;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Storage;

public class AlertStoreTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    private readonly CancellationToken _none = CancellationToken.None;
    private readonly string _incidentId = $"incident-{Guid.NewGuid():N}";

    private AlertStore Store => new(azurite.TableServiceClient);

    public async Task InitializeAsync()
    {
        foreach (var name in TableNames.All) await azurite.TableServiceClient.CreateTableIfNotExistsAsync(name);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_unknown_incident_has_no_alert() => Assert.Null(await Store.LoadAsync(_incidentId, _none));

    [Fact]
    public async Task What_is_saved_is_loaded_again()
    {
        var first = Decide(null, Named(New(10)));
        var saved = await Store.SaveAsync(null, first, _none);
        var resolving = Decide(saved?.Alert, Resolve(first.Alert, 12));
        await Store.SaveAsync(saved, resolving, _none);

        var loaded = await Store.LoadAsync(_incidentId, _none);

        Assert.NotNull(loaded);
        Assert.Equivalent(resolving.Alert, loaded.Alert, strict: true);
        Assert.Equal(Assert.Single(resolving.Actions), Assert.Single(loaded.Pending));
    }

    [Fact]
    public async Task The_timeline_is_kept_oldest_first()
    {
        StoredAlert? stored = null;
        foreach (var evt in new[] { Named(New(10)), Named(Updated(11)), Named(Closed(20)), Named(Updated(15)) })
            stored = await Store.SaveAsync(stored, Decide(stored?.Alert, evt), _none);

        var timeline = (await Store.TimelineAsync(_incidentId, 0, int.MaxValue, _none)).Entries;

        Assert.Equal([IncidentEvents.New, IncidentEvents.Updated, IncidentEvents.Closed, IncidentEvents.Updated], timeline.Select(entry => entry.Kind));
        Assert.Equal([Verdict.Applied, Verdict.Applied, Verdict.Applied, Verdict.Stale], timeline.Select(entry => entry.Verdict));
    }

    [Fact]
    public async Task A_second_writer_gets_a_conflict_and_writes_nothing()
    {
        var saved = await Store.SaveAsync(null, Decide(null, Named(New(10))), _none);
        await Store.SaveAsync(saved, Decide(saved?.Alert, Named(Updated(11))), _none);

        Assert.Null(await Store.SaveAsync(saved, Decide(saved?.Alert, Named(Closed(12))), _none));

        Assert.Equal(AlertStatus.Firing, (await Store.LoadAsync(_incidentId, _none))?.Alert.Life.Status);
        Assert.Equal(2, (await Store.TimelineAsync(_incidentId, 0, int.MaxValue, _none)).Entries.Count);
    }

    [Fact]
    public async Task Two_first_writers_make_one_alert()
    {
        var saves = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Store.SaveAsync(null, Decide(null, Named(New(i))), _none)));

        Assert.Single(saves, saved => saved is not null);
        Assert.Single((await Store.TimelineAsync(_incidentId, 0, int.MaxValue, _none)).Entries);
    }

    [Fact]
    public async Task Cleared_actions_are_gone_and_the_alert_is_as_it_was()
    {
        var saved = await SaveResolvedAsync();
        await Store.ClearPendingAsync(saved, _none);

        var loaded = await Store.LoadAsync(_incidentId, _none);

        Assert.Empty(loaded?.Pending ?? [saved.Pending[0]]);
        Assert.Equivalent(saved.Alert, loaded?.Alert, strict: true);
    }

    [Fact]
    public async Task Actions_not_yet_sent_go_on_with_the_next_event()
    {
        var saved = await SaveResolvedAsync();
        var later = await Store.SaveAsync(saved, Decide(saved.Alert, Named(Updated(13))), _none);

        Assert.Equal(saved.Pending, later?.Pending);
        await Store.ClearPendingAsync(saved, _none);
        Assert.Equal(saved.Pending, (await Store.LoadAsync(_incidentId, _none))?.Pending);
    }

    [Fact]
    public async Task A_long_timeline_comes_in_pages()
    {
        StoredAlert? stored = null;
        for (var i = 0; i < TimelinePage.MaxRows + 5; i++) stored = await Store.SaveAsync(stored, Decide(stored?.Alert, Named(Updated(i))), _none);

        var first = await Store.TimelineAsync(_incidentId, 0, int.MaxValue, _none);
        var rest = await Store.TimelineAsync(_incidentId, first.Next ?? 0, int.MaxValue, _none);

        Assert.Equal((TimelinePage.MaxRows, 5, null), (first.Entries.Count, rest.Entries.Count, rest.Next));
    }

    [Theory]
    [InlineData("a/b\\c#d?e")]
    [InlineData("100% + more")]
    [InlineData("it's \"quoted\"")]
    [InlineData("Größe-αβγ-アラート-🚨")]
    [InlineData("..")]
    [InlineData("-2F")]
    public async Task Any_incident_id_is_a_key(string id)
    {
        var unique = id + Guid.NewGuid().ToString("N");
        var reported = New(10);
        var evt = reported with { Incident = reported.Incident with { Id = unique }, IncidentId = unique };
        await Store.SaveAsync(null, AlertLifecycle.Decide(null, evt, At(10)), _none);

        Assert.Equal(unique, (await Store.LoadAsync(unique, _none))?.Alert.IncidentId);
        Assert.Single((await Store.TimelineAsync(unique, 0, int.MaxValue, _none)).Entries);
    }

    [Fact]
    public async Task An_incident_of_three_hundred_alerts_is_kept_whole()
    {
        var tags = Enumerable.Range(0, 20).ToDictionary(i => $"tag{i}", i => TagValue.Of($"value {i} of an alert"));
        var alerts = Enumerable.Range(0, 300)
            .Select(i => new IncidentAlert { Id = $"{i}", Status = "Critical", Description = new string('d', 2048), Tags = tags });
        var reported = Named(New(10));
        var decision = Decide(null, reported with { Incident = reported.Incident with { Alerts = [.. alerts] } });
        await Store.SaveAsync(null, decision, _none);

        var content = (await Store.LoadAsync(_incidentId, _none))?.Alert.Content;

        Assert.Equal((300, null), (content?.Alerts.Count, content?.Omitted));
        Assert.Equal(20, content?.Alerts[299].Tags.Count);
    }

    [Fact]
    public async Task An_incident_too_large_for_its_row_loses_detail_and_says_so()
    {
        var noise = new Random(1);
        var alerts = Enumerable.Range(0, 300).Select(i => new IncidentAlert
        {
            Id = $"{i}",
            Tags = new Dictionary<string, TagValue> { ["noise"] = TagValue.Of(Convert.ToBase64String(Bytes(noise, 8000))) },
        });
        var reported = Named(New(10));
        await Store.SaveAsync(null, Decide(null, reported with { Incident = reported.Incident with { Alerts = [.. alerts] } }), _none);

        var alert = (await Store.LoadAsync(_incidentId, _none))?.Alert;

        Assert.Equal((AlertStatus.Firing, 300), (alert?.Life.Status, alert?.Content.Alerts.Count));
        Assert.Equal("Left out to stay under the storage limit: the tags of the alerts.", alert?.Content.Omitted);
    }

    [Fact]
    public async Task A_row_of_a_newer_build_is_not_guessed_at()
    {
        await Store.SaveAsync(null, Decide(null, Named(New(10))), _none);
        var table = azurite.TableServiceClient.GetTableClient(TableNames.Alerts);
        await table.UpdateEntityAsync(new TableEntity(TableKey.Of(_incidentId), "alert") { ["Schema"] = 99 }, ETag.All);

        await Assert.ThrowsAsync<RowTooNewException>(() => Store.LoadAsync(_incidentId, _none));
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static Decision Decide(Alert? alert, AlertEvent evt) => AlertLifecycle.Decide(alert, evt, At(100));

    private IncidentReported Named(IncidentReported reported) =>
        reported with { Incident = reported.Incident with { Id = _incidentId }, IncidentId = _incidentId };

    private async Task<StoredAlert> SaveResolvedAsync()
    {
        var firing = Decide(null, Named(New(10)));
        var saved = await Store.SaveAsync(null, firing, _none);
        return await Store.SaveAsync(saved, Decide(firing.Alert, Resolve(firing.Alert, 12)), _none) ?? throw new InvalidOperationException("Not saved.");
    }
}
