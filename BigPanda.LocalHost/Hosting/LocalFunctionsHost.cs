using BigPanda.LocalHost.Azurite;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Simulator.BigPanda;
using BigPanda.LocalHost.Simulator.PagerDuty;

namespace BigPanda.LocalHost.Hosting;

/// <summary>The whole bridge on this machine: the app's functions, bus, tables, and the BigPanda simulator.</summary>
internal sealed class LocalFunctionsHost : IAsyncDisposable
{
    private readonly HostParts _parts;
    private readonly Timers _timers;
    private readonly SignInCodes _signIns;

    internal LocalFunctionsHost(
        HostParts parts, Setup setup, EmbeddedBus bus, AzuriteProcess azurite, IServiceProvider services, Timers timers, SignInCodes signIns)
    {
        _signIns = signIns;
        _parts = parts;
        _timers = timers;
        Setup = setup;
        Bus = bus;
        Azurite = azurite;
        Services = services;
    }

    public Setup Setup { get; }
    public Uri BaseUrl => Setup.BaseUrl;
    public string FunctionKey => Setup.FunctionKey;
    public string SourceId => Setup.SourceId;
    public Uri CallbackUrl => Setup.CallbackUrl;
    public string BearerToken => Setup.BearerToken;
    public Uri? SimulatorUrl => Setup.SimulatorUrl;
    public IServiceProvider Services { get; }
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
        _timers.RunNowAsync(functionName, cancellationToken);

    /// <summary>A link to the console that signs in once.</summary>
    public Uri CreateSignInLink() => SignInEndpoint.LinkFor(BaseUrl, _signIns.Create());

    public Task StopAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();
}
