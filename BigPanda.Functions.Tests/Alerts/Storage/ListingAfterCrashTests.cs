using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Actions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Storage;

/// <summary>The rows that lists read, where the removal of an alert's old row comes late or not at all: its instance has crashed or was held up.</summary>
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

    /// <summary>An instance loses its lock and is held up before one of its requests, while another one applies the event and the reopen behind it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task An_alert_that_fires_again_meanwhile_is_listed_as_firing(int request)
    {
        await ApplyAsync(10, New(10));
        var closed = Closed(20);
        _tables.Before(request, async () =>
        {
            await ApplyAsync(20, closed, isRedelivery: true);
            await ApplyAsync(30, Reopened(30));
        });

        await ApplyAsync(20, closed);

        Assert.True(_tables.HasInterfered);
        Assert.NotNull(await FindAsync(_tables.GetTableClient(TableNames.FiringAlerts)));
    }

    /// <summary>Its row and its transaction are written beside each other: here the row is there first, when the late instance removes the old one.</summary>
    [Fact]
    public async Task Also_while_its_reopen_is_being_saved()
    {
        await ApplyAsync(10, New(10));
        var firing = _tables.GetTableClient(TableNames.FiringAlerts);
        await ApplyAsync(20, Closed(20));
        await ApplyAsync(30, Reopened(30));
        var row = await FindAsync(firing) ?? throw new InvalidOperationException("There is no firing row.");
        var now = (await Store.LoadAsync(IncidentId, CancellationToken.None))?.Alert ?? throw new InvalidOperationException("There is no alert.");
        var closed = now with { TimelineLength = now.TimelineLength - 1, Life = now.Life with { Status = AlertStatus.Resolved } };

        await Index.RemoveLeftBehindAsync(closed, CancellationToken.None);
        await Index.RemoveOldAsync(now, closed, CancellationToken.None);

        Assert.Equal(row.ETag, (await FindAsync(firing))?.ETag);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Also_where_the_event_was_delivered_again(int request)
    {
        await ApplyAsync(10, New(10));
        var closed = Closed(20);
        await ApplyAsync(20, closed);
        _tables.Before(request, () => ApplyAsync(30, Reopened(30)));

        await ApplyAsync(20, closed, isRedelivery: true);

        Assert.True(_tables.HasInterfered);
        Assert.NotNull(await FindAsync(_tables.GetTableClient(TableNames.FiringAlerts)));
    }

    /// <summary>The list was read before it was resolved, and the alert too.</summary>
    [Fact]
    public async Task A_repair_that_comes_late_brings_no_removed_row_back()
    {
        var firing = _tables.GetTableClient(TableNames.FiringAlerts);
        await ApplyAsync(10, New(10));
        var row = await FindAsync(firing) ?? throw new InvalidOperationException("There is no firing row.");
        var stored = await Store.LoadAsync(IncidentId, CancellationToken.None);
        await ApplyAsync(20, Closed(20));

        await Index.RepairAsync(row, stored, CancellationToken.None);

        Assert.Null(await FindAsync(firing));
    }

    private AlertStore Store => new(_tables);

    private AlertIndex Index => new(_tables);

    private static Task<TableEntity?> FindAsync(TableClient table) => table.FindAsync(IncidentId, AlertIndex.FiringRow, CancellationToken.None);

    private Task ApplyAsync(long second, AlertEvent evt, bool isRedelivery = false)
    {
        _time.SetUtcNow(At(second));
        return _services.GetRequiredService<AlertEventHandler>().HandleAsync(evt, null, isRedelivery, CancellationToken.None);
    }
}
