using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Support;

/// <summary>A whole bridge of a test class's own: the app, its bus and tables and a BigPanda, on free ports and in a folder of their own.</summary>
public class AppFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bigpanda-app-").FullName;
    private LocalFunctionsHost? _host;
    private BridgeClient? _bridge;

    internal LocalFunctionsHost Host => _host ?? throw new InvalidOperationException("The bridge has not been started.");

    internal BridgeClient Bridge => _bridge ?? throw new InvalidOperationException("The bridge has not been started.");

    internal SimulatedBigPanda BigPanda => new(Host.Simulator ?? throw new InvalidOperationException("The bridge has no simulator."));

    internal AppQueues Queues => new(Host.Bus);

    protected virtual IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>();

    /// <summary>Off where a test takes the tables away: what is in memory only is gone then.</summary>
    protected virtual bool InMemoryTables => true;

    public async Task InitializeAsync()
    {
        var options = new LocalHostOptions { Port = 0, SimulatorPort = 0, DataDirectory = _folder, InMemoryTables = InMemoryTables, Settings = Settings };
        _host = await LocalFunctionsHost.StartAsync(options, CancellationToken.None);
        _bridge = new BridgeClient(_host.Setup);
        await BigPanda.CloseAfterAsync(TimeSpan.FromMilliseconds(100));
    }

    /// <summary>The host ends and starts again on the same folder, with other ports and a new BigPanda.</summary>
    internal async Task RestartAsync()
    {
        await Host.StopAsync();
        await InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
