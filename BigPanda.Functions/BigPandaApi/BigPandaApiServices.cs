using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.BigPandaApi;

internal static class BigPandaApiServices
{
    /// <summary>No answer of BigPanda's is larger; more is not read.</summary>
    private const int MaxAnswerBytes = 4 * 1024 * 1024;

    public static IServiceCollection AddBigPandaApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<BigPandaOptions>()
            .Bind(configuration.GetSection(BigPandaOptions.Section))
            .Validate(options => options.CallsPerSecond is >= 0.1 and <= 5, "The setting BigPanda__CallsPerSecond must be from 0.1 to 5.")
            .Validate(options => options.TimeoutSeconds is >= 1 and <= 60, "The setting BigPanda__TimeoutSeconds must be from 1 to 60.")
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<BigPandaOptions>, BigPandaOptionsValidator>();
        services.AddSingleton<IValidateOptions<BigPandaOptions>, ApiBaseUrlValidator>();
        services.AddSingleton<BigPandaLimiter>();
        services.AddHttpClient<BigPandaClient>((provider, client) =>
            {
                var options = provider.GetRequiredService<IOptions<BigPandaOptions>>().Value;
                client.BaseAddress = options.BaseAddress;
                client.Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
                client.MaxResponseContentBufferSize = MaxAnswerBytes;
            })
            // A redirect would carry the key to a host nobody configured.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
        return services;
    }
}
