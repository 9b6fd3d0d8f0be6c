using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.StandIns;

public sealed class TableTransactionsTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Every_kind_of_action_is_done_and_answered_in_order()
    {
        var table = await azurite.NewTableAsync();
        foreach (var row in new[] { "merged", "replaced", "deleted", "upserted" })
            await table.AddEntityAsync(new TableEntity("p", row) { ["A"] = 1 });

        var answers = (await table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, New("added")),
            new(TableTransactionActionType.UpdateMerge, New("merged"), ETag.All),
            new(TableTransactionActionType.UpdateReplace, New("replaced"), ETag.All),
            new(TableTransactionActionType.UpsertMerge, New("upserted")),
            new(TableTransactionActionType.UpsertReplace, New("created")),
            new(TableTransactionActionType.Delete, new TableEntity("p", "deleted")),
        ])).Value;

        Assert.Equal(Enumerable.Repeat(204, 6), answers.Select(answer => answer.Status));
        Assert.Equal((null, 2), await ReadAsync(table, "added"));
        Assert.Equal((1, 2), await ReadAsync(table, "merged"));
        Assert.Equal((null, 2), await ReadAsync(table, "replaced"));
        Assert.Equal((1, 2), await ReadAsync(table, "upserted"));
        Assert.Equal((null, 2), await ReadAsync(table, "created"));
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "deleted")).HasValue);
        Assert.Equal((await table.GetEntityAsync<TableEntity>("p", "merged")).Value.ETag, answers[1].Headers.ETag);
    }

    [Fact]
    public async Task A_conflict_undoes_all_and_names_the_action()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(New("there"));

        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, New("first")),
            new(TableTransactionActionType.UpsertReplace, New("second")),
            new(TableTransactionActionType.Add, New("there")),
        ]));

        Assert.Equal((409, "EntityAlreadyExists", 2), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "first")).HasValue);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "second")).HasValue);
    }

    [Fact]
    public async Task An_old_etag_undoes_all_and_names_the_action()
    {
        var table = await azurite.NewTableAsync();
        var old = (await table.AddEntityAsync(New("there"))).Headers.ETag!.Value;
        await table.UpsertEntityAsync(New("there"));

        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, New("first")),
            new(TableTransactionActionType.UpdateReplace, New("there"), old),
        ]));

        Assert.Equal((412, "UpdateConditionNotSatisfied", 1), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "first")).HasValue);
    }

    [Fact]
    public async Task A_hundred_actions_fit_and_one_more_does_not()
    {
        var table = await azurite.NewTableAsync();
        var actions = Enumerable.Range(0, 101).Select(i => new TableTransactionAction(TableTransactionActionType.Add, New($"r{i}"))).ToList();

        var failure = await Assert.ThrowsAnyAsync<RequestFailedException>(() => table.SubmitTransactionAsync(actions));
        var answers = await table.SubmitTransactionAsync(actions.Take(100));

        Assert.Equal(400, failure.Status);
        Assert.Equal(100, answers.Value.Count);
    }

    [Fact]
    public async Task An_empty_transaction_is_refused()
    {
        var table = await azurite.NewTableAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => table.SubmitTransactionAsync([]));
    }

    [Fact]
    public async Task Values_of_every_type_pass_through_a_transaction()
    {
        var table = await azurite.NewTableAsync();
        var entity = new TableEntity("p", "r")
        {
            ["Text"] = "--changeset\r\n\r\n{\"a\":\"b's\"} Grüße 🚨 HTTP/1.1 500",
            ["Long"] = long.MaxValue,
            ["Bytes"] = new byte[] { 0, 255, 10, 13 },
        };

        await table.SubmitTransactionAsync([new(TableTransactionActionType.Add, entity)]);
        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal(entity.GetString("Text"), read.GetString("Text"));
        Assert.Equal(long.MaxValue, read.GetInt64("Long"));
        Assert.Equal(entity.GetBinary("Bytes"), read.GetBinary("Bytes"));
    }

    private static TableEntity New(string row) => new("p", row) { ["B"] = 2 };

    private static async Task<(int? A, int? B)> ReadAsync(TableClient table, string row)
    {
        var read = (await table.GetEntityAsync<TableEntity>("p", row)).Value;
        return (read.GetInt32("A"), read.GetInt32("B"));
    }
}
