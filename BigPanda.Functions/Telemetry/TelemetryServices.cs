using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Telemetry;

internal static class TelemetryServices
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services) => services
        .AddMetrics()
        // It logs each request's address, and a function key may be in its query.
        .AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning))
        .AddSingleton<AppMetrics>();
}
