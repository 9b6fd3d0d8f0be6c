using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Actions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Storage;

/// <summary>The rows that lists read, after a crash between the save of an alert and the removal of its old row.</summary>
public sealed class ListingAfterCrashTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryTables _tables;
    private readonly ServiceProvider _services;

    public ListingAfterCrashTests()
    {
        _tables = new MemoryTables(_time);
        var settings = new Dictionary<string, string?> { ["KeyVaultUri"] = "https://vault.example.net" };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_time).AddBigPanda(configuration);
        services.Replace(ServiceDescriptor.Singleton<TableServiceClient>(_tables));
        services.Replace(ServiceDescriptor.Singleton<ServiceBusClient>(new ActionQueue()));
        _services = services.BuildServiceProvider();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task The_redelivered_event_removes_the_row_of_an_alert_that_no_longer_fires()
    {
        var firing = _tables.GetTableClient(TableNames.FiringAlerts);
        await ApplyAsync(10, New(10));
        var row = await FindAsync(firing) ?? throw new InvalidOperationException("There is no firing row.");
        var closed = Closed(20);
        await ApplyAsync(20, closed);
        Assert.Null(await FindAsync(firing));
        await firing.UpsertEntityAsync(row, TableUpdateMode.Replace);

        await ApplyAsync(30, closed, isRedelivery: true);

        Assert.Null(await FindAsync(firing));
    }

    [Fact]
    public async Task The_redelivered_event_of_a_firing_alert_keeps_its_row()
    {
        var fired = New(10);
        await ApplyAsync(10, fired);

        await ApplyAsync(20, fired, isRedelivery: true);

        Assert.NotNull(await FindAsync(_tables.GetTableClient(TableNames.FiringAlerts)));
    }

    private static Task<TableEntity?> FindAsync(TableClient table) => table.FindAsync(IncidentId, AlertIndex.FiringRow, CancellationToken.None);

    private Task ApplyAsync(long second, AlertEvent evt, bool isRedelivery = false)
    {
        _time.SetUtcNow(At(second));
        return _services.GetRequiredService<AlertEventHandler>().HandleAsync(evt, null, isRedelivery, CancellationToken.None);
    }
}
