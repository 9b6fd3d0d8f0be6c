using System.Net;
using Azure.Security.KeyVault.Secrets;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Outbound;

internal static class OutboundServices
{
    private const string KeyVaultSetting = "KeyVaultUri";

    public static IServiceCollection AddOutbound(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(_ => Vault(configuration))
        .AddSingleton<HostResolver>(Dns.GetHostAddressesAsync)
        .AddSingleton<AddressGuard>();

    /// <summary>Registers, under the API's key, what its calls share.</summary>
    public static IServiceCollection AddCalledApi(this IServiceCollection services, CalledApi api, Func<IServiceProvider, double> callsPerSecond) => services
        .AddKeyedSingleton(api.Key, api)
        .AddKeyedSingleton<IApiCredentialStore, KeyVaultCredentialStore>(api.Key)
        .AddKeyedSingleton<ApiCredentialCache>(api.Key)
        .AddKeyedSingleton<ApiCalls>(api.Key)
        .AddKeyedSingleton<LatestCall>(api.Key)
        .AddKeyedSingleton(
            api.Key, (provider, _) => new RateLimiter(api.Name, callsPerSecond(provider), provider.GetRequiredService<TimeProvider>()))
        .AddKeyedSingleton<CallSlotStore>(api.Key)
        .AddKeyedSingleton<CallPauses>(api.Key)
        .AddKeyedSingleton<CallSlotLeases>(api.Key)
        // Not AddHostedService, which adds a type once.
        .AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<CallSlotLeases>(api.Key));

    /// <summary>Uses the identity of the tables.</summary>
    private static SecretClient Vault(IConfiguration configuration)
    {
        if (configuration[KeyVaultSetting] is not { Length: > 0 } setting) throw new ConfigurationMissingException(KeyVaultSetting);
        if (!ServiceAddress.IsUrl(setting))
            throw new OptionsValidationException(KeyVaultSetting, typeof(Uri), [$"The setting {KeyVaultSetting} must be the https address of a Key Vault."]);
        return new SecretClient(new Uri(setting), AzureCredential.For(configuration.GetSection("StorageConnection")));
    }
}
