using BigPanda.LocalHost.Faults;
using BigPanda.LocalHost.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Tests.Support;

/// <summary>A whole bridge for one test class: the app, its bus and tables and a BigPanda, on free ports and in a temporary folder.</summary>
public class AppFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bigpanda-app-").FullName;
    private LocalFunctionsHost? _host;
    private BridgeClient? _bridge;

    internal LocalFunctionsHost Host => _host ?? throw new InvalidOperationException("The bridge has not been started.");

    internal BridgeClient Bridge => _bridge ?? throw new InvalidOperationException("The bridge has not been started.");

    internal SimulatedBigPanda BigPanda => new(Host.Simulator ?? throw new InvalidOperationException("The bridge has no simulator."));

    /// <summary>The key of the simulated BigPanda, which is its organisation token, too.</summary>
    internal string SimulatorKey => LocalSecrets.LoadOrCreate(_folder).SimulatorKey;

    internal AppQueues Queues => new(Host.Bus);

    /// <summary>The host's log lines since its last start.</summary>
    internal LogCapture Log { get; private set; } = new();

    protected virtual IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>();

    /// <summary>False where a test stops the tables: in-memory tables would lose their rows.</summary>
    protected virtual bool InMemoryTables => true;

    protected virtual bool SimulatesPagerDuty => false;

    protected virtual int? MaxConcurrentSessions => null;

    protected virtual bool SignsIn => false;

    /// <summary>Of the app, the bus and the simulators.</summary>
    internal AdvancedClock Clock { get; } = new();

    internal SimulatedPagerDuty PagerDuty => new(Host.PagerDuty ?? throw new InvalidOperationException("The bridge has no PagerDuty."));

    /// <summary>Puts a fixture's own parts in the place of the app's.</summary>
    protected virtual void Replace(IServiceCollection services)
    {
    }

    public virtual async Task InitializeAsync()
    {
        Log = new LogCapture();
        var options = HostOptions.In(_folder) with
        {
            InMemoryTables = InMemoryTables,
            SimulatesPagerDuty = SimulatesPagerDuty,
            SignsIn = SignsIn,
            Settings = Settings,
            MaxConcurrentSessions = MaxConcurrentSessions,
            TimeProvider = Clock,
            ConfigureLogging = logging => logging.AddProvider(Log),
            ConfigureServices = Replace,
        };
        _host = await LocalFunctionsHost.StartAsync(options, CancellationToken.None);
        _bridge = new BridgeClient(_host.Setup);
        await BigPanda.CloseAfterAsync(TimeSpan.FromMilliseconds(100));
    }

    /// <summary>Waits until a message of the incident waits for the outage to end.</summary>
    /// <param name="kind">How its id begins.</param>
    internal Task WaitForOutageAsync(string incidentId, string kind = "") => Eventually.Async(
        () => Task.FromResult(
            Log.Lines.Any(
                line => line.Contains("an outage blocks message", StringComparison.Ordinal)
                    && line.Contains($"IncidentId={incidentId} MessageId={kind}", StringComparison.Ordinal))),
        waits => waits,
        $"a message of {incidentId} waits for the outage to end");

    /// <summary>Waits until the incident has a message for later, an attempt or a check, and puts the clock forward to that time.</summary>
    internal async Task SkipWaitAsync(string incidentId, string queue = Functions.Messaging.Queues.BigPandaActions)
    {
        var next = await Eventually.Async(
            () => Queues.FindScheduledAsync(queue, incidentId), at => at is not null, $"a message of {incidentId} waits in {queue} for its time");
        if (next - Clock.GetUtcNow() is { } left && left > TimeSpan.Zero) Clock.Advance(left);
        // The bus sees the time at its next operation.
        Host.Bus.Count(queue);
    }

    /// <summary>Puts the clock forward by more than the first retries wait for.</summary>
    internal void SkipRetries()
    {
        Clock.Advance(TimeSpan.FromMinutes(2));
        foreach (var queue in Functions.Messaging.Queues.All) Host.Bus.Count(queue);
    }

    /// <summary>Restarts the host on the same folder, with other ports and a new BigPanda.</summary>
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
