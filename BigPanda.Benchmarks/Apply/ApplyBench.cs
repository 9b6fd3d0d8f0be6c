using Azure.Core;
using Azure.Data.Tables;
using BigPanda.Benchmarks.Support;
using BigPanda.Functions;
using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Messaging;
using BigPanda.LocalHost.Azurite;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Benchmarks.Apply;

/// <summary>The app from queue to tables, without HTTP, on the local host's queues and Azurite in memory.</summary>
internal sealed class ApplyBench : IAsyncDisposable
{
    private readonly ScratchFolder _folder;
    private readonly AzuriteProcess _azurite;

    private ApplyBench(ScratchFolder folder, AzuriteProcess azurite, EmbeddedBus bus)
    {
        (_folder, _azurite, Bus) = (folder, azurite, bus);
        var options = new TableClientOptions();
        options.AddPolicy(Calls, HttpPipelinePosition.PerRetry);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["StorageConnection"] = azurite.ConnectionString,
                // No variant calls it: without a PagerDuty connection no secret is read.
                ["KeyVaultUri"] = "https://vault.invalid/",
            })
            .Build();
        Services = new ServiceCollection()
            .AddLogging()
            .AddBigPanda(configuration)
            .Replace(ServiceDescriptor.Singleton(bus.Client))
            .Replace(ServiceDescriptor.Singleton(new TableServiceClient(azurite.ConnectionString, options)))
            .BuildServiceProvider();
        Tables = new TableServiceClient(azurite.ConnectionString);
    }

    public EmbeddedBus Bus { get; }

    public ServiceProvider Services { get; }

    /// <summary>The bare client's tables.</summary>
    public TableServiceClient Tables { get; }

    public TableCalls Calls { get; } = new();

    public static IReadOnlyList<QueueFunction> Functions { get; } = FunctionCatalog.Discover([typeof(ApplyAlertEventFunction)]).Queues;

    public static HostJson HostJson { get; } = HostJson.Read(Path.Combine(AppContext.BaseDirectory, "host.json"));

    public static async Task<ApplyBench> StartAsync(CancellationToken cancellationToken)
    {
        var folder = new ScratchFolder();
        var azurite = await AzuriteProcess.StartAsync(new AzuriteOptions { InMemory = true }, NullLogger.Instance, TimeProvider.System, cancellationToken);
        var queues = Queues.All.Select(queue => new QueueDescription(queue)).ToArray();
        var bus = await EmbeddedBus.OpenAsync(Path.Combine(folder.Path, "bus"), queues, TimeProvider.System, NullLogger.Instance, cancellationToken);
        var bench = new ApplyBench(folder, azurite, bus);
        await AppTables.CreateAsync(bench.Services, cancellationToken);
        return bench;
    }

    public async ValueTask DisposeAsync()
    {
        await Bus.DisposeAsync();
        await Services.DisposeAsync();
        await _azurite.DisposeAsync();
        _folder.Dispose();
    }
}
