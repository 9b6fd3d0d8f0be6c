using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.StandIns;

public sealed class TableUpdatesTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Theory]
    [InlineData(TableUpdateMode.Merge, 1)]
    [InlineData(TableUpdateMode.Replace, null)]
    public async Task An_update_keeps_the_other_properties_only_when_it_merges(TableUpdateMode mode, int? expected)
    {
        var table = await azurite.NewTableAsync();
        var etag = (await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 })).Headers.ETag;

        var updated = await table.UpdateEntityAsync(new TableEntity("p", "r") { ["B"] = 2 }, etag!.Value, mode);
        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal((expected, 2), (read.GetInt32("A"), read.GetInt32("B")));
        Assert.Equal(updated.Headers.ETag, read.ETag);
        Assert.NotEqual(etag, read.ETag);
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge)]
    [InlineData(TableUpdateMode.Replace)]
    public async Task An_update_with_an_old_etag_is_refused(TableUpdateMode mode)
    {
        var (table, old) = await UpdatedEntityAsync();

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.UpdateEntityAsync(new TableEntity("p", "r"), old, mode));

        Assert.Equal((412, "UpdateConditionNotSatisfied"), (failure.Status, failure.ErrorCode));
    }

    [Fact]
    public async Task A_delete_with_an_old_etag_is_refused()
    {
        var (table, old) = await UpdatedEntityAsync();

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.DeleteEntityAsync("p", "r", old));

        Assert.Equal((412, "UpdateConditionNotSatisfied"), (failure.Status, failure.ErrorCode));
    }

    [Fact]
    public async Task An_update_of_a_missing_entity_is_a_404()
    {
        var table = await azurite.NewTableAsync();

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.UpdateEntityAsync(new TableEntity("p", "r"), ETag.All));

        Assert.Equal(404, failure.Status);
    }

    [Fact]
    public async Task An_update_needs_an_etag()
    {
        var table = await azurite.NewTableAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => table.UpdateEntityAsync(new TableEntity("p", "r"), default));
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge, "old")]
    [InlineData(TableUpdateMode.Replace, null)]
    public async Task An_upsert_creates_and_then_merges_or_replaces(TableUpdateMode mode, string? expected)
    {
        var table = await azurite.NewTableAsync();

        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = "old" }, mode);
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["B"] = "new" }, mode);
        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal((expected, "new"), (read.GetString("A"), read.GetString("B")));
    }

    [Fact]
    public async Task An_entity_that_was_read_can_be_changed_and_written_back()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Count"] = 1L });

        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;
        read["Count"] = 2;
        await table.UpdateEntityAsync(read, read.ETag, TableUpdateMode.Replace);

        Assert.Equal(2L, (await table.GetEntityAsync<TableEntity>("p", "r")).Value.GetInt64("Count"));
    }

    private async Task<(TableClient Table, ETag Old)> UpdatedEntityAsync()
    {
        var table = await azurite.NewTableAsync();
        var old = (await table.AddEntityAsync(new TableEntity("p", "r"))).Headers.ETag!.Value;
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });
        return (table, old);
    }
}
