using System.Net;
using System.Text;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Outbound.Calls;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Api;

/// <summary>One instance of the app, with the real clients of PagerDuty on tables and a PagerDuty that all instances share.</summary>
internal sealed class PagerDutyInstance : IAsyncDisposable
{
    public const string RoutingKey = "R0UTINGKEY000000000000000000MAIN";
    public const string OtherKey = "R0UTINGKEY00000000000000000OTHER";
    public const string RestKey = "rest-key-of-the-account";
    public const string From = "bridge@example.com";

    public static readonly PageKey Main = new(PagerDutyCredential.IdOf(RoutingKey));
    public static readonly PageKey Other = new(PagerDutyCredential.IdOf(OtherKey));

    private readonly ServiceProvider _services;
    private readonly MemoryStore _store = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    public PagerDutyInstance(
        TimeProvider time, TableServiceClient tables, HttpMessageHandler pagerDuty, params IEnumerable<(string Key, string Value)> settings)
        : this(time, tables, pagerDuty, _ => { }, settings)
    {
    }

    /// <param name="replace">Replaces what a test needs besides.</param>
    public PagerDutyInstance(
        TimeProvider time, TableServiceClient tables, HttpMessageHandler pagerDuty, Action<IServiceCollection> replace,
        params IEnumerable<(string Key, string Value)> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [
                new("ServiceBusConnection:fullyQualifiedNamespace", "bus.example.com"), new("StorageConnection:tableServiceUri", "https://tables.example.com"),
                new("KeyVaultUri", "https://vault.example.com"), .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)),
            ]).Build();
        var services = new ServiceCollection().AddSingleton(time).AddBigPanda(configuration);
        services.Replace(ServiceDescriptor.Singleton(tables));
        services.Replace(ServiceDescriptor.Singleton<ICredentialStore<PagerDutyCredential>>(_store));
        services.ConfigureAll<HttpClientFactoryOptions>(options => options.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = pagerDuty));
        replace(services);
        _services = services.BuildServiceProvider();
        _running = _services.GetRequiredKeyedService<CallSlotLeases>(PagerDutyApi.Key).RunAsync(_stopping.Token);
    }

    /// <summary>What the vault holds.</summary>
    public PagerDutyCredential? Stored
    {
        get => _store.Credential;
        set => _store.Credential = value;
    }

    public PagerDutyEventsClient Events => _services.GetRequiredService<PagerDutyEventsClient>();

    public PagerDutyClient Rest => _services.GetRequiredService<PagerDutyClient>();

    public KeyedCallers Callers => _services.GetRequiredKeyedService<KeyedCallers>(PagerDutyApi.EventsKey);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static PagerDutyCredential Credential(string address) => new()
    {
        ConnectionId = "one",
        Region = "us",
        EventsBaseUrl = address,
        RestBaseUrl = address,
        RoutingKey = RoutingKey,
        RoutingKeys = new Dictionary<string, string> { ["other"] = OtherKey },
        RestKey = RestKey,
        From = From,
    };

    public static Func<CancellationToken, Task<PreparedBody>> Body(string json) => _ => Task.FromResult(PreparedBody.Send(Encoding.UTF8.GetBytes(json)));

    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
        await _running;
        await Callers.StopAsync(CancellationToken.None);
    }

    private sealed class MemoryStore : ICredentialStore<PagerDutyCredential>
    {
        public PagerDutyCredential? Credential { get; set; } = PagerDutyInstance.Credential("https://pagerduty.example.com");

        public Task<PagerDutyCredential?> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Credential);

        public Task WriteAsync(PagerDutyCredential credential, DateTimeOffset? expiresOn, CancellationToken cancellationToken)
        {
            Credential = credential;
            return Task.CompletedTask;
        }

        public Task DeleteAsync(CancellationToken cancellationToken)
        {
            Credential = null;
            return Task.CompletedTask;
        }
    }
}

/// <summary>Records every request and gives the scripted response; an event is accepted without one.</summary>
internal sealed class ScriptedPagerDuty(TimeProvider time) : HttpMessageHandler
{
    public List<ReceivedCall> Calls { get; } = [];

    public Func<ReceivedCall, HttpResponseMessage?> Answer { get; set; } = _ => null;

    public static HttpResponseMessage Json(int status, string json, params IEnumerable<(string Name, string Value)> headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    /// <summary>The largest number of calls in any minute.</summary>
    public int MostInAMinute
    {
        get
        {
            var (most, from) = (0, 0);
            for (var to = 0; to < Calls.Count; to++)
            {
                while (Calls[to].At - Calls[from].At >= TimeSpan.FromMinutes(1)) from++;
                most = Math.Max(most, to - from + 1);
            }

            return most;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var headers = request.Headers.NonValidated.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var call = new ReceivedCall(time.GetUtcNow(), request.Method.Method, request.RequestUri?.PathAndQuery ?? "", headers, body);
        Calls.Add(call);
        return Answer(call) ?? Json(202, """{"status":"success","message":"Event processed","dedup_key":"k"}""");
    }
}

internal sealed record ReceivedCall(DateTimeOffset At, string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);
