using System.Text.Json;
using Azure.Data.Tables;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Alerts.Rebuilding;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Alerts.Rebuilding;

/// <summary>Retention while events arrive, and while another instance does the same.</summary>
public sealed class RetentionInterleavingTests : IAsyncDisposable
{
    private readonly KeptWorld _world = new();

    private DateTimeOffset Later => _world.Time.GetUtcNow().AddDays(1);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task An_event_that_arrives_while_its_alert_is_removed_keeps_its_timeline(int request)
    {
        await ResolvedAsync();
        _world.Tables.Before(request, () => _world.WebhookAsync(IncidentWebhook.Reopened(KeptWorld.Id, 5000)));

        await RemoveResolvedAsync(_world);

        Assert.True(_world.Tables.HasInterfered);
        var alert = (await _world.LoadAsync()).Alert;
        Assert.True(alert.IsFiring);
        var rows = await _world.RowsAsync();
        Assert.Contains(rows, row => TimelineRows.NumberOf(row) == alert.TimelineLength);
        Assert.Equal(RebuildOutcome.Same, (await _world.RebuildAsync()).Outcome);
    }

    [Fact]
    public async Task Two_instances_remove_one_alert_at_once()
    {
        await using var other = new KeptWorld(_world);
        for (var request = 1; request <= 6; request++)
        {
            await ResolvedAsync();
            _world.Tables.Before(request, () => RemoveResolvedAsync(other));

            await RemoveResolvedAsync(_world);

            Assert.True(_world.Tables.HasInterfered, $"request {request}");
            Assert.Null(await _world.Get<AlertStore>().LoadAsync(KeptWorld.Id, CancellationToken.None));
            Assert.Empty(await _world.RowsAsync());
        }
    }

    [Fact]
    public async Task Two_instances_expire_one_history_at_once()
    {
        await using var other = new KeptWorld(_world);
        for (var request = 1; request <= 6; request++)
        {
            for (var i = 0; i < 5; i++) await _world.WebhookAsync(IncidentWebhook.Updated(KeptWorld.Id, (request * 10) + i));
            var length = (await _world.LoadAsync()).Alert.TimelineLength;
            _world.Tables.Before(request, () => other.ExpireAsync(Later));

            await _world.ExpireAsync(Later);

            Assert.True(_world.Tables.HasInterfered, $"request {request}");
            var report = await _world.RebuildAsync();
            Assert.Equal((RebuildOutcome.Same, (int?)length), (report.Outcome, report.From?.Row));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task An_event_that_arrives_while_its_history_expires_or_is_removed_stays_provable(int request)
    {
        await _world.LiveAsync(new Random(request), 6);
        await ClearPendingAsync();
        _world.Tables.Before(request, () => _world.WebhookAsync(IncidentWebhook.Updated(KeptWorld.Id, 90_000)));
        await _world.ExpireAsync(Later);
        Assert.True(_world.Tables.HasInterfered);
        Assert.Equal(RebuildOutcome.Same, (await _world.RebuildAsync()).Outcome);

        await ClearPendingAsync();
        _world.Tables.Before(request, () => _world.WebhookAsync(IncidentWebhook.Updated(KeptWorld.Id, 91_000)));
        await _world.Get<DeliveryRemoval>().RunAsync([KeptWorld.Id], CancellationToken.None);
        Assert.True(_world.Tables.HasInterfered);
        await _world.WebhookAsync(IncidentWebhook.Updated(KeptWorld.Id, 92_000));
        Assert.Equal(RebuildOutcome.Same, (await _world.RebuildAsync()).Outcome);
    }

    [Fact]
    public async Task Cutting_a_timeline_leaves_a_snapshot_before_the_rows_that_stay()
    {
        for (var i = 0; i < 40; i++) await _world.WebhookAsync(IncidentWebhook.Updated(KeptWorld.Id, i));

        var removed = await _world.Get<AlertRetention>().TrimTimelinesAsync(10, _world.Get<DeliveryExpiry>().ReleaseAsync, CancellationToken.None);

        Assert.Equal(30, removed);
        var report = await _world.RebuildAsync();
        Assert.Equal((RebuildOutcome.Same, (int?)31, 9), (report.Outcome, report.From?.Row, report.Deliveries));
    }

    [Fact]
    public async Task An_alert_with_pending_actions_is_not_removed_before_they_are_sent()
    {
        await _world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id));
        await _world.ResolveAsync();
        await _world.WebhookAsync(IncidentWebhook.Closed(KeptWorld.Id, 9));
        var stored = await _world.LoadAsync();
        var row = AlertRows.Write(stored.Alert, [PendingAction()], TableKey.Of(KeptWorld.Id));
        row.RowKey = AlertStore.AlertRow;
        await _world.Alerts.UpdateEntityAsync(row, stored.ETag, TableUpdateMode.Replace);
        _world.Time.Advance(TimeSpan.FromDays(100));

        Assert.Equal(0, await RemoveResolvedAsync(_world));
        var sent = _world.Queue.Sent.Count;
        await _world.Get<Outbox>().SweepAsync(CancellationToken.None);
        Assert.Equal(sent + 1, _world.Queue.Sent.Count);
        Assert.Equal(1, await RemoveResolvedAsync(_world));
    }

    /// <summary>The close waits for a key, a release of the brake, or BigPanda: without its alert it would not be sent.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(ActionResult.Parked)]
    public async Task An_alert_whose_close_waits_stays_until_that_is_over(ActionResult? reported)
    {
        await _world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id));
        await _world.ResolveAsync();
        if (reported is { } result) await ReportAsync(result);
        _world.Time.Advance(TimeSpan.FromDays(100));

        Assert.Equal(0, await RemoveResolvedAsync(_world));
        await ReportAsync(ActionResult.Failed, attempt: 2);
        Assert.Equal(1, await RemoveResolvedAsync(_world));
    }

    [Fact]
    public async Task The_outcome_of_an_action_whose_alert_was_removed_is_no_dead_letter()
    {
        await _world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id));
        await _world.ResolveAsync();
        var alert = (await _world.LoadAsync()).Alert;
        await ReportAsync(ActionResult.Failed);
        _world.Time.Advance(TimeSpan.FromDays(100));
        Assert.Equal(1, await RemoveResolvedAsync(_world));

        await _world.ReceiveAsync(AlertEventMessages.Of(Deliveries.CloseOutcome(alert, ActionResult.Accepted, attempt: 3)));

        Assert.Null(await _world.Get<AlertStore>().LoadAsync(KeptWorld.Id, CancellationToken.None));
    }

    /// <summary>The alert is removed and its rows are gone; the same deliveries come again, and make an alert that fired at the same time.</summary>
    [Fact]
    public async Task A_new_alert_that_is_listed_where_the_removed_one_was_stays_listed()
    {
        await ResolvedAsync();
        _world.Tables.Before(6, async () =>
        {
            await _world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id));
            await _world.WebhookAsync(IncidentWebhook.Closed(KeptWorld.Id, 9));
        });

        await RemoveResolvedAsync(_world);

        Assert.True(_world.Tables.HasInterfered);
        Assert.NotNull(await _world.LoadAsync());
        Assert.Single(await _world.Tables.GetTableClient(TableNames.ResolvedAlerts).QueryAsync<TableEntity>().ToListAsync());
    }

    /// <summary>It was sent before the crash, and much later a new event sends it once more.</summary>
    [Fact]
    public async Task An_action_that_is_still_pending_is_sent_as_a_repeat_by_the_next_event_and_a_new_one_is_not()
    {
        await _world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id));
        var stored = await _world.LoadAsync();
        var row = AlertRows.Write(stored.Alert, [PendingAction()], TableKey.Of(KeptWorld.Id));
        row.RowKey = AlertStore.AlertRow;
        await _world.Alerts.UpdateEntityAsync(row, stored.ETag, TableUpdateMode.Replace);

        await _world.ResolveAsync();

        Assert.Equal(
            [("2.1", true), ("1", false)],
            _world.Queue.Sent.Where(sent => sent.Queue == Queues.BigPandaActions).Select(sent => (
                JsonSerializer.Deserialize(sent.Message.Body, ActionJson.Default.AlertAction)?.ActionId,
                sent.Message.ApplicationProperties.ContainsKey(MessageProperties.Repeated))));
    }

    [Fact]
    public async Task An_alert_that_this_build_cannot_read_does_not_keep_the_others_from_being_removed()
    {
        await ResolvedAsync();
        var other = new TableEntity("newer", AlertStore.AlertRow) { ["Schema"] = AlertRows.Schema + 1 };
        await _world.Alerts.AddEntityAsync(other);
        // Newer than the readable one, and so listed before it.
        var key = AlertIndex.SortKey(_world.Time.GetUtcNow().AddDays(-95), other.PartitionKey);
        await _world.Tables.GetTableClient(TableNames.ResolvedAlerts).AddEntityAsync(
            new TableEntity(key, AlertIndex.ResolvedRow) { ["IncidentId"] = other.PartitionKey, ["KeptSince"] = DateTimeOffset.UnixEpoch });

        Assert.True(await _world.ExpireAsync(Later) > 0);
        Assert.Equal(1, await RemoveResolvedAsync(_world));
    }

    private static Functions.Alerts.Rules.AlertAction PendingAction() =>
        new Functions.Vendors.BigPanda.Actions.CloseIncidentAction(KeptWorld.Id, "2.1", "env-1", "Resolved by ada.").ToAction();

    private static Task<int> RemoveResolvedAsync(KeptWorld world) => world.Get<AlertRetention>().RemoveResolvedAsync(
        world.Time.GetUtcNow().AddDays(-90), 100, world.Get<Outbox>().MarkAsync, CancellationToken.None);

    private async Task ReportAsync(ActionResult result, int attempt = 1)
    {
        var report = Deliveries.CloseOutcome((await _world.LoadAsync()).Alert, result, attempt);
        await _world.ReceiveAsync(AlertEventMessages.Of(report));
    }

    private async Task ResolvedAsync()
    {
        await _world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id));
        await _world.WebhookAsync(IncidentWebhook.Updated(KeptWorld.Id, 4));
        await _world.WebhookAsync(IncidentWebhook.Closed(KeptWorld.Id, 9));
        _world.Time.Advance(TimeSpan.FromDays(100));
    }

    private async Task ClearPendingAsync() => await _world.Get<AlertStore>().ClearPendingAsync(await _world.LoadAsync(), CancellationToken.None);
}
