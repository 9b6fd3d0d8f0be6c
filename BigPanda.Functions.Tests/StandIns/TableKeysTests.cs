using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.StandIns;

public sealed class TableKeysTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    // The service takes keys of 1 KiB, Azurite of 512 characters.
    public static TheoryData<string> Keys => new()
    {
        "it's", "''", "a b", "100%", "%27%2F", "a+b", "a&b=c", "(x)", "{json}", "..", "é東🚨", "a:b;c@d,e!f*g~h^i|j`k[l]m<n>o\"p", "$x",
        new string('k', 512),
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_key_of_any_legal_characters_names_its_entity_in_every_call(string key)
    {
        var table = await azurite.NewTableAsync();

        await table.AddEntityAsync(new TableEntity(key, key) { ["A"] = 1 });
        var read = (await table.GetEntityAsync<TableEntity>(key, key)).Value;
        await table.UpdateEntityAsync(new TableEntity(key, key) { ["A"] = 2 }, read.ETag);
        await table.UpsertEntityAsync(new TableEntity(key, key) { ["B"] = 3 });
        var found = await SingleAsync(table, TableClient.CreateQueryFilter($"PartitionKey eq {key} and RowKey eq {key}"));
        var deleted = await table.DeleteEntityAsync(key, key, found.ETag);

        Assert.Equal((key, key, 2, 3), (found.PartitionKey, found.RowKey, found.GetInt32("A"), found.GetInt32("B")));
        Assert.Equal(204, deleted.Status);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task So_it_does_in_a_transaction(string key)
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity(key, key) { ["A"] = 1 });

        await table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.UpdateMerge, new TableEntity(key, key) { ["A"] = 2 }, ETag.All),
            new(TableTransactionActionType.Add, new TableEntity(key, "new")),
        ]);

        Assert.Equal(2, (await table.GetEntityAsync<TableEntity>(key, key)).Value.GetInt32("A"));
        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>(key, "new")).HasValue);
    }

    // Not in a transaction: there Azurite looks for the keys with a pattern that this one misleads.
    [Fact]
    public async Task A_key_that_looks_like_an_address_is_still_one_key()
    {
        var table = await azurite.NewTableAsync();

        await table.AddEntityAsync(new TableEntity("a',RowKey='b", "c')"));

        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>("a',RowKey='b", "c')")).HasValue);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("a", "b")).HasValue);
    }

    [Fact]
    public async Task An_illegal_key_is_a_400()
    {
        var table = await azurite.NewTableAsync();

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("a/b", "r")));

        Assert.Equal(400, failure.Status);
    }

    [Fact]
    public async Task A_missing_key_is_refused_before_anything_is_sent()
    {
        var table = await azurite.NewTableAsync();

        await Assert.ThrowsAsync<ArgumentNullException>(() => table.DeleteEntityAsync(null!, "r"));
    }

    private static async Task<TableEntity> SingleAsync(TableClient table, string filter)
    {
        var found = new List<TableEntity>();
        await foreach (var row in table.QueryAsync<TableEntity>(filter))
            found.Add(row);
        return Assert.Single(found);
    }
}
