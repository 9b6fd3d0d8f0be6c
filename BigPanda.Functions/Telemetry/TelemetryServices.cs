using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Telemetry;

internal static partial class TelemetryServices
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddMetrics()
            // It logs each request's address, and a function key may be in its query.
            .AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning))
            // Four lines a call, of which a trace tells as much.
            .AddLogging(logging => logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning))
            .AddSingleton<AppMetrics>();
        if (configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"] is { Length: > 0 })
            Export(services, configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] is { Length: > 0 } ? new DefaultAzureCredential() : null);
        return services;
    }

    /// <summary>To Application Insights. Builds with the stand-ins have no exporter, and export nothing.</summary>
    /// <param name="credential">Null where the connection string is enough.</param>
    static partial void Export(IServiceCollection services, TokenCredential? credential);
}
