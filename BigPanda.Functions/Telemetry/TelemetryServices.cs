using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Telemetry;

internal static class TelemetryServices
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services) => services.AddMetrics().AddSingleton<AppMetrics>();
}
