using BigPanda.Functions;
using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Api;
using BigPanda.Functions.Vendors.BigPanda.Api;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.LocalHost.Azurite;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace BigPanda.LocalHost.Hosting;

/// <summary>Starts the parts of a local host in order. After a failure the caller stops the parts already started.</summary>
internal sealed class HostStarter(LocalHostOptions options, HostParts parts)
{
    private const string SourceId = "local";

    public async Task<LocalFunctionsHost> StartAsync(CancellationToken cancellationToken)
    {
        var hostJson = HostJson.Read(Path.Combine(AppContext.BaseDirectory, "host.json"));
        var functions = FunctionCatalog.Discover(options.FunctionAssemblies);
        var loggers = parts.Loggers = LoggerFactory.Create(ConfigureLogging);

        // Check everything that another program may hold before starting anything.
        var port = parts.Port = LoopbackPort.Bind(options.Port, "--port");
        if (options.SimulatorPort is { } simulatorPort)
            LoopbackPort.ThrowIfTaken(simulatorPort, "--simulator-port");
        var folder = DataFolder.Prepare(options.DataDirectory);

        // The bus locks the folder. That comes before the keys are created, and before Azurite, which ends one of an earlier run.
        var bus = parts.Bus = await EmbeddedBus.OpenAsync(
            Path.Combine(folder, "bus"), QueueDeclarations.For(functions.Queues), options.TimeProvider, loggers.CreateLogger<EmbeddedBus>(), cancellationToken);
        var secrets = LocalSecrets.LoadOrCreate(folder);
        // A process runs by the machine's clock, whatever clock the app uses.
        var azurite = parts.Azurite = await AzuriteProcess.StartAsync(
            new AzuriteOptions { Directory = Path.Combine(folder, "azurite"), InMemory = options.InMemoryTables },
            loggers.CreateLogger<AzuriteProcess>(), TimeProvider.System, cancellationToken);
        await StartSimulatorAsync(secrets, loggers, cancellationToken);

        var configuration = AppSettings.Build(options, azurite.ConnectionString, parts.Simulator?.Url, parts.PagerDuty?.Url);
        var app = parts.App = BuildApp(FunctionServer.CreateBuilder(configuration, port, options.TimeProvider, loggers), bus, folder);
        ValidateOptions(app.Services);
        await AppTables.CreateAsync(app.Services, cancellationToken);
        await app.Services.GetRequiredService<SourceService>().EnsureAsync(SourceId, new NewSource("This machine"), secrets.BearerToken, cancellationToken);
        await app.Services.GetRequiredService<LocalConnection>().PrepareAsync(
            parts.Simulator?.Url, options.BigPandaUrl, secrets.SimulatorKey, cancellationToken);

        await app.Services.GetRequiredService<LocalPagerDuty>().PrepareAsync(parts.PagerDuty?.Url, secrets.PagerDuty, cancellationToken);

        var setup = Describe(secrets, port.Number);
        var timers = parts.Timers = new Timers(functions.Timers, app.Services);
        var key = new FunctionKey(secrets.FunctionKey);
        app.MapFunctions(functions.Http, hostJson.RoutePrefix, key, loggers.CreateLogger<HttpFunctionEndpoint>());
        app.MapAdmin(key, timers);
        var signIns = new SignInCodes(options.TimeProvider);
        app.MapSignIn(signIns, secrets.FunctionKey);
        await app.StartAsync(cancellationToken);

        // Queued work calls the vendors, which send webhooks, which need Kestrel.
        if (parts.PagerDuty is { } pagerDuty)
            LocalPagerDuty.Subscribe(pagerDuty, setup.BaseUrl, secrets.PagerDuty);
        parts.Simulator?.ConnectWebhook(setup.CallbackUrl, "Authorization", $"Bearer {secrets.BearerToken}");
        parts.Pumps = new QueuePumps(bus, app.Services.GetRequiredService<IServiceScopeFactory>(), loggers.CreateLogger<QueuePumps>());
        parts.Pumps.Start(functions.Queues, hostJson);
        if (options.RunsTimers)
            timers.Start();
        setup.WriteTo(folder);
        return new LocalFunctionsHost(parts, setup, bus, azurite, app.Services, timers, signIns);
    }

    private WebApplication BuildApp(WebApplicationBuilder builder, EmbeddedBus bus, string folder)
    {
        builder.Services.AddBigPanda(builder.Configuration);
        builder.Services.Replace(ServiceDescriptor.Singleton(bus.Client));
        builder.Services.Replace(Store(folder, LocalConnection.FileName, BigPandaCredential.Kind));
        builder.Services.Replace(Store(folder, LocalPagerDuty.FileName, PagerDutyCredential.Kind));
        builder.Services.Replace(Store(folder, $"{MonitorKeys.Kind.SecretName}.json", MonitorKeys.Kind));
        builder.Services.AddTransient<LocalConnection>().AddTransient<LocalPagerDuty>();
        options.ConfigureServices(builder.Services);
        return builder.Build();
    }

    private static ServiceDescriptor Store<T>(string folder, string fileName, CredentialKind<T> kind)
        where T : class => ServiceDescriptor.Singleton<ICredentialStore<T>>(new ProtectedFileStore<T>(folder, fileName, kind));

    private async Task StartSimulatorAsync(LocalSecrets secrets, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (options.SimulatorPort is not { } port)
            return;

        var server = new SimulatorServer(port, loggers);
        parts.Simulator = new BigPandaSimulator(server, new SimulatorOptions { Port = port, ApiKey = secrets.SimulatorKey }, options.TimeProvider);
        if (options.SimulatesPagerDuty)
            parts.PagerDuty = LocalPagerDuty.Simulate(server, secrets.PagerDuty, options.TimeProvider);
        await server.StartAsync(cancellationToken);
    }

    private void ConfigureLogging(ILoggingBuilder logging)
    {
        logging
            .AddFilter(null, LogLevel.Warning)
            // It logs a failed start, which is also thrown and printed as one sentence.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical)
            .AddFilter(nameof(BigPanda), LogLevel.Information);
        options.ConfigureLogging(logging);
    }

    private static void ValidateOptions(IServiceProvider services) => services.GetService<IStartupValidator>()?.Validate();

    private Setup Describe(LocalSecrets secrets, int port)
    {
        var baseUrl = $"http://localhost:{port}";
        var callbackUrl = $"{baseUrl}{SourceKind.BigPanda.CallbackPath(SourceId)}";
        return new Setup(new Uri(baseUrl), secrets.FunctionKey, SourceId, new Uri(callbackUrl), secrets.BearerToken, parts.Simulator?.Url)
        {
            PagerDutyUrl = parts.PagerDuty?.Url,
        };
    }
}
