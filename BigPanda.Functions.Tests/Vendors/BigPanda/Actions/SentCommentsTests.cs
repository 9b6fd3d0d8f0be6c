using Azure.Data.Tables;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.BigPanda.Api;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Actions;

/// <summary>The rows of sent comments in a real table: versions, ages by the service's clock, and their removal.</summary>
public sealed class SentCommentsTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private const int TimeoutSeconds = 15;
    private readonly CancellationToken _none = CancellationToken.None;
    private readonly SentComments _comments = new(azurite.TableServiceClient, Options.Create(new BigPandaOptions { TimeoutSeconds = TimeoutSeconds }));

    private TableClient Table => azurite.TableServiceClient.GetTableClient(TableNames.ParkedActions);

    [Fact]
    public async Task Of_two_deliveries_that_found_no_row_one_sends_the_comment()
    {
        var comment = await NewAsync();
        Assert.Null(await _comments.FindAsync(comment, _none));

        var first = await _comments.TryBeginAsync(comment, null, _none);

        Assert.NotNull(first);
        Assert.Null(await _comments.TryBeginAsync(comment, null, _none));
        Assert.Equal(first, (await _comments.FindAsync(comment, _none))?.Version);
    }

    [Fact]
    public async Task Of_two_deliveries_that_found_the_same_row_one_sends_the_comment()
    {
        var comment = await NewAsync();
        var seen = await _comments.TryBeginAsync(comment, null, _none);

        var second = await _comments.TryBeginAsync(comment, seen, _none);

        Assert.NotNull(second);
        Assert.NotEqual(seen, second);
        Assert.Null(await _comments.TryBeginAsync(comment, seen, _none));
    }

    [Fact]
    public async Task A_row_that_was_removed_since_it_was_found_sends_nothing()
    {
        var comment = await NewAsync();
        var seen = await _comments.TryBeginAsync(comment, null, _none);
        await Table.DeleteEntityAsync("sent", $"{comment.IncidentId}|{comment.ActionId}");

        Assert.Null(await _comments.TryBeginAsync(comment, seen, _none));
    }

    [Fact]
    public async Task A_call_without_a_response_may_arrive_for_twice_its_timeout_and_an_answered_one_has_arrived()
    {
        var comment = await NewAsync();
        var begun = await _comments.TryBeginAsync(comment, null, _none) ?? throw new InvalidOperationException("No row.");
        Assert.InRange((await _comments.FindAsync(comment, _none))?.Rest ?? default, TimeSpan.FromTicks(1), TimeSpan.FromSeconds((2 * TimeoutSeconds) + 1));

        await _comments.MarkAnsweredAsync(comment, begun, _none);

        Assert.Equal(TimeSpan.Zero, (await _comments.FindAsync(comment, _none))?.Rest);
    }

    [Fact]
    public async Task An_answer_to_a_call_that_another_delivery_has_replaced_marks_nothing()
    {
        var comment = await NewAsync();
        var begun = await _comments.TryBeginAsync(comment, null, _none) ?? throw new InvalidOperationException("No row.");
        var replaced = await _comments.TryBeginAsync(comment, begun, _none);

        await _comments.MarkAnsweredAsync(comment, begun, _none);

        var found = await _comments.FindAsync(comment, _none);
        Assert.Equal(replaced, found?.Version);
        Assert.NotEqual(TimeSpan.Zero, found?.Rest);
    }

    [Fact]
    public async Task Rows_are_kept_for_thirty_days_and_parked_actions_stay()
    {
        var comment = await NewAsync();
        await _comments.TryBeginAsync(comment, null, _none);
        await Table.UpsertEntityAsync(new TableEntity("parked", $"{comment.IncidentId}|1"));
        var written = (await Table.GetEntityAsync<TableEntity>("sent", $"{comment.IncidentId}|{comment.ActionId}")).Value.Timestamp ?? default;

        await _comments.RemoveOldAsync(written.AddDays(30), _none);
        Assert.NotNull(await _comments.FindAsync(comment, _none));
        await _comments.RemoveOldAsync(written.AddDays(30).AddSeconds(1), _none);

        Assert.Null(await _comments.FindAsync(comment, _none));
        Assert.True((await Table.GetEntityIfExistsAsync<TableEntity>("parked", $"{comment.IncidentId}|1")).HasValue);
    }

    private async Task<AddCommentAction> NewAsync()
    {
        await Table.CreateIfNotExistsAsync();
        return new AddCommentAction($"incident{Guid.NewGuid():N}", "comment-1", "env-1", "hello");
    }
}
