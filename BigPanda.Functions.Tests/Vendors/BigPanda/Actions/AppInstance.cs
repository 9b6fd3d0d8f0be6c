using System.Net;
using System.Text;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.BigPanda.Api;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Actions;

/// <summary>
/// One instance of the app in virtual time with separate services: its queue function and its leases run on tables and a BigPanda that all
/// instances share.
/// </summary>
internal sealed class AppInstance : IAsyncDisposable
{
    /// <summary>As in host.json: the number of messages handled at once.</summary>
    private const int Sessions = 256;

    private readonly ServiceProvider _services;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CallSlotLeases _leases;
    private readonly Task _running;
    private readonly OneKey _key = new();

    public AppInstance(
        VirtualWorld world, MemoryTables tables, ActionQueue queue, HttpMessageHandler bigPanda, params IEnumerable<(string Key, string Value)> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [
                new("ServiceBusConnection:fullyQualifiedNamespace", "bus.example.com"), new("StorageConnection:tableServiceUri", "https://tables.example.com"),
                new("KeyVaultUri", "https://vault.example.com"), .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)),
            ]).Build();
        var services = new ServiceCollection().AddSingleton<TimeProvider>(world.Time).AddBigPanda(configuration);
        services.Replace(ServiceDescriptor.Singleton<TableServiceClient>(tables));
        services.Replace(ServiceDescriptor.Singleton<ServiceBusClient>(queue));
        services.Replace(ServiceDescriptor.Singleton<ICredentialStore<BigPandaCredential>>(_key));
        services.ConfigureAll<HttpClientFactoryOptions>(options => options.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = bigPanda));
        services.AddTransient<ActInBigPandaFunction>();
        _services = services.BuildServiceProvider();
        _leases = _services.GetRequiredKeyedService<CallSlotLeases>(BigPandaApi.Key);
        _running = _leases.RunAsync(_stopping.Token);
    }

    /// <summary>What the vault holds.</summary>
    public BigPandaCredential Key
    {
        get => _key.Credential;
        set => _key.Credential = value;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public BigPandaClient Client => _services.GetRequiredService<BigPandaClient>();

    /// <summary>Runs until the queue is empty.</summary>
    public Task WorkAsync(ActionQueue queue) => Task.WhenAll(Enumerable.Range(0, Sessions).Select(_ => HandleAsync(queue)));

    /// <summary>Stops like a killed process: nothing is released.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
        await _running;
    }

    /// <summary>Stops in an orderly way.</summary>
    public async Task StopAsync()
    {
        _stopping.Cancel();
        await _running;
        await _leases.StopAsync(CancellationToken.None);
    }

    private async Task HandleAsync(ActionQueue queue)
    {
        var function = _services.GetRequiredService<ActInBigPandaFunction>();
        while (queue.TryTake(out var message)) await function.RunAsync(message, queue.ActionsFor(message), CancellationToken.None);
    }

    private sealed class OneKey : ICredentialStore<BigPandaCredential>
    {
        public BigPandaCredential Credential { get; set; } = new("a-key", "https://api.example.com", null) { ConnectionId = "one" };

        public Task<BigPandaCredential?> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<BigPandaCredential?>(Credential);

        public Task WriteAsync(BigPandaCredential credential, DateTimeOffset? expiresOn, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task DeleteAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}

/// <summary>The queue of actions, and the messages sent while they are handled.</summary>
internal sealed class ActionQueue : ServiceBusClient
{
    private readonly Queue<ServiceBusReceivedMessage> _waiting = new();

    public List<(string Queue, ServiceBusMessage Message)> Sent { get; } = [];

    /// <summary>The descriptions of dead letters; null where a test wants none.</summary>
    public List<string>? DeadLetters { get; init; }

    /// <summary>While true, every send fails as if the broker were down.</summary>
    public bool IsDown { get; set; }

    public int Completed { get; private set; }

    public int GivenBack { get; private set; }

    public void Add(ServiceBusMessage message, int deliveries = 1) => _waiting.Enqueue(ServiceBusModelFactory.ServiceBusReceivedMessage(
        message.Body, message.MessageId, sessionId: message.SessionId, subject: message.Subject, properties: message.ApplicationProperties,
        deliveryCount: deliveries));

    public bool TryTake(out ServiceBusReceivedMessage message) => _waiting.TryDequeue(out message!);

    public ServiceBusMessageActions ActionsFor(ServiceBusReceivedMessage message) => new Actions(this, message.DeliveryCount);

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(this, queueOrTopicName);

    private sealed class Sender(ActionQueue queue, string name) : ServiceBusSender
    {
        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            if (queue.IsDown) throw new IOException("the broker is down");
            queue.Sent.Add((name, message));
            return Task.CompletedTask;
        }
    }

    private sealed class Actions(ActionQueue queue, int deliveries) : ServiceBusMessageActions
    {
        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
        {
            queue.Completed++;
            return Task.CompletedTask;
        }

        public override Task AbandonMessageAsync(
            ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default)
        {
            queue.GivenBack++;
            var again = new ServiceBusMessage(message);
            foreach (var (name, value) in propertiesToModify ?? new Dictionary<string, object>()) again.ApplicationProperties[name] = value;
            queue.Add(again, deliveries + 1);
            return Task.CompletedTask;
        }

        public override Task DeadLetterMessageAsync(
            ServiceBusReceivedMessage message, Dictionary<string, object>? propertiesToModify = null, string? deadLetterReason = null,
            string? deadLetterErrorDescription = null,
            CancellationToken cancellationToken = default)
        {
            if (queue.DeadLetters is not { } letters) throw new InvalidOperationException($"{deadLetterReason}: {deadLetterErrorDescription}");
            letters.Add($"{deadLetterReason}: {deadLetterErrorDescription}");
            return Task.CompletedTask;
        }
    }
}

/// <summary>Accepts every call at once and records its virtual time.</summary>
internal sealed class TakingBigPanda(TimeProvider time) : HttpMessageHandler
{
    public DateTimeOffset Started { get; } = time.GetUtcNow();

    public List<(DateTimeOffset At, string Method, string Path)> Calls { get; } = [];

    /// <summary>The key of each call.</summary>
    public List<string?> Keys { get; } = [];

    public Func<string, HttpResponseMessage?> Answer { get; set; } = _ => null;

    /// <summary>The largest number of calls in any second.</summary>
    public int MostInASecond
    {
        get
        {
            var (most, from) = (0, 0);
            for (var to = 0; to < Calls.Count; to++)
            {
                while (Calls[to].At - Calls[from].At >= TimeSpan.FromSeconds(1)) from++;
                most = Math.Max(most, to - from + 1);
            }

            return most;
        }
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Without a length it would be sent in chunks, which some gateways answer with 411.
        Assert.True(request.Content is null || request.Content.Headers.ContentLength > 0);
        var path = request.RequestUri?.AbsolutePath ?? "";
        Calls.Add((time.GetUtcNow(), request.Method.Method, path));
        Keys.Add(request.Headers.Authorization?.Parameter);
        return Task.FromResult(Answer(path) ?? Usual(request.Method == HttpMethod.Get));
    }

    private static HttpResponseMessage Usual(bool isQuestion) => isQuestion
        ? new HttpResponseMessage(HttpStatusCode.OK) { Content = Json("[]") }
        : new HttpResponseMessage(HttpStatusCode.Accepted) { Content = Json("""{"status":202,"data":{}}""") };

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
