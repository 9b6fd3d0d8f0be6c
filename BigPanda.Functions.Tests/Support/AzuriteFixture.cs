using Azure.Data.Tables;
using BigPanda.LocalHost.Azurite;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Support;

/// <summary>
/// One Azurite in memory for the whole run, with a separate table for each caller. As a class fixture its tests run beside those of
/// other classes; the collection is for classes that must not run in parallel: a sweep takes whatever is in the app's own tables.
/// </summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    public const string Collection = "Azurite";

    // It ends with the test run: it watches a pipe that this process holds open.
    private static readonly Lazy<Task<AzuriteProcess>> Shared = new(() => AzuriteProcess.StartAsync(
        new AzuriteOptions { InMemory = true }, NullLogger.Instance, TimeProvider.System, CancellationToken.None));

    private TableServiceClient? _client;

    public string ConnectionString { get; private set; } = "";

    public TableServiceClient TableServiceClient => _client ?? throw new InvalidOperationException("xunit has not started the fixture.");

    public async Task InitializeAsync()
    {
        ConnectionString = (await Shared.Value).ConnectionString;
        _client = new TableServiceClient(ConnectionString, new TableClientOptions());
    }

    public async Task<TableClient> NewTableAsync()
    {
        var table = TableServiceClient.GetTableClient($"t{Guid.NewGuid():N}");
        await table.CreateIfNotExistsAsync();
        return table;
    }

    public Task DisposeAsync() => Task.CompletedTask;
}

[CollectionDefinition(AzuriteFixture.Collection)]
public sealed class AzuriteCollection : ICollectionFixture<AzuriteFixture>;
