using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>A bridge that can be made to suffer, and a BigPanda that outlives it.</summary>
internal abstract class Stage(RunClock clock, FaultPlan plan) : IAsyncDisposable
{
    protected const string ApiKey = "the-key";

    /// <summary>How long the bridge waits for BigPanda, by the machine's clock: its calls have no other.</summary>
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(2);

    private BigPandaSimulator? _bigPanda;
    private WebhookWire? _wire;

    public RunClock Clock => clock;

    /// <summary>Null while the host is down.</summary>
    public abstract BridgeClient? Bridge { get; }

    public BigPandaSimulator BigPanda => _bigPanda ?? throw new InvalidOperationException("The stage has not been set.");

    public WebhookWire Wire => _wire ?? throw new InvalidOperationException("The stage has not been set.");

    protected string Folder { get; } = Directory.CreateTempSubdirectory("bigpanda-faults-").FullName;

    protected static IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
    {
        ["BigPanda__TimeoutSeconds"] = $"{AnswersWithin.TotalSeconds:0}",
        ["BigPanda__DefaultEnvironmentId"] = SimulatedEnvironment.DefaultId,
        ["Resolution__VerifyAfterSeconds"] = "10",
    };

    public virtual async Task SetAsync()
    {
        _wire = await WebhookWire.StartAsync(plan, () => Bridge, clock);
        var options = new SimulatorOptions { Port = 0, ApiKey = ApiKey, WebhookUrl = _wire.Url, SendComments = true };
        _bigPanda = await BigPandaSimulator.StartAsync(options, clock.WithSkew(plan.Skew), NullLoggerFactory.Instance, CancellationToken.None);
    }

    /// <summary>Makes it go wrong. What is returned makes it right again.</summary>
    public virtual async Task<Func<Task>> BeginAsync(PlannedFault fault)
    {
        Fault[] answers = [.. BigPandaFaults.Of(fault.Kind, clock.Scaled(AnswersWithin + TimeSpan.FromSeconds(0.5)))];
        if (answers.Length == 0) throw new NotSupportedException($"{fault.Kind} is not for this stage.");
        BigPanda.Faults.Add(answers);
        await Task.CompletedTask;
        return () =>
        {
            BigPanda.Faults.Remove(answers);
            return Task.CompletedTask;
        };
    }

    /// <summary>Runs a timer function now.</summary>
    public abstract Task TickAsync(string timer);

    /// <summary>What waits in the queues and what is a dead letter, in words; null when there is neither.</summary>
    public abstract Task<string?> LeftAsync();

    public async ValueTask DisposeAsync()
    {
        await DisposeBridgeAsync();
        if (_bigPanda is not null) await _bigPanda.DisposeAsync();
        if (_wire is not null) await _wire.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    protected abstract ValueTask DisposeBridgeAsync();

    protected async Task ConnectAsync(BridgeClient bridge)
    {
        var body = $$"""{"apiKey":"{{ApiKey}}","apiBaseUrl":"{{BigPanda.Url.AbsoluteUri.TrimEnd('/')}}","defaultEnvironmentId":"{{SimulatedEnvironment.DefaultId}}","actor":"the run"}""";
        (await bridge.PutAsync("/api/connection", body)).Expect(200);
    }
}
