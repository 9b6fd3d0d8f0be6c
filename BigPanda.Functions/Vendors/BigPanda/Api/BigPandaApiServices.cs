using BigPanda.Functions.Outbound;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.BigPanda.Api;

internal static class BigPandaApiServices
{
    /// <summary>No BigPanda response is larger; more is not read.</summary>
    private const int MaxResponseBytes = 4 * 1024 * 1024;

    public static IServiceCollection AddBigPandaApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<BigPandaOptions>(configuration.GetSection(BigPandaOptions.Section), static (section, options) => section.Bind(options))
            .Validate(options => BigPandaApi.IsRegion(options.Region), "The setting BigPanda__Region must be us or eu.")
            .Validate(options => options.Mode is "off" or "shadow" or "on", "The setting BigPanda__Mode must be off, shadow or on.")
            .Validate(options => options.CallsPerSecond is >= 0.1 and <= 5, "The setting BigPanda__CallsPerSecond must be from 0.1 to 5.")
            .Validate(
                options => options.DefaultEnvironmentId is not ("." or ".."),
                "The setting BigPanda__DefaultEnvironmentId must be an environment's id, not . or ..")
            .Validate(options => options.TimeoutSeconds is >= 1 and <= 60, "The setting BigPanda__TimeoutSeconds must be from 1 to 60.")
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<BigPandaOptions>, ApiBaseUrlValidator>();
        services.AddCalledApi(BigPandaApi.Called, static provider => provider.GetRequiredService<IOptions<BigPandaOptions>>().Value.CallsPerSecond);
        services.AddHttpClient<BigPandaClient>((provider, client) =>
            {
                var options = provider.GetRequiredService<IOptions<BigPandaOptions>>().Value;
                client.Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
                client.MaxResponseContentBufferSize = MaxResponseBytes;
            })
            .ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
            {
                // A redirect would send the key to an unconfigured host; a proxy would resolve the name itself, past the address guard.
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                ActivityHeadersPropagator = new HostTagPropagator(),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                // Whether a close is wanted was checked before connecting: a slow connect would make that check stale.
                ConnectTimeout = TimeSpan.FromSeconds(5),
                ConnectCallback = provider.GetRequiredService<AddressGuard>().ConnectAsync,
            });
        return services;
    }
}
