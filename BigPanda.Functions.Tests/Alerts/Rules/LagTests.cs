using System.Diagnostics.Metrics;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Actions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>How late news is, by a clock that the test moves.</summary>
public sealed class LagTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ServiceProvider _services;
    private readonly Measurements _measured;

    public LagTests()
    {
        var settings = new Dictionary<string, string?> { ["KeyVaultUri"] = "https://vault.example.net" };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_time).AddBigPanda(configuration);
        services.Replace(ServiceDescriptor.Singleton<TableServiceClient>(new MemoryTables(_time)));
        services.Replace(ServiceDescriptor.Singleton<ServiceBusClient>(new ActionQueue()));
        _services = services.BuildServiceProvider();
        _measured = new Measurements(_services.GetRequiredService<IMeterFactory>());
    }

    public async ValueTask DisposeAsync()
    {
        _measured.Dispose();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task It_is_measured_from_BigPandas_time_to_receipt_from_there_to_application_and_from_resolving_to_the_close()
    {
        var firing = await ApplyAtAsync(5, New(0) with { ReceivedAt = At(3) });
        await ApplyAtAsync(60, Resolve(firing, 58));
        await ApplyAtAsync(101, Closed(90) with { ReceivedAt = At(97) });

        Assert.Equal([3, 7], _measured.Of("bigpanda.lag stage=arrival"));
        Assert.Equal([2, 4], _measured.Of("bigpanda.lag stage=apply"));
        Assert.Equal([41], _measured.Of("bigpanda.lag stage=close"));
    }

    [Fact]
    public async Task Repeats_say_nothing_of_how_late_news_is_and_a_clock_behind_BigPandas_measures_none()
    {
        await ApplyAtAsync(5, New(10) with { ReceivedAt = At(3) });
        await ApplyAtAsync(900, New(10) with { ReceivedAt = At(900) });

        Assert.Equal([0], _measured.Of("bigpanda.lag stage=arrival"));
    }

    private async Task<Alert> ApplyAtAsync(long second, AlertEvent evt)
    {
        _time.SetUtcNow(At(second));
        await _services.GetRequiredService<AlertEventHandler>().HandleAsync(evt, null, isRedelivery: false, CancellationToken.None);
        var stored = await _services.GetRequiredService<AlertStore>().LoadAsync(evt.IncidentId, CancellationToken.None);
        return stored?.Alert ?? throw new InvalidOperationException("There is no alert.");
    }
}
