using BigPanda.Functions;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Api;
using BigPanda.LocalHost.Azurite;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;
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
        var key = new FunctionKey(secrets.FunctionKey);
        var instances = new InstanceStarter(options, functions, hostJson, key, configuration, bus, azurite, folder, loggers);
        var app = instances.Build(port, options.TimeProvider);
        parts.Instances.Add(app);
        await PrepareAsync(app.Services, secrets, cancellationToken);
        // Where people sign in as with Entra ID, no browser gets the function key.
        var signIns = options.SignsIn ? null : new SignInCodes(options.TimeProvider);
        if (signIns is not null)
            app.App.MapSignIn(signIns, secrets.FunctionKey);
        await app.App.StartAsync(cancellationToken);

        // Queued work calls the vendors, which send webhooks, which need Kestrel.
        var setup = Describe(secrets, port.Number);
        if (parts.PagerDuty is { } pagerDuty)
            LocalPagerDuty.Subscribe(pagerDuty, setup.BaseUrl, secrets.PagerDuty);
        parts.Simulator?.ConnectWebhook(setup.CallbackUrl, "Authorization", $"Bearer {secrets.BearerToken}");
        instances.StartWork(app);
        setup.WriteTo(folder);
        return new LocalFunctionsHost(parts, setup, bus, azurite, instances, signIns);
    }

    /// <summary>What the instances share: the tables, the source and the connections.</summary>
    private async Task PrepareAsync(IServiceProvider services, LocalSecrets secrets, CancellationToken cancellationToken)
    {
        ValidateOptions(services);
        await AppTables.CreateAsync(services, cancellationToken);
        await services.GetRequiredService<SourceService>().EnsureAsync(SourceId, new NewSource("This machine"), secrets.BearerToken, cancellationToken);
        await services.GetRequiredService<LocalConnection>().PrepareAsync(
            parts.Simulator?.Url, options.BigPandaUrl, secrets.SimulatorKey, cancellationToken);
        await services.GetRequiredService<LocalPagerDuty>().PrepareAsync(parts.PagerDuty?.Url, secrets.PagerDuty, cancellationToken);
    }

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
