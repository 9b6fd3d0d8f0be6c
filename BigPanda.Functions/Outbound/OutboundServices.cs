using System.Net;
using Azure.Data.Tables;
using Azure.Security.KeyVault.Secrets;
using BigPanda.Functions.Outbound.Calls;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Outbound;

internal static class OutboundServices
{
    private const string KeyVaultSetting = "KeyVaultUri";

    public static IServiceCollection AddOutbound(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(_ => Vault(configuration))
        .AddSingleton<HostResolver>(Dns.GetHostAddressesAsync)
        .AddSingleton<AddressGuard>()
        .AddSingleton<IdleCallSlotStore>();

    /// <summary>Registers how a vendor's keys are stored and read.</summary>
    public static IServiceCollection AddCredential<T>(this IServiceCollection services, CredentialKind<T> kind)
        where T : class => services
        .AddSingleton(kind)
        .AddSingleton<ICredentialStore<T>, KeyVaultCredentialStore<T>>()
        .AddSingleton<CredentialCache<T>>()
        .AddSingleton<CredentialTurnStore<T>>();

    /// <summary>Registers, under the API's key, what its calls share.</summary>
    public static IServiceCollection AddCalledApi(
        this IServiceCollection services, CalledApi api, Func<IServiceProvider, double> callsPerSecond, Func<IServiceProvider, CredentialSource> credentials,
        int mostWaiting = int.MaxValue) =>
        services
            .AddKeyedSingleton(api.Key, api)
            .AddKeyedSingleton(api.Key, (provider, _) => credentials(provider))
            .AddKeyedSingleton<ApiCalls>(api.Key)
            .AddKeyedSingleton<LatestCall>(api.Key)
            .AddKeyedSingleton(
                api.Key, (provider, _) => new RateLimiter(api.Name, callsPerSecond(provider), provider.GetRequiredService<TimeProvider>(), mostWaiting))
            .AddKeyedSingleton<CallSlotStore>(api.Key)
            .AddKeyedSingleton<CallPauses>(api.Key)
            .AddKeyedSingleton<CallSlotLeases>(api.Key)
            .AddKeyedSingleton<ApiCaller>(api.Key)
            // Not AddHostedService, which adds a type once.
            .AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<CallSlotLeases>(api.Key));

    /// <summary>Registers what makes the calls of an API that limits each of its keys.</summary>
    public static IServiceCollection AddKeyedCallers(
        this IServiceCollection services, CalledApi api, Func<IServiceProvider, double> callsPerSecond, int mostWaiting) => services
        .AddKeyedSingleton(api.Key, api)
        .AddKeyedSingleton<ApiCalls>(api.Key)
        .AddKeyedSingleton(api.Key, (provider, _) => new KeyedCallers(
            (key, credentials) => Caller(provider, api, key, credentials, callsPerSecond(provider), mostWaiting), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<KeyedCallers>(api.Key));

    private static KeyedCaller Caller(
        IServiceProvider provider, CalledApi api, string key, CredentialSource credentials, double callsPerSecond, int mostWaiting)
    {
        var time = provider.GetRequiredService<TimeProvider>();
        var limiter = new RateLimiter(api.Name, callsPerSecond, time, mostWaiting);
        var slots = new CallSlotStore(provider.GetRequiredService<TableServiceClient>(), $"{api.Key}-{key}");
        var pauses = new CallPauses(api, limiter, slots, time, provider.GetRequiredService<ILogger<CallPauses>>());
        var leases = new CallSlotLeases(api, limiter, slots, pauses, time, provider.GetRequiredService<ILogger<CallSlotLeases>>());
        var calls = ActivatorUtilities.CreateInstance<ApiCalls>(provider, api);
        return new KeyedCaller(new ApiCaller(api, credentials, limiter, pauses, calls, new LatestCall(time), time), limiter, leases);
    }

    /// <summary>Registers the client of a vendor's API, and how it connects.</summary>
    /// <param name="hostTag">The attribute of a call's span that has the host.</param>
    /// <param name="maxResponseBytes">No response of the vendor is larger; more is not read.</param>
    public static IHttpClientBuilder AddApiClient<T>(
        this IServiceCollection services, string hostTag, int maxResponseBytes, Func<IServiceProvider, int> timeoutSeconds)
        where T : class => services
        .AddHttpClient<T>((provider, client) =>
        {
            client.Timeout = TimeSpan.FromSeconds(timeoutSeconds(provider));
            client.MaxResponseContentBufferSize = maxResponseBytes;
        })
        .ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
        {
            // A redirect would send the key to an unconfigured host; a proxy would resolve the name itself, past the address guard.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = new HostTagPropagator(hostTag),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // Whether a call is wanted was checked before connecting: a slow connect would make that check stale.
            ConnectTimeout = TimeSpan.FromSeconds(5),
            ConnectCallback = provider.GetRequiredService<AddressGuard>().ConnectAsync,
        });

    /// <summary>Uses the identity of the tables.</summary>
    private static SecretClient Vault(IConfiguration configuration)
    {
        if (configuration[KeyVaultSetting] is not { Length: > 0 } setting) throw new ConfigurationMissingException(KeyVaultSetting);
        if (!ServiceAddress.IsUrl(setting))
            throw new OptionsValidationException(KeyVaultSetting, typeof(Uri), [$"The setting {KeyVaultSetting} must be the https address of a Key Vault."]);
        return new SecretClient(new Uri(setting), AzureCredential.For(configuration.GetSection("StorageConnection")));
    }
}
