using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Credentials;
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
        services.AddCredential(BigPandaCredential.Kind).AddCalledApi(
            BigPandaApi.Called,
            static provider => Options(provider).CallsPerSecond,
            static provider => CredentialSource.Of(
                provider.GetRequiredService<CredentialCache<BigPandaCredential>>(), stored => stored, BigPandaClient.NoKey));
        services.AddApiClient<BigPandaClient>("bigpanda.api.host", MaxResponseBytes, static provider => Options(provider).TimeoutSeconds);
        return services;
    }

    private static BigPandaOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<BigPandaOptions>>().Value;
}
