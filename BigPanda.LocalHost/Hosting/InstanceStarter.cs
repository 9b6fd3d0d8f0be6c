using BigPanda.Functions;
using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Vendors.BigPanda.Api;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.LocalHost.Azurite;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Faults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BigPanda.LocalHost.Hosting;

/// <summary>Builds instances of the app on one bus, one table store and one folder.</summary>
internal sealed class InstanceStarter(
    LocalHostOptions options, FunctionCatalog functions, HostJson hostJson, FunctionKey key, IConfiguration configuration, EmbeddedBus bus,
    AzuriteProcess azurite, string folder, ILoggerFactory loggers)
{
    /// <summary>Not started yet: it takes requests once its HTTP server is started, and work once <see cref="StartWork"/> is called.</summary>
    public AppInstance Build(LoopbackPort port, TimeProvider time)
    {
        var app = BuildApp(FunctionServer.CreateBuilder(configuration, port, time, loggers));
        var timers = new Timers(functions.Timers, app.Services);
        if (options.SignsIn)
            new PlatformSignIn().AddTo(app);
        app.MapFunctions(functions.Http, hostJson.RoutePrefix, key, loggers.CreateLogger<HttpFunctionEndpoint>());
        app.MapAdmin(key, timers);
        if (options.Faults is { } faults)
        {
            bus.Faults.Steps = faults.Kill;
            app.MapPost(FaultEndpoint.Route, new FaultEndpoint(key, faults, bus, azurite).HandleAsync);
        }

        return new AppInstance(port, app, timers);
    }

    public void StartWork(AppInstance instance)
    {
        instance.Pumps = new QueuePumps(bus, instance.Services.GetRequiredService<IServiceScopeFactory>(), loggers.CreateLogger<QueuePumps>());
        instance.Pumps.Start(functions.Queues, options.MaxConcurrentSessions is { } most ? hostJson with { MaxConcurrentSessions = most } : hostJson);
        if (options.RunsTimers)
            instance.Timers.Start();
    }

    private WebApplication BuildApp(WebApplicationBuilder builder)
    {
        builder.Services.AddBigPanda(builder.Configuration);
        builder.Services.Replace(ServiceDescriptor.Singleton(bus.Client));
        builder.Services.Replace(Store(LocalConnection.FileName, BigPandaCredential.Kind));
        builder.Services.Replace(Store(LocalPagerDuty.FileName, PagerDutyCredential.Kind));
        builder.Services.Replace(Store($"{MonitorKeys.Kind.SecretName}.json", MonitorKeys.Kind));
        if (options.Faults is { } faults)
        {
            builder.Services.Replace(ServiceDescriptor.Singleton(KillableTables.Connect(azurite.ConnectionString, faults.Kill)));
            builder.Services.ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler(() => new KillableCalls(faults.Kill)));
        }

        builder.Services.AddTransient<LocalConnection>().AddTransient<LocalPagerDuty>();
        options.ConfigureServices(builder.Services);
        return builder.Build();
    }

    private ServiceDescriptor Store<T>(string fileName, CredentialKind<T> kind)
        where T : class => ServiceDescriptor.Singleton<ICredentialStore<T>>(new ProtectedFileStore<T>(folder, fileName, kind));
}
