using System.Net;
using Azure.Security.KeyVault.Secrets;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.BigPandaApi;

internal static class BigPandaApiServices
{
    /// <summary>No answer of BigPanda's is larger; more is not read.</summary>
    private const int MaxResponseBytes = 4 * 1024 * 1024;

    private const string KeyVaultSetting = "KeyVaultUri";

    public static IServiceCollection AddBigPandaApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<BigPandaOptions>(configuration.GetSection(BigPandaOptions.Section), static (section, options) => section.Bind(options))
            .Validate(options => ApiBaseUrl.IsRegion(options.Region), "The setting BigPanda__Region must be us or eu.")
            .Validate(options => options.CallsPerSecond is >= 0.1 and <= 5, "The setting BigPanda__CallsPerSecond must be from 0.1 to 5.")
            .Validate(options => options.DefaultEnvironmentId is not ("." or ".."), "The setting BigPanda__DefaultEnvironmentId must not be . or ..: that is no environment's id.")
            .Validate(options => options.TimeoutSeconds is >= 1 and <= 60, "The setting BigPanda__TimeoutSeconds must be from 1 to 60.")
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<BigPandaOptions>, ApiBaseUrlValidator>();
        services.AddSingleton<BigPandaLimiter>();
        services.AddSingleton<CallSlotStore>();
        services.AddHostedService<CallSlotLeases>();
        services.AddSingleton<LatestCall>();
        services.AddSingleton<IApiCredentialStore>(provider => new KeyVaultCredentialStore(Vault(configuration), provider.GetRequiredService<ILogger<KeyVaultCredentialStore>>()));
        services.AddSingleton<ApiCredentialCache>();
        services.AddSingleton<ApiCalls>();
        services.AddSingleton<HostResolver>(Dns.GetHostAddressesAsync);
        services.AddSingleton<AddressGuard>();
        services.AddHttpClient<BigPandaClient>((provider, client) =>
            {
                var options = provider.GetRequiredService<IOptions<BigPandaOptions>>().Value;
                client.Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
                client.MaxResponseContentBufferSize = MaxResponseBytes;
            })
            .ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
            {
                // A redirect would carry the key to a host nobody configured; a proxy would look the name up itself, past the guard.
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                ActivityHeadersPropagator = new HostTagPropagator(),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                // A close is checked for being wanted before the connection is made.
                ConnectTimeout = TimeSpan.FromSeconds(5),
                ConnectCallback = provider.GetRequiredService<AddressGuard>().OpenAsync,
            });
        return services;
    }

    /// <summary>With the identity that the tables are reached with.</summary>
    private static SecretClient Vault(IConfiguration configuration)
    {
        if (configuration[KeyVaultSetting] is not { Length: > 0 } setting) throw new ConfigurationMissingException(KeyVaultSetting);
        if (!Uri.TryCreate(setting, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps || uri.UserInfo.Length > 0)
            throw new OptionsValidationException(KeyVaultSetting, typeof(Uri), [$"The setting {KeyVaultSetting} must be the https address of a Key Vault, and no more."]);
        return new SecretClient(uri, AzureCredential.For(configuration.GetSection("StorageConnection")));
    }
}
