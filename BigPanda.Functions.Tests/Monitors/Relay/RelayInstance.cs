using System.Text;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Monitors.Messages;
using BigPanda.Functions.Monitors.Parking;
using BigPanda.Functions.Monitors.Relay;
using BigPanda.Functions.Outbound.Calls;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;

namespace BigPanda.Functions.Tests.Monitors.Relay;

/// <summary>Everything that the instances of the app share, in virtual time.</summary>
internal sealed class RelayWorld
{
    public const string Main = "azure";
    public const string Other = "grafana";

    private readonly List<RelayInstance> _instances = [];

    private RelayWorld(VirtualWorld world, int perMinute)
    {
        World = world;
        Tables = new MemoryTables(world.Time);
        Queue = new SessionQueue(world.Time);
        BigPanda = new ScriptedAlertsApi(world.Time, perMinute);
        Keys.Stored = MonitorKeys.None.With(Main, KeysOf("main")).With(Other, KeysOf("other"));
    }

    public VirtualWorld World { get; }
    public MemoryTables Tables { get; }
    public SessionQueue Queue { get; }
    public ScriptedAlertsApi BigPanda { get; }
    public KeyStore Keys { get; } = new();

    public DateTimeOffset Now => World.Time.GetUtcNow();

    public static SourceKeys KeysOf(string app, string token = "org-token") => new(token, $"{app}-app-key", "https://api.example.com");

    public static T Run<T>(Func<RelayWorld, Task<T>> story, int perMinute = 300) => VirtualWorld.Run(async virtualWorld =>
    {
        var world = new RelayWorld(virtualWorld, perMinute);
        var result = await story(world);
        foreach (var instance in world._instances) await instance.DisposeAsync();
        return result;
    });

    public async Task<RelayInstance> StartAsync(params IEnumerable<(string Key, string Value)> settings)
    {
        var instance = new RelayInstance(this, settings);
        _instances.Add(instance);
        foreach (var id in new[] { Main, Other })
            await instance.Get<SourceStore>().AddAsync(Catalogs.Source(id, "token") with { Kind = SourceKind.Monitor }, CancellationToken.None);
        instance.Receive();
        return instance;
    }

    /// <summary>What the way in does with a batch.</summary>
    public void Accept(string sourceId, params IEnumerable<AcceptedAlert> alerts) => Queue.Add(RelayMessages.Of(sourceId, [.. alerts], Now));

    /// <param name="at">Seconds, the alert's own time; none makes each a separate event.</param>
    public static AcceptedAlert Alert(string host, string status, long? at = null, string? note = null) => new(
        host, Encoding.UTF8.GetBytes($$"""{"status":"{{status}}","timestamp":{{at ?? 1767603600}},"host":"{{host}}","note":"{{note}}"}"""), at is not null);

    public Task WaitAsync(TimeSpan time) => Task.Delay(time, World.Time, CancellationToken.None);

    /// <summary>Runs the timers, on one instance as in Azure, until no alert waits.</summary>
    public async Task FinishAsync(TimeSpan? limit = null)
    {
        var deadline = Now + (limit ?? TimeSpan.FromDays(1));
        while (await IsWaitingAsync())
        {
            Assert.True(Now < deadline, $"{Queue.Count} messages are in the queue and {await CountParkedAsync()} alerts are parked.");
            await WaitAsync(TimeSpan.FromMinutes(1));
            await TickAsync();
        }
    }

    /// <summary>A minute's timer.</summary>
    public Task TickAsync() => _instances[0].RunTimerAsync();

    public async Task<int> CountParkedAsync() =>
        (await CountParkedAsync(Main)) + await CountParkedAsync(Other);

    public async Task<int> CountParkedAsync(string sourceId) =>
        (await _instances[0].Get<ParkedAlertStore>().CountAsync(sourceId, CancellationToken.None)).Alerts;

    private async Task<bool> IsWaitingAsync()
    {
        if (Queue.Count > 0 || await CountParkedAsync() > 0) return true;
        var store = _instances[0].Get<ParkedAlertStore>();
        return await store.FindHoldAsync(Main, CancellationToken.None) is not null || await store.FindHoldAsync(Other, CancellationToken.None) is not null;
    }
}

/// <summary>One instance of the app: its queue function with its sessions, on what all instances share.</summary>
internal sealed class RelayInstance : IAsyncDisposable
{
    /// <summary>As in host.json.</summary>
    private const int Sessions = 256;

    private readonly RelayWorld _world;
    private readonly ServiceProvider _services;

    public RelayInstance(RelayWorld world, IEnumerable<(string Key, string Value)> settings)
    {
        _world = world;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [
                new("ServiceBusConnection:fullyQualifiedNamespace", "bus.example.com"), new("StorageConnection:tableServiceUri", "https://tables.example.com"),
                new("KeyVaultUri", "https://vault.example.com"), .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)),
            ]).Build();
        var services = new ServiceCollection().AddSingleton<TimeProvider>(world.World.Time).AddBigPanda(configuration);
        services.Replace(ServiceDescriptor.Singleton<TableServiceClient>(world.Tables));
        services.Replace(ServiceDescriptor.Singleton<ServiceBusClient>(world.Queue));
        services.Replace(ServiceDescriptor.Singleton<ICredentialStore<MonitorKeys>>(world.Keys));
        services.ConfigureAll<HttpClientFactoryOptions>(
            options => options.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = world.BigPanda));
        services.AddTransient<SendAlertsFunction>().AddTransient<ReleaseParkedAlertsFunction>().AddTransient<SendDueOksFunction>();
        _services = services.BuildServiceProvider();
    }

    public IServiceProvider Services => _services;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public void Receive()
    {
        for (var i = 0; i < Sessions; i++)
            _ = _world.Queue.ReceiveAsync((message, actions) => Get<SendAlertsFunction>().RunAsync(message, actions, CancellationToken.None));
    }

    public Task RunTimerAsync() => Get<ReleaseParkedAlertsFunction>().RunAsync(new TimerInfo(), CancellationToken.None);

    public Task SayOkAsync() => Get<SendDueOksFunction>().RunAsync(new TimerInfo(), CancellationToken.None);

    public async ValueTask DisposeAsync() => await _services.GetRequiredKeyedService<KeyedCallers>(AlertsApiClient.Key).StopAsync(CancellationToken.None);
}

/// <summary>What the vault holds.</summary>
internal sealed class KeyStore : ICredentialStore<MonitorKeys>
{
    public MonitorKeys? Stored { get; set; }

    public int Reads { get; private set; }

    public Task<MonitorKeys?> ReadAsync(CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult(Stored);
    }

    public Task WriteAsync(MonitorKeys credential, DateTimeOffset? expiresOn, CancellationToken cancellationToken)
    {
        Stored = credential;
        return Task.CompletedTask;
    }

    public Task DeleteAsync(CancellationToken cancellationToken)
    {
        Stored = null;
        return Task.CompletedTask;
    }
}
