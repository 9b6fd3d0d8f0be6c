using Azure.Data.Tables;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Actions;

/// <summary>The rows of calls that must not be made twice, in a real table: versions, ages by the service's clock, and their removal.</summary>
public sealed class SentCallsTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly TimeSpan ArrivesWithin = TimeSpan.FromSeconds(30);
    private readonly CancellationToken _none = CancellationToken.None;
    private readonly SentCalls _calls = new(azurite.TableServiceClient);

    private TableClient Table => azurite.TableServiceClient.GetTableClient(TableNames.ParkedActions);

    [Fact]
    public async Task Of_two_deliveries_that_found_no_row_one_makes_the_call()
    {
        var action = await NewAsync();
        Assert.Null(await _calls.FindAsync(action, ArrivesWithin, _none));

        var first = await _calls.TryBeginAsync(action, null, _none);

        Assert.NotNull(first);
        Assert.Null(await _calls.TryBeginAsync(action, null, _none));
        Assert.Equal(first, (await _calls.FindAsync(action, ArrivesWithin, _none))?.Version);
    }

    [Fact]
    public async Task Of_two_deliveries_that_found_the_same_row_one_makes_the_call()
    {
        var action = await NewAsync();
        var seen = await _calls.TryBeginAsync(action, null, _none);

        var second = await _calls.TryBeginAsync(action, seen, _none);

        Assert.NotNull(second);
        Assert.NotEqual(seen, second);
        Assert.Null(await _calls.TryBeginAsync(action, seen, _none));
    }

    [Fact]
    public async Task A_row_that_was_removed_since_it_was_found_makes_no_call()
    {
        var action = await NewAsync();
        var seen = await _calls.TryBeginAsync(action, null, _none);
        await Table.DeleteEntityAsync("sent", $"{action.IncidentId}|{action.ActionId}");

        Assert.Null(await _calls.TryBeginAsync(action, seen, _none));
    }

    [Fact]
    public async Task A_call_without_a_response_may_arrive_for_twice_its_timeout_and_an_answered_one_has_arrived()
    {
        var action = await NewAsync();
        var begun = await _calls.TryBeginAsync(action, null, _none) ?? throw new InvalidOperationException("No row.");
        Assert.InRange((await _calls.FindAsync(action, ArrivesWithin, _none))?.Rest ?? default, TimeSpan.FromTicks(1), ArrivesWithin + TimeSpan.FromSeconds(1));

        await _calls.MarkAnsweredAsync(action, begun, _none);

        Assert.Equal(TimeSpan.Zero, (await _calls.FindAsync(action, ArrivesWithin, _none))?.Rest);
    }

    [Fact]
    public async Task An_answer_to_a_call_that_another_delivery_has_replaced_marks_nothing()
    {
        var action = await NewAsync();
        var begun = await _calls.TryBeginAsync(action, null, _none) ?? throw new InvalidOperationException("No row.");
        var replaced = await _calls.TryBeginAsync(action, begun, _none);

        await _calls.MarkAnsweredAsync(action, begun, _none);

        var found = await _calls.FindAsync(action, ArrivesWithin, _none);
        Assert.Equal(replaced, found?.Version);
        Assert.NotEqual(TimeSpan.Zero, found?.Rest);
    }

    [Fact]
    public async Task Rows_are_kept_for_thirty_days_and_parked_actions_stay()
    {
        var action = await NewAsync();
        await _calls.TryBeginAsync(action, null, _none);
        await Table.UpsertEntityAsync(new TableEntity("parked", $"{action.IncidentId}|1"));
        var written = (await Table.GetEntityAsync<TableEntity>("sent", $"{action.IncidentId}|{action.ActionId}")).Value.Timestamp ?? default;

        await _calls.RemoveOldAsync(written.AddDays(30), _none);
        Assert.NotNull(await _calls.FindAsync(action, ArrivesWithin, _none));
        await _calls.RemoveOldAsync(written.AddDays(30).AddSeconds(1), _none);

        Assert.Null(await _calls.FindAsync(action, ArrivesWithin, _none));
        Assert.True((await Table.GetEntityIfExistsAsync<TableEntity>("parked", $"{action.IncidentId}|1")).HasValue);
    }

    private async Task<AlertAction> NewAsync()
    {
        await Table.CreateIfNotExistsAsync();
        return new AlertAction { Kind = ActionKinds.Comment, IncidentId = $"incident{Guid.NewGuid():N}", ActionId = "comment-1" };
    }
}
