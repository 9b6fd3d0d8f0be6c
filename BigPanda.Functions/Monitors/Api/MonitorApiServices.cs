using BigPanda.Functions.Outbound;
using BigPanda.Functions.Vendors.BigPanda.Api;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Monitors.Api;

internal static class MonitorApiServices
{
    private const int MaxResponseBytes = 256 * 1024;

    public static IServiceCollection AddMonitorApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<MonitorOptions>(configuration.GetSection(MonitorOptions.Section), static (section, options) => section.Bind(options))
            .Validate(options => options.AlertsPerMinute is >= 1 and <= 10_000, "The setting Monitors__AlertsPerMinute must be from 1 to 10000.")
            .Validate(options => options.RepeatMinutes is >= 0 and <= 1440, "The setting Monitors__RepeatMinutes must be from 0 to 1440.")
            .ValidateOnStart();
        services.AddCredential(MonitorKeys.Kind).AddKeyedCallers(
            AlertsApiClient.Called, static provider => provider.GetRequiredService<IOptions<MonitorOptions>>().Value.AlertsPerMinute / 60.0, int.MaxValue);
        services.AddApiClient<AlertsApiClient>(
            "bigpanda.api.host", MaxResponseBytes, static provider => provider.GetRequiredService<IOptions<BigPandaOptions>>().Value.TimeoutSeconds);
        return services;
    }
}
