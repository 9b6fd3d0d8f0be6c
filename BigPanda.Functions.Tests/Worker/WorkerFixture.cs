using Azure.Data.Tables;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Azurite;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace BigPanda.Functions.Tests.Worker;

/// <summary>One running worker for the classes of the collection, with separate tables and a separate broker.</summary>
public sealed class WorkerFixture(IMessageSink output) : IAsyncLifetime
{
    public const string Collection = "One worker";

    private AzuriteProcess? _azurite;
    private ServiceBusEndpoint? _bus;
    private RunningWorker? _worker;

    internal RunningWorker Worker => _worker ?? throw new InvalidOperationException("xunit has not started the fixture.");

    internal ServiceBusEndpoint Bus => _bus ?? throw new InvalidOperationException("xunit has not started the fixture.");

    internal TableServiceClient Tables { get; private set; } = new("UseDevelopmentStorage=true");

    public async Task InitializeAsync()
    {
        _azurite = await AzuriteProcess.StartAsync(new AzuriteOptions { InMemory = true }, NullLogger.Instance, TimeProvider.System, CancellationToken.None);
        Tables = new TableServiceClient(_azurite.ConnectionString);
        foreach (var table in TableNames.All) await Tables.CreateTableIfNotExistsAsync(table);
        _bus = ServiceBusEndpoint.Start();
        _worker = await RunningWorker.StartAsync(
            WorkerSettings.With(("StorageConnection", _azurite.ConnectionString), ("ServiceBusConnection", _bus.ConnectionString)));
        Measured($"started in {_worker.StartTook.TotalSeconds:0.00} s; {_worker.Index.Count} functions loaded; {_worker.Process.WorkingSet()} MB");
    }

    public async Task DisposeAsync()
    {
        if (_worker is not null)
        {
            Measured($"{_worker.Process.WorkingSet()} MB after the tests");
            await _worker.DisposeAsync();
        }

        _bus?.Dispose();
        if (_azurite is not null) await _azurite.DisposeAsync();
    }

    private void Measured(string what) => output.OnMessage(new DiagnosticMessage($"Worker process: {what}."));
}

[CollectionDefinition(WorkerFixture.Collection)]
public sealed class WorkerCollection : ICollectionFixture<WorkerFixture>;
