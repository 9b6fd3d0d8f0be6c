using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rebuilding;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Alerts.Rebuilding;

/// <summary>What is kept of applied deliveries, and what comes of folding an alert from that.</summary>
public sealed class KeptDeliveriesTests : IAsyncDisposable
{
    private readonly KeptWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task The_stored_history_of_random_messages_folds_to_the_alert_whenever_it_expires()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var random = new Random(seed);
            await using var world = new KeptWorld();
            await world.LiveAsync(random, 25);
            var length = (await world.LoadAsync()).Alert.TimelineLength;
            AssertSame(await world.RebuildAsync(), from: 0, length);

            // Twice, so that one snapshot follows another.
            foreach (var part in new[] { 3, 2 })
            {
                var rows = await world.RowsAsync();
                var at = KeptRows.AtOf(rows[rows.Count / part]) ?? throw new InvalidOperationException("The row keeps nothing.");
                await world.Get<AlertStore>().ClearPendingAsync(await world.LoadAsync(), CancellationToken.None);
                await world.ExpireAsync(at);
                AssertSame(await world.RebuildAsync(), from: rows.Count / part, length - (rows.Count / part));
            }

            await world.LiveAsync(random, 5);
            AssertSame(await world.RebuildAsync(), from: length / 2, null);
        }
    }

    [Fact]
    public async Task Everything_expires_at_last_and_a_snapshot_stays()
    {
        await _world.LiveAsync(new Random(1), 20);
        await _world.Get<AlertStore>().ClearPendingAsync(await _world.LoadAsync(), CancellationToken.None);
        var stored = await _world.LoadAsync();

        Assert.Equal(stored.Alert.TimelineLength, await _world.ExpireAsync(_world.Time.GetUtcNow().AddDays(1)));

        AssertSame(await _world.RebuildAsync(), from: stored.Alert.TimelineLength, 0);
        var rows = await _world.RowsAsync();
        Assert.DoesNotContain(rows, KeptRows.HasDelivery);
        Assert.DoesNotContain(rows, row => row.Keys.Any(name => BinaryColumns.IsColumn(name)));
        Assert.Single(rows, KeptRows.HasSnapshot);
        Assert.Null((await _world.LoadAsync()).Kept.Since);
        Assert.Equal(0, await _world.ExpireAsync(_world.Time.GetUtcNow().AddDays(1)));
        await _world.LiveAsync(new Random(2), 3);
        AssertSame(await _world.RebuildAsync(), from: stored.Alert.TimelineLength, null);
    }

    [Fact]
    public async Task More_rows_than_a_transaction_holds_expire_in_several()
    {
        for (var i = 0; i < 120; i++)
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            await _world.WebhookAsync(IncidentWebhook.Updated(KeptWorld.Id, i));
        }

        Assert.Equal(120, await _world.ExpireAsync(_world.Time.GetUtcNow().AddDays(1)));

        AssertSame(await _world.RebuildAsync(), from: 120, 0);
    }

    /// <summary>A row keeps up to 64 KB of what people wrote: 85 of them are more bytes than a transaction holds.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task More_bytes_than_a_transaction_holds_go_in_several(bool onRequest)
    {
        for (var i = 0; i < 85; i++)
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            await _world.WebhookAsync(IncidentWebhook.Updated(KeptWorld.Id, i) with { Comment = new string('ж', 5000) });
        }

        var removed = onRequest
            ? (await _world.Get<DeliveryRemoval>().RunAsync([KeptWorld.Id], CancellationToken.None))?.Deliveries
            : await _world.ExpireAsync(_world.Time.GetUtcNow().AddDays(1));

        Assert.Equal(85, removed);
    }

    [Fact]
    public async Task A_redelivery_and_a_conflict_keep_one_row()
    {
        await _world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id));
        await using var other = new KeptWorld(_world);
        // Between the other's read and its write.
        _world.Tables.Before(2, () => _world.WebhookAsync(IncidentWebhook.Updated(KeptWorld.Id, 6)));
        await other.WebhookAsync(IncidentWebhook.Updated(KeptWorld.Id, 5));
        Assert.True(_world.Tables.HasInterfered);
        var request = Deliveries.Resolve((await _world.LoadAsync()).Alert, 0) with { RequestedAt = _world.Time.GetUtcNow() };
        await _world.ReceiveAsync(AlertEventMessages.Of(request));
        await _world.ReceiveAsync(AlertEventMessages.Of(request), deliveries: 2);

        AssertSame(await _world.RebuildAsync(), from: 0, 4);
    }

    [Fact]
    public async Task A_stored_alert_that_was_changed_by_hand_is_reported_member_by_member()
    {
        await _world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id));
        await _world.TamperAsync(alert => alert with { Content = alert.Content with { Severity = "warning" }, FailedComments = 7 });

        var report = await _world.RebuildAsync();

        Assert.Equal(RebuildOutcome.Different, report.Outcome);
        Assert.Equal([new("content.severity", "\"warning\"", "\"critical\""), new("failedComments", "7", "0")], report.Differences.OrderBy(one => one.Member));
    }

    [Fact]
    public async Task A_history_that_was_changed_by_hand_is_reported()
    {
        await _world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id));
        await _world.WebhookAsync(IncidentWebhook.Closed(KeptWorld.Id, 5));
        var second = (await _world.RowsAsync())[1];
        await _world.Alerts.DeleteEntityAsync(second.PartitionKey, second.RowKey);

        var report = await _world.RebuildAsync();

        Assert.Equal((RebuildOutcome.Unknown, null), (report.Outcome, report.From));
        Assert.Contains("row 2 of the timeline", report.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removed_deliveries_are_gone_and_the_next_event_begins_again_with_a_snapshot()
    {
        await _world.LiveAsync(new Random(3), 10);
        var length = (await _world.LoadAsync()).Alert.TimelineLength;

        var removed = await _world.Get<DeliveryRemoval>().RunAsync([KeptWorld.Id], CancellationToken.None);

        Assert.Equal((length, 0, 0, 0), (removed?.Deliveries, removed?.Snapshots, removed?.Payloads, removed?.PayloadsInUse));
        // The timeline's own columns stay, and nothing else.
        Assert.All(await _world.RowsAsync(), row => Assert.Equal(
            [TimelineRows.EntriesColumn, TimelineRows.FactsColumn],
            row.Keys.Except(["PartitionKey", "RowKey", "Timestamp", "odata.etag"]).Order(StringComparer.Ordinal)));
        var report = await _world.RebuildAsync();
        Assert.Equal(RebuildOutcome.Unknown, report.Outcome);
        Assert.Contains("removed on request at 20", report.Summary, StringComparison.Ordinal);

        await _world.WebhookAsync(IncidentWebhook.Updated(KeptWorld.Id, 9000));
        await _world.WebhookAsync(IncidentWebhook.Closed(KeptWorld.Id, 9001));
        AssertSame(await _world.RebuildAsync(), from: length + 1, 1);
        var again = await _world.Get<DeliveryRemoval>().RunAsync([KeptWorld.Id], CancellationToken.None);
        Assert.Equal((2, 1), (again?.Deliveries, again?.Snapshots));
    }

    [Fact]
    public async Task With_the_setting_0_nothing_is_kept_and_afterwards_the_history_begins_with_a_snapshot()
    {
        await using var off = new KeptWorld(_world, ("Deliveries:KeptDays", "0"));
        await off.WebhookAsync(IncidentWebhook.New(KeptWorld.Id));
        Assert.DoesNotContain(await off.RowsAsync(), row => KeptRows.HasDelivery(row) || KeptRows.HasSnapshot(row));
        Assert.NotNull(TimelineRows.ReadFacts((await off.RowsAsync())[0]));
        Assert.Equal(RebuildOutcome.Unknown, (await off.RebuildAsync()).Outcome);

        await _world.WebhookAsync(IncidentWebhook.Updated(KeptWorld.Id, 2));
        await _world.WebhookAsync(IncidentWebhook.Closed(KeptWorld.Id, 3));

        AssertSame(await _world.RebuildAsync(), from: 2, 1);
    }

    /// <summary>While two versions run, the older one writes the alert without what this one adds.</summary>
    [Fact]
    public async Task An_event_that_an_earlier_version_applied_is_a_gap_that_the_next_one_ends()
    {
        await _world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id));
        var stored = await _world.LoadAsync();
        await SaveAsEarlierAsync(stored);
        Assert.Contains("row 2 of the timeline: nothing of it was kept", (await _world.RebuildAsync()).Summary, StringComparison.Ordinal);

        await _world.WebhookAsync(IncidentWebhook.Updated(KeptWorld.Id, 20));
        await _world.WebhookAsync(IncidentWebhook.Closed(KeptWorld.Id, 30));

        AssertSame(await _world.RebuildAsync(), from: 3, 1);
        // What was kept before the gap still expires, although the older version has dropped the alert's columns.
        Assert.Equal(4 - 1, await _world.ExpireAsync(_world.Time.GetUtcNow().AddDays(1)));
        AssertSame(await _world.RebuildAsync(), from: 4, 0);
    }

    [Fact]
    public async Task Members_that_are_not_kept_are_in_no_kept_body_and_what_differs_for_them_is_not_compared()
    {
        await using var world = new KeptWorld(("Deliveries:MembersNotKept", "DESCRIPTION, startedOn"));
        await world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id) with { Description = "private words" });

        var report = await world.RebuildAsync();

        var kept = KeptRows.ReadDelivery((await world.RowsAsync())[0]) ?? throw new InvalidOperationException("Nothing is kept.");
        var body = Encoding.UTF8.GetString(Compressed.Unpack(kept.Body, 1_000_000));
        Assert.DoesNotContain("private words", body, StringComparison.Ordinal);
        Assert.DoesNotContain("startedOn", body, StringComparison.Ordinal);
        Assert.Equal("Critical", JsonDocument.Parse(body).RootElement.GetProperty("incident").GetProperty("severity").GetString());
        Assert.Equal((RebuildOutcome.Unknown, 0), (report.Outcome, report.Differences.Count));
        Assert.Contains(report.NotCompared, one => one.Member == "content.alerts[0].description");
        Assert.Contains(report.Notes, note => note.Contains("description, startedOn", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Members_that_no_rule_reads_make_no_difference()
    {
        await using var world = new KeptWorld(("Deliveries:MembersNotKept", "startedOn"));
        await world.LiveAsync(new Random(4), 15);

        AssertSame(await world.RebuildAsync(), from: 0, (await world.LoadAsync()).Alert.TimelineLength);
    }

    [Fact]
    public async Task A_delivery_that_is_no_incident_without_them_is_replaced_by_a_snapshot()
    {
        await using var world = new KeptWorld(("Deliveries:MembersNotKept", "incident"));
        await world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id));
        await world.ResolveAsync();

        Assert.StartsWith("not readable without incident", TimelineRows.ReadFacts((await world.RowsAsync())[0])?.NotKept, StringComparison.Ordinal);
        AssertSame(await world.RebuildAsync(), from: 1, 1);
    }

    [Fact]
    public async Task A_large_body_is_kept_by_its_claim_and_a_missing_one_is_said()
    {
        await _world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id) with { Description = IncidentWebhook.Noise(400_000) });
        var row = (await _world.RowsAsync())[0];
        Assert.Equal(0, KeptRows.ReadDelivery(row)?.Body.Length);
        AssertSame(await _world.RebuildAsync(), from: 0, 1);

        var payloads = _world.Tables.GetTableClient(TableNames.Payloads);
        foreach (var chunk in await payloads.QueryAsync<TableEntity>("").ToListAsync())
            await payloads.DeleteEntityAsync(chunk.PartitionKey, chunk.RowKey, Azure.ETag.All);

        Assert.Contains("The stored body sha256-", (await _world.RebuildAsync()).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_does_not_fit_gives_way_to_the_alert_and_the_row_says_so()
    {
        await using var world = new KeptWorld(("Deliveries:MembersNotKept", "startedOn"));
        await world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id) with { Description = IncidentWebhook.Noise(2_000_000) });
        await world.ResolveAsync();

        Assert.Equal("too large for its row", TimelineRows.ReadFacts((await world.RowsAsync())[0])?.NotKept);
        AssertSame(await world.RebuildAsync(), from: 1, 1);
        await world.Get<AlertStore>().ClearPendingAsync(await world.LoadAsync(), CancellationToken.None);
        await world.ExpireAsync(world.Time.GetUtcNow().AddDays(1));
        Assert.Equal("too large for its row", TimelineRows.ReadFacts((await world.RowsAsync())[0])?.NotKept);
    }

    private static void AssertSame(RebuildReport report, int from, int? deliveries)
    {
        Assert.Empty(report.Differences);
        Assert.True(report.Outcome == RebuildOutcome.Same, report.Summary);
        Assert.Equal(from, report.From?.Row);
        if (deliveries is { } expected) Assert.Equal(expected, report.Deliveries);
    }

    private async Task SaveAsEarlierAsync(StoredAlert stored)
    {
        var decision = AlertLifecycle.Decide(
            stored.Alert, new CommentRequested(KeptWorld.Id, "api", "ada", "hello", _world.Time.GetUtcNow(), "c"), new AlertPolicy(), _world.Time.GetUtcNow());
        await _world.Get<AlertStore>().SaveAsync(stored, decision, [], null, CancellationToken.None);
        var row = await _world.Alerts.FindAsync(TableKey.Of(KeptWorld.Id), AlertStore.AlertRow, CancellationToken.None);
        Assert.NotNull(row);
        row.Remove("KeptTo");
        row.Remove("KeptSince");
        await _world.Alerts.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
    }
}
