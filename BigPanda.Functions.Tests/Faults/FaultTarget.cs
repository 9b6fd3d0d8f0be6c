using System.Globalization;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;
using BigPanda.LocalHost.Simulator.BigPanda;
using BigPanda.LocalHost.Simulator.BigPanda.Incidents;
using BigPanda.LocalHost.Simulator.PagerDuty;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>The bridge that faults are injected into, and a BigPanda and a PagerDuty that outlive it.</summary>
internal abstract class FaultTarget(RunClock clock, FaultPlan plan) : IAsyncDisposable
{
    protected const string ApiKey = "the-key";

    private const string From = "bridge@example.com";
    private const string WebhookSecret = "the-secret-of-the-run";
    private static readonly string RoutingKey = new('k', 32);

    private volatile IReadOnlyList<BridgeClient> _bridges = [];
    private int _turn;
    private BigPandaSimulator? _bigPanda;
    private PagerDutySimulator? _pagerDuty;
    private WebhookRelay? _relay;
    private PagerDutyRelay? _pagerDutyRelay;

    /// <summary>The bridge's timeout for calls to a vendor, in real time; the bridge measures it by the run's clock.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The run's clock, which never jumps.</summary>
    public RunClock Clock => clock;

    /// <summary>Of the instances in turn, as behind a load balancer. Null while the host is down.</summary>
    public BridgeClient? Bridge => _bridges is { Count: > 0 } bridges ? bridges[(int)((uint)Interlocked.Increment(ref _turn) % bridges.Count)] : null;

    public BigPandaSimulator BigPanda => _bigPanda ?? throw NotStarted();

    public PagerDutySimulator PagerDuty => _pagerDuty ?? throw NotStarted();

    public WebhookRelay Relay => _relay ?? throw NotStarted();

    /// <summary>What the bridge answered and should not have.</summary>
    public IEnumerable<string> Refusals => [.. Relay.Refusals, .. _pagerDutyRelay?.Refusals ?? []];

    public bool IsInTransit => !Relay.IsEmpty || !PagerDuty.IsIdle;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("bigpanda-faults-").FullName;

    protected IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["BigPanda__TimeoutSeconds"] = Timeout,
        ["BigPanda__DefaultEnvironmentId"] = SimulatedEnvironment.DefaultId,
        ["Resolution__VerifyAfterSeconds"] = "10",
        ["PagerDuty__Mode"] = "on",
        ["PagerDuty__EventsBaseUrl"] = Address(PagerDuty.Url),
        ["PagerDuty__RestBaseUrl"] = Address(PagerDuty.Url),
        ["PagerDuty__EventsPerMinute"] = "3000",
        ["PagerDuty__TimeoutSeconds"] = Timeout,
    };

    /// <summary>Held while the host or its tables are down: the next fault of the plan that concerns them waits until they are up again.</summary>
    protected SemaphoreSlim Running { get; } = new(1);

    private string Timeout => clock.Scaled(CallTimeout).TotalSeconds.ToString("0", CultureInfo.InvariantCulture);

    public async Task StartAsync()
    {
        _relay = await WebhookRelay.StartAsync(plan, () => Bridge, clock);
        _pagerDutyRelay = await PagerDutyRelay.StartAsync(() => Bridge);
        var options = new SimulatorOptions { Port = 0, ApiKey = ApiKey, WebhookUrl = _relay.Url, SendComments = true };
        _bigPanda = await BigPandaSimulator.StartAsync(options, clock.WithSkew(plan.Skew), NullLoggerFactory.Instance, CancellationToken.None);
        var pagerDuty = new PagerDutySimulatorOptions { RestKey = ApiKey, From = From, EventsPerMinute = 0, Retry = TimeSpan.FromMilliseconds(500) };
        _pagerDuty = await PagerDutySimulator.StartAsync(0, pagerDuty, clock, NullLoggerFactory.Instance, CancellationToken.None);
        _pagerDuty.Subscribe(_pagerDutyRelay.Url, WebhookSecret, [.. PagerDutyEvent.Types]);
        var bridges = await StartBridgesAsync();
        await ConnectAsync(bridges);
        _bridges = bridges;
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

        var answers = VendorFaults.Of(fault.Kind, clock.Scaled(CallTimeout + TimeSpan.FromSeconds(0.5)));
        if (answers.Length == 0) throw new NotSupportedException($"{fault.Kind} is not for this target.");
        var book = VendorFaults.IsOfPagerDuty(fault.Kind) ? PagerDuty.Faults : BigPanda.Faults;
        book.Add(answers);
        return () =>
        {
            // One that is partly used is another record.
            book.Remove(open => answers.Any(answer => ReferenceEquals(open, answer) || (answer.Reorder && open.Reorder)));
            return PagerDuty.ReleaseWebhooksAsync();
        };
    }

    /// <summary>Runs a timer function now.</summary>
    public abstract Task RunTimerAsync(string timer);

    /// <summary>Describes the queued messages, the unsent actions and the dead letters; null when there are none.</summary>
    public abstract Task<string?> DescribeRemainingAsync();

    public async ValueTask DisposeAsync()
    {
        // A frozen Azurite does not react to a stop.
        FrozenTables.Thaw(Folder);
        await DisposeBridgesAsync();
        Running.Dispose();
        if (_bigPanda is not null) await _bigPanda.DisposeAsync();
        if (_pagerDuty is not null) await _pagerDuty.DisposeAsync();
        if (_relay is not null) await _relay.DisposeAsync();
        if (_pagerDutyRelay is not null) await _pagerDutyRelay.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    protected void GoDown() => _bridges = [];

    protected void GoUp(params IReadOnlyList<BridgeClient> bridges) => _bridges = bridges;

    /// <returns>A client for each instance.</returns>
    protected abstract Task<IReadOnlyList<BridgeClient>> StartBridgesAsync();

    protected abstract ValueTask DisposeBridgesAsync();

    protected static InvalidOperationException NotStarted() => new("The target has not been started.");

    /// <summary>An instance that is asked for its connection reads it: none ignores it for seconds and pages nothing.</summary>
    private async Task ConnectAsync(IReadOnlyList<BridgeClient> bridges)
    {
        var bridge = bridges[0];
        var body = $$"""{"apiKey":"{{ApiKey}}","apiBaseUrl":"{{Address(BigPanda.Url)}}","defaultEnvironmentId":"{{SimulatedEnvironment.DefaultId}}"}""";
        await PutAsync(bridge, "/api/connection", body);
        body = $$"""{"routingKey":"{{RoutingKey}}","restKey":"{{ApiKey}}","from":"{{From}}","webhookSecrets":["{{WebhookSecret}}"]}""";
        await PutAsync(bridge, "/api/pagerduty", body);
        foreach (var one in bridges) Assert.Equal(200, (await one.GetAsync("/api/pagerduty")).Status);
    }

    /// <summary>The vendor's check of the key has the run's short timeout.</summary>
    private static Task PutAsync(BridgeClient bridge, string path, string body) =>
        Eventually.Async(() => bridge.PutAsync(path, body), answer => answer.Status == 200, path);

    private static string Address(Uri url) => url.AbsoluteUri.TrimEnd('/');
}
