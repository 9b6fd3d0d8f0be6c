using Azure.Data.Tables;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Explaining;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Alerts.Rebuilding;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Alerts.Explaining;

public sealed class ExplanationTests : IAsyncDisposable
{
    private readonly KeptWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task The_chain_goes_from_the_webhook_to_the_answer()
    {
        await _world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id));
        _world.Time.Advance(TimeSpan.FromSeconds(30));
        await _world.ResolveAsync("ada", "replaced the disk");
        _world.Time.Advance(TimeSpan.FromSeconds(2));
        var alert = (await _world.LoadAsync()).Alert;
        await ReportAsync(alert, ActionResult.Retrying, 1, "500 InternalServerError");
        await ReportAsync(alert, ActionResult.Accepted, 2, "202");

        var explanation = await ExplainAsync();

        Assert.Equal(4, explanation.Steps.Count);
        var (fired, resolved) = (explanation.Steps[0], explanation.Steps[1]);
        Assert.Equal(("incident", "main", null, AlertStatus.Firing), (fired.Message, fired.Source, fired.Transition?.From, fired.Transition?.To));
        Assert.Equal(_world.Time.GetUtcNow().UtcDateTime.AddSeconds(-32), fired.ReceivedAt);
        Assert.Contains("The alert began firing, episode 1. It led to no action.", fired.Text, StringComparison.Ordinal);
        Assert.StartsWith("The resolve of ada was received at ", resolved.Text, StringComparison.Ordinal);
        var close = Assert.Single(resolved.Actions);
        Assert.Equal((ActionKinds.Close, Destination.BigPanda, "accepted"), (close.Kind, close.Destination, close.State));
        Assert.Equal([(ActionResult.Retrying, 1, 3), (ActionResult.Accepted, 2, 4)], close.Attempts.Select(one => (one.Result, one.Attempt, one.Row)));
        Assert.Equal((close.ActionId, 2), (explanation.Steps[3].ReportOf?.ActionId, explanation.Steps[3].ReportOf?.PlannedInRow));
        Assert.Empty(explanation.OpenActions);
        Assert.Contains("The alert is resolved, episode 1", explanation.Summary, StringComparison.Ordinal);
        Assert.Contains("by ada (api). In BigPanda: the incident is being closed.", explanation.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_stored_of_an_action_now_comes_before_what_was_reported()
    {
        await _world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id));
        _world.Queue.IsDown = true;
        await _world.ResolveAsync();
        Assert.Equal("pending", Assert.Single((await ExplainAsync()).Steps[1].Actions).State);

        _world.Queue.IsDown = false;
        var stored = await _world.LoadAsync();
        var parked = _world.Get<ParkedActions>();
        await parked.AddAsync(new ActionDelivery(stored.Pending[0], 3), new Parking(_world.Time.GetUtcNow(), TimeSpan.Zero), CancellationToken.None);
        // Of an incident whose id begins alike.
        var other = stored.Pending[0] with { IncidentId = KeptWorld.Id + "0" };
        await parked.AddAsync(new ActionDelivery(other, 1), new Parking(_world.Time.GetUtcNow(), TimeSpan.Zero), CancellationToken.None);
        await _world.Get<AlertStore>().ClearPendingAsync(stored, CancellationToken.None);

        var explanation = await ExplainAsync();

        var open = Assert.Single(explanation.OpenActions);
        Assert.Equal(("parked", _world.Time.GetUtcNow().UtcDateTime), (open.State, open.Since));
        Assert.Equal("parked", Assert.Single(explanation.Steps[1].Actions).State);
        Assert.Contains("it waits for a valid key or setting", explanation.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_timeline_comes_in_pages_and_a_report_on_a_later_page_is_found()
    {
        await _world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id));
        await _world.ResolveAsync();
        var alert = (await _world.LoadAsync()).Alert;
        var comments = Enumerable.Range(0, TimelinePage.MaxRows)
            .Select(i => new CommentRequested(KeptWorld.Id, ResolvedVia.Api, "grace", $"note {i}", _world.Time.GetUtcNow(), $"comment-{i}"));
        foreach (var comment in comments) await _world.ReceiveAsync(AlertEventMessages.Of(comment));
        await ReportAsync(alert, ActionResult.Failed, 14, "404");

        var first = await ExplainAsync();
        var second = await ExplainAsync(int.Parse(first.Continuation ?? "", System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal((TimelinePage.MaxRows, 3), (first.Steps.Count, second.Steps.Count));
        Assert.Equal("failed", Assert.Single(first.Steps[1].Actions).State);
        Assert.Null(second.Continuation);
        Assert.Null(second.Steps[2].ReportOf?.PlannedInRow);
    }

    [Fact]
    public async Task A_row_of_an_earlier_version_says_that_no_more_is_stored()
    {
        await _world.WebhookAsync(IncidentWebhook.New(KeptWorld.Id));
        var row = (await _world.RowsAsync())[0];
        row.Remove(TimelineRows.FactsColumn);
        await _world.Alerts.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);

        var step = Assert.Single((await ExplainAsync()).Steps);

        Assert.Equal((null, null, null), (step.Message, step.ReceivedAt, step.Transition));
        Assert.Contains("by an earlier version, which stored no more of it. incident#new: applied, the alert fires.", step.Text, StringComparison.Ordinal);
    }

    private async Task ReportAsync(Alert alert, ActionResult result, int attempt, string detail) => await _world.ReceiveAsync(AlertEventMessages.Of(
        Deliveries.CloseOutcome(alert, result, attempt, detail) with { At = _world.Time.GetUtcNow(), MessageId = $"outcome-{attempt}" }));

    private async Task<Explanation> ExplainAsync(int after = 0) =>
        await _world.Get<Explainer>().RunAsync([KeptWorld.Id], after, CancellationToken.None) ?? throw new InvalidOperationException("There is no alert.");
}
