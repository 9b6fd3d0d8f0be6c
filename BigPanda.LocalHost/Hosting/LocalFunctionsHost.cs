using BigPanda.LocalHost.Azurite;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Simulator.BigPanda;
using BigPanda.LocalHost.Simulator.PagerDuty;

namespace BigPanda.LocalHost.Hosting;

/// <summary>The whole bridge on this machine: the app's functions, bus, tables, and the BigPanda simulator.</summary>
internal sealed class LocalFunctionsHost : IAsyncDisposable
{
    private readonly HostParts _parts;
    private readonly InstanceStarter _instances;
    private readonly SignInCodes? _signIns;

    internal LocalFunctionsHost(
        HostParts parts, Setup setup, EmbeddedBus bus, AzuriteProcess azurite, InstanceStarter instances, SignInCodes? signIns)
    {
        _signIns = signIns;
        _parts = parts;
        _instances = instances;
        Setup = setup;
        Bus = bus;
        Azurite = azurite;
    }

    public Setup Setup { get; }
    public Uri BaseUrl => Setup.BaseUrl;
    public string FunctionKey => Setup.FunctionKey;
    public string SourceId => Setup.SourceId;
    public Uri CallbackUrl => Setup.CallbackUrl;
    public string BearerToken => Setup.BearerToken;
    public Uri? SimulatorUrl => Setup.SimulatorUrl;
    public IServiceProvider Services => _parts.Instances[0].Services;
    public EmbeddedBus Bus { get; }
    public AzuriteProcess Azurite { get; }
    public BigPandaSimulator? Simulator => _parts.Simulator;
    public PagerDutySimulator? PagerDuty => _parts.PagerDuty;

    /// <exception cref="LocalHostException">The start failed; nothing is left running. The message is for the user.</exception>
    public static async Task<LocalFunctionsHost> StartAsync(LocalHostOptions options, CancellationToken cancellationToken)
    {
        var parts = new HostParts();
        try
        {
            return await new HostStarter(options, parts).StartAsync(cancellationToken);
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a timer function to its end, now.</summary>
    public Task InvokeTimerAsync(string functionName, CancellationToken cancellationToken = default) =>
        _parts.Instances[0].InvokeTimerAsync(functionName, cancellationToken);

    /// <summary>Starts another instance of the app beside the first, on a free port.</summary>
    /// <param name="time">Its clock: those of two machines differ.</param>
    /// <param name="takesWork">False: it takes requests, and neither messages nor timers.</param>
    public async Task<AppInstance> AddInstanceAsync(TimeProvider time, bool takesWork = true, CancellationToken cancellationToken = default)
    {
        var instance = _instances.Build(LoopbackPort.Bind(0, "--port"), time);
        _parts.Instances.Add(instance);
        await instance.App.StartAsync(cancellationToken);
        if (takesWork)
            _instances.StartWork(instance);
        return instance;
    }

    /// <summary>A link to the console that signs in once; where people sign in as with Entra ID, the console's address.</summary>
    public Uri CreateSignInLink() => _signIns is null ? new Uri(BaseUrl, "/api/console") : SignInEndpoint.LinkFor(BaseUrl, _signIns.Create());

    public Task StopAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();
}
