using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.StandIns;

public sealed class TableEntitiesTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task An_inserted_entity_is_read_back_with_its_etag_and_timestamp()
    {
        var table = await azurite.NewTableAsync();

        var added = await table.AddEntityAsync(new TableEntity("p", "r") { ["Text"] = "hello" });
        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal(204, added.Status);
        Assert.Equal(("p", "r", "hello"), (read.PartitionKey, read.RowKey, read.GetString("Text")));
        Assert.Equal(added.Headers.ETag, read.ETag);
        Assert.InRange(read.Timestamp!.Value, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task Inserting_an_existing_entity_is_a_conflict()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"));

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal((409, "EntityAlreadyExists"), (failure.Status, failure.ErrorCode));
    }

    [Fact]
    public async Task A_missing_entity_is_a_404()
    {
        var table = await azurite.NewTableAsync();

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "r"));

        Assert.Equal((404, "ResourceNotFound"), (failure.Status, failure.ErrorCode));
    }

    [Fact]
    public async Task A_missing_entity_asked_for_if_it_exists_has_no_value()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "here"));

        var missing = await table.GetEntityIfExistsAsync<TableEntity>("p", "r");
        var here = await table.GetEntityIfExistsAsync<TableEntity>("p", "here");

        Assert.False(missing.HasValue);
        Assert.Equal(404, missing.GetRawResponse().Status);
        Assert.Throws<InvalidOperationException>(() => missing.Value);
        Assert.True(here.HasValue);
        Assert.Equal("here", here.Value!.RowKey);
    }

    [Fact]
    public async Task Only_the_selected_properties_are_read()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2L, ["C"] = "3" });

        var read = (await table.GetEntityAsync<TableEntity>("p", "r", ["B", "RowKey"])).Value;

        Assert.Equal((null, 2L, null, "r"), (read.GetInt32("A"), read.GetInt64("B"), read.GetString("C"), read.RowKey));
    }

    [Fact]
    public async Task Deleting_a_missing_entity_is_no_failure()
    {
        var table = await azurite.NewTableAsync();

        Assert.Equal(404, (await table.DeleteEntityAsync("p", "r")).Status);
    }

    [Fact]
    public async Task An_entity_is_deleted_whatever_its_etag_unless_one_is_given()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"));

        var deleted = await table.DeleteEntityAsync(new TableEntity("p", "r"));

        Assert.Equal(204, deleted.Status);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue);
    }

    [Fact]
    public async Task A_table_is_created_once_and_deleted_once()
    {
        var table = azurite.TableServiceClient.GetTableClient($"t{Guid.NewGuid():N}");

        var first = await table.CreateIfNotExistsAsync();
        var second = await azurite.TableServiceClient.CreateTableIfNotExistsAsync(table.Name);
        await table.DeleteAsync();
        var again = await table.DeleteAsync();

        Assert.Equal((table.Name, table.Name), (first.Value.Name, second.Value.Name));
        Assert.Equal(409, second.GetRawResponse().Status);
        Assert.Equal(404, again.Status);
    }

    [Fact]
    public async Task A_missing_table_is_named_in_the_error_code()
    {
        var table = azurite.TableServiceClient.GetTableClient("nosuchtable");

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal((404, "TableNotFound"), (failure.Status, failure.ErrorCode));
    }

    [Fact]
    public async Task The_service_answers_for_its_properties() =>
        Assert.Equal(200, (await azurite.TableServiceClient.GetPropertiesAsync()).GetRawResponse().Status);

    [Fact]
    public async Task A_cancelled_call_ends_as_cancelled()
    {
        var table = await azurite.NewTableAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: new CancellationToken(canceled: true)));
    }
}
