using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;
using BigPanda.LocalHost.Simulator.BigPanda.Incidents;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>The bridge that faults are injected into, and a BigPanda that outlives it.</summary>
internal abstract class FaultTarget(RunClock clock, FaultPlan plan) : IAsyncDisposable
{
    protected const string ApiKey = "the-key";

    /// <summary>The bridge's timeout for calls to BigPanda, in real time; the bridge measures it by the run's clock.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(2);

    private volatile BridgeClient? _bridge;
    private BigPandaSimulator? _bigPanda;
    private WebhookRelay? _relay;

    public RunClock Clock => clock;

    /// <summary>Null while the host is down.</summary>
    public BridgeClient? Bridge { get => _bridge; protected set => _bridge = value; }

    public BigPandaSimulator BigPanda => _bigPanda ?? throw new InvalidOperationException("The target has not been started.");

    public WebhookRelay Relay => _relay ?? throw new InvalidOperationException("The target has not been started.");

    protected string Folder { get; } = Directory.CreateTempSubdirectory("bigpanda-faults-").FullName;

    protected IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["BigPanda__TimeoutSeconds"] = $"{clock.Scaled(CallTimeout).TotalSeconds:0}",
        ["BigPanda__DefaultEnvironmentId"] = SimulatedEnvironment.DefaultId,
        ["Resolution__VerifyAfterSeconds"] = "10",
    };

    /// <summary>Held while the host or its tables are down: the next fault of the plan that concerns them waits until they are up again.</summary>
    protected SemaphoreSlim Running { get; } = new(1);

    public async Task StartAsync()
    {
        _relay = await WebhookRelay.StartAsync(plan, () => Bridge, clock);
        var options = new SimulatorOptions { Port = 0, ApiKey = ApiKey, WebhookUrl = _relay.Url, SendComments = true };
        _bigPanda = await BigPandaSimulator.StartAsync(options, clock.WithSkew(plan.Skew), NullLoggerFactory.Instance, CancellationToken.None);
        var bridge = await StartBridgeAsync();
        await ConnectAsync(bridge);
        Bridge = bridge;
    }

    /// <summary>Starts the fault. The returned function ends it.</summary>
    public virtual async Task<Func<Task>> InjectAsync(PlannedFault fault)
    {
        if (fault.Kind == FaultKind.TablesFrozen)
        {
            await Running.WaitAsync();
            var thaw = FrozenTables.Freeze(Folder);
            Running.Release();
            return thaw;
        }

        Fault[] answers = [.. BigPandaFaults.Of(fault.Kind, clock.Scaled(CallTimeout + TimeSpan.FromSeconds(0.5)))];
        if (answers.Length == 0) throw new NotSupportedException($"{fault.Kind} is not for this target.");
        BigPanda.Faults.Add(answers);
        return () =>
        {
            BigPanda.Faults.Remove(answers);
            return Task.CompletedTask;
        };
    }

    /// <summary>Runs a timer function now.</summary>
    public abstract Task RunTimerAsync(string timer);

    /// <summary>Describes the queued messages and the dead letters; null when there are none.</summary>
    public abstract Task<string?> DescribeRemainingAsync();

    public async ValueTask DisposeAsync()
    {
        // A frozen Azurite does not react to a stop.
        FrozenTables.Thaw(Folder);
        await DisposeBridgeAsync();
        Running.Dispose();
        if (_bigPanda is not null) await _bigPanda.DisposeAsync();
        if (_relay is not null) await _relay.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    protected abstract Task<BridgeClient> StartBridgeAsync();

    protected abstract ValueTask DisposeBridgeAsync();

    private async Task ConnectAsync(BridgeClient bridge)
    {
        var url = BigPanda.Url.AbsoluteUri.TrimEnd('/');
        var body = $$"""{"apiKey":"{{ApiKey}}","apiBaseUrl":"{{url}}","defaultEnvironmentId":"{{SimulatedEnvironment.DefaultId}}","actor":"the run"}""";
        (await bridge.PutAsync("/api/connection", body)).Expect(200);
    }
}
