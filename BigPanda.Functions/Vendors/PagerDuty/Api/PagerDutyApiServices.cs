using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Credentials;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.PagerDuty.Api;

internal static class PagerDutyApiServices
{
    /// <summary>An incident has at most 2,000 notes; more than a hundred long ones are not expected.</summary>
    private const int MaxResponseBytes = 8 * 1024 * 1024;

    /// <summary>Calls of messages that may wait at once for a key's limit: further ones leave their sessions to others.</summary>
    private const int MostWaiting = 32;

    private const string HostTag = "pagerduty.api.host";

    public static IServiceCollection AddPagerDutyApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<PagerDutyOptions>(configuration.GetSection(PagerDutyOptions.Section), static (section, options) => section.Bind(options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<PagerDutyOptions>, PagerDutyOptionsValidator>()
            .AddCredential(PagerDutyCredential.Kind)
            .AddKeyedCallers(PagerDutyApi.Events, static provider => Options(provider).EventsPerMinute / 60.0, MostWaiting)
            .AddCalledApi(
                PagerDutyApi.Rest,
                static provider => Options(provider).RestCallsPerMinute / 60.0,
                static provider => CredentialSource.Of(
                    provider.GetRequiredService<CredentialCache<PagerDutyCredential>>(), stored => stored.Rest, PagerDutyClient.NoKey),
                MostWaiting);
        services.AddApiClient<PagerDutyEventsClient>(HostTag, MaxResponseBytes, static provider => Options(provider).TimeoutSeconds);
        services.AddApiClient<PagerDutyClient>(HostTag, MaxResponseBytes, static provider => Options(provider).TimeoutSeconds);
        return services;
    }

    private static PagerDutyOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<PagerDutyOptions>>().Value;
}
