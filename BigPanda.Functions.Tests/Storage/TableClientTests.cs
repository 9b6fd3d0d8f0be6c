using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Storage;

/// <summary>The behaviour of table client and service that the stores rely on; a change of either must be noticed.</summary>
public sealed class TableClientTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Theory]
    [InlineData("it's")]
    [InlineData("''; or 1 eq 1 or ''")]
    [InlineData("100% & more + a=b;c@d,e!f*(g)~h^i|j`k[l]{m}<n>o\"p$")]
    [InlineData("Grüße 東京 🚨")]
    [InlineData("..")]
    public async Task A_key_of_any_legal_characters_names_its_row_in_every_call(string key)
    {
        var table = await azurite.NewTableAsync();

        await table.AddEntityAsync(new TableEntity(key, key) { ["A"] = 1 });
        await table.AddEntityAsync(new TableEntity(key, key + "x"));
        var read = (await table.GetEntityAsync<TableEntity>(key, key)).Value;
        await table.UpdateEntityAsync(new TableEntity(key, key) { ["A"] = 2 }, read.ETag);
        await table.SubmitTransactionAsync([new(TableTransactionActionType.UpdateMerge, new TableEntity(key, key) { ["B"] = 3 }, ETag.All)]);
        var found = Assert.Single(await RowsAsync(table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {key} and RowKey eq {key}"))));

        Assert.Equal((key, key, 2, 3), (found.PartitionKey, found.RowKey, found.GetInt32("A"), found.GetInt32("B")));
        Assert.Equal(204, (await table.DeleteEntityAsync(key, key, found.ETag)).Status);
    }

    [Fact]
    public async Task Values_keep_their_type_to_the_last_bit()
    {
        var table = await azurite.NewTableAsync();
        var time = new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.FromHours(2)).AddTicks(1_234_567);
        var longest = string.Concat(Enumerable.Repeat("äß東.", 8_192));
        var entity = new TableEntity("p", "r")
        {
            ["Text"] = longest,
            ["Boundary"] = "--changeset\r\n\r\n{\"a\":\"b's\"} HTTP/1.1 500",
            ["Long"] = (1L << 53) + 1,
            ["Int"] = int.MinValue,
            ["Flag"] = false,
            ["Time"] = time,
            ["Bytes"] = new byte[] { 0, 255, 10, 13 },
            ["Nothing"] = null,
        };

        await table.SubmitTransactionAsync([new(TableTransactionActionType.Add, entity)]);
        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal((longest, entity["Boundary"]), (read.GetString("Text"), read["Boundary"]));
        Assert.Equal(((1L << 53) + 1, int.MinValue, false), (read.GetInt64("Long"), read.GetInt32("Int"), read.GetBoolean("Flag")));
        Assert.Equal((time, TimeSpan.Zero), (read.GetDateTimeOffset("Time"), read.GetDateTimeOffset("Time")!.Value.Offset));
        Assert.Equal(new byte[] { 0, 255, 10, 13 }, read.GetBinary("Bytes"));
        Assert.Null(read.GetString("Nothing"));
    }

    [Fact]
    public async Task Refusals_have_the_status_and_code_that_the_stores_ask_for()
    {
        var table = await azurite.NewTableAsync();
        var old = (await table.AddEntityAsync(Row("there"))).Headers.ETag!.Value;
        await table.UpsertEntityAsync(Row("there"));

        Assert.Equal((409, "EntityAlreadyExists"), await RefusalAsync(() => table.AddEntityAsync(Row("there"))));
        Assert.Equal((412, "UpdateConditionNotSatisfied"), await RefusalAsync(() => table.UpdateEntityAsync(Row("there"), old)));
        Assert.Equal((412, "UpdateConditionNotSatisfied"), await RefusalAsync(() => table.DeleteEntityAsync("p", "there", old)));
        Assert.Equal((404, "ResourceNotFound"), await RefusalAsync(() => table.UpdateEntityAsync(Row("missing"), ETag.All)));
        Assert.Equal(404, (await table.DeleteEntityAsync("p", "missing")).Status);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "missing")).HasValue);
        var noTable = azurite.TableServiceClient.GetTableClient("nosuchtable");
        Assert.Equal((404, "TableNotFound"), await RefusalAsync(() => noTable.AddEntityAsync(Row("r"))));
    }

    [Fact]
    public async Task One_refused_action_undoes_the_transaction()
    {
        var table = await azurite.NewTableAsync();
        var old = (await table.AddEntityAsync(Row("there"))).Headers.ETag!.Value;
        await table.UpsertEntityAsync(Row("there"));

        foreach (var (refused, status) in new[]
        {
            (new TableTransactionAction(TableTransactionActionType.Add, Row("there")), 409),
            (new TableTransactionAction(TableTransactionActionType.UpdateReplace, Row("there"), old), 412),
        })
        {
            var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(
                () => table.SubmitTransactionAsync([new(TableTransactionActionType.Add, Row("first")), refused]));

            Assert.Equal((status, 1), (failure.Status, failure.FailedTransactionActionIndex));
            Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "first")).HasValue);
        }
    }

    [Fact]
    public async Task A_query_reads_the_selected_columns_past_the_thousand_rows_of_a_page()
    {
        var table = await azurite.NewTableAsync();
        foreach (var chunk in Enumerable.Range(0, 1_050).Chunk(100))
            await table.SubmitTransactionAsync(chunk.Select(i => new TableTransactionAction(TableTransactionActionType.Add, Row($"{i:D5}"))));

        var rows = await RowsAsync(table.QueryAsync<TableEntity>("PartitionKey eq 'p'", select: ["RowKey"]));

        Assert.Equal(Enumerable.Range(0, 1_050).Select(i => $"{i:D5}"), rows.Select(row => row.RowKey));
        Assert.All(rows, row => Assert.False(row.ContainsKey("Value")));
    }

    [Fact]
    public async Task A_refused_key_is_not_repeated()
    {
        var key = azurite.ConnectionString.Split("AccountKey=")[1].Split(';')[0];
        var wrong = Convert.ToBase64String(Enumerable.Repeat((byte)7, 64).ToArray());
        var table = new TableClient(azurite.ConnectionString.Replace(key, wrong, StringComparison.Ordinal), "anything");

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "r"));

        Assert.Equal(403, failure.Status);
        Assert.DoesNotContain(wrong, failure.ToString(), StringComparison.Ordinal);
    }

    private static TableEntity Row(string row) => new("p", row) { ["Value"] = 1 };

    private static async Task<(int Status, string? Code)> RefusalAsync(Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<RequestFailedException>(call);
        return (failure.Status, failure.ErrorCode);
    }

    private static async Task<List<TableEntity>> RowsAsync(IAsyncEnumerable<TableEntity> found)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in found)
            rows.Add(row);
        return rows;
    }
}
