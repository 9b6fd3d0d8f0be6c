using System.Globalization;
using Azure.Data.Tables;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.StandIns;

public sealed class TableQueriesTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task A_query_goes_on_past_the_thousand_rows_of_a_page()
    {
        var table = await FilledTableAsync(1_150);

        var rows = await KeysAsync(table.QueryAsync<TableEntity>("PartitionKey eq 'p'"));

        Assert.Equal(Enumerable.Range(0, 1_150).Select(Row), rows);
    }

    [Fact]
    public async Task Pages_are_as_long_as_asked_for_and_each_can_be_the_start()
    {
        var table = await FilledTableAsync(25);

        var lengths = new List<int>();
        string? second = null;
        await foreach (var page in table.QueryAsync<TableEntity>(maxPerPage: 10).AsPages())
        {
            lengths.Add(page.Values.Count);
            second ??= page.ContinuationToken;
        }

        var rest = new List<string>();
        await foreach (var page in table.QueryAsync<TableEntity>().AsPages(second, pageSizeHint: 7))
            rest.AddRange(page.Values.Select(row => row.RowKey));

        Assert.Equal([10, 10, 5], lengths);
        Assert.Equal(Enumerable.Range(10, 15).Select(Row), rest);
    }

    [Fact]
    public async Task The_last_page_has_no_continuation()
    {
        var table = await FilledTableAsync(2);

        await foreach (var page in table.QueryAsync<TableEntity>().AsPages())
            Assert.Null(page.ContinuationToken);
    }

    [Fact]
    public async Task An_empty_answer_is_one_empty_page()
    {
        var table = await azurite.NewTableAsync();

        Assert.Empty(await KeysAsync(table.QueryAsync<TableEntity>("PartitionKey eq 'nobody'")));
    }

    [Fact]
    public async Task A_query_reads_only_the_selected_properties()
    {
        var table = await FilledTableAsync(3);

        await foreach (var row in table.QueryAsync<TableEntity>(select: ["RowKey", "Number"]))
        {
            Assert.NotNull(row.GetInt32("Number"));
            Assert.False(row.ContainsKey("Text"));
        }
    }

    [Theory]
    [InlineData("it's")]
    [InlineData("''; or 1 eq 1 or ''")]
    [InlineData("100% & more + a=b?c#d/e")]
    [InlineData("Grüße 東京 🚨")]
    [InlineData("")]
    public async Task A_filter_finds_exactly_the_text_it_was_given(string text)
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "wanted") { ["Text"] = text });
        await table.AddEntityAsync(new TableEntity("p", "other") { ["Text"] = text + "x" });

        Assert.Equal(["wanted"], await KeysAsync(table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"Text eq {text}"))));
    }

    [Fact]
    public async Task A_filter_compares_each_type()
    {
        var table = await azurite.NewTableAsync();
        var time = new DateTimeOffset(2026, 5, 6, 7, 8, 9, TimeSpan.Zero).AddTicks(12);
        var id = Guid.NewGuid();
        await table.AddEntityAsync(new TableEntity("p", "r")
        {
            ["Int"] = 5,
            ["Long"] = 1L << 60,
            ["Flag"] = true,
            ["Time"] = time,
            ["Id"] = id,
            ["Double"] = 2.5,
        });
        FormattableString[] filters =
        [
            $"Int ge {5}", $"Long eq {1L << 60}", $"Flag eq {true}", $"Time eq {time}", $"Id eq {id}", $"Double lt {2.75}",
            $"PartitionKey eq {"p"} and RowKey ge {"r"} and RowKey lt {"s"}",
        ];

        foreach (var filter in filters)
            Assert.Equal(["r"], await KeysAsync(table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter(filter))));
    }

    [Fact]
    public async Task A_cancelled_query_ends_as_cancelled()
    {
        var table = await FilledTableAsync(3);
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var page in table.QueryAsync<TableEntity>(maxPerPage: 1, cancellationToken: stop.Token).AsPages())
                await stop.CancelAsync();
        });
    }

    private async Task<TableClient> FilledTableAsync(int rows)
    {
        var table = await azurite.NewTableAsync();
        foreach (var chunk in Enumerable.Range(0, rows).Chunk(100))
        {
            await table.SubmitTransactionAsync(chunk.Select(number => new TableTransactionAction(
                TableTransactionActionType.Add, new TableEntity("p", Row(number)) { ["Number"] = number, ["Text"] = $"row {number}" })));
        }

        return table;
    }

    private static string Row(int number) => number.ToString("D5", CultureInfo.InvariantCulture);

    private static async Task<List<string>> KeysAsync(IAsyncEnumerable<TableEntity> rows)
    {
        var keys = new List<string>();
        await foreach (var row in rows)
            keys.Add(row.RowKey);
        return keys;
    }
}
