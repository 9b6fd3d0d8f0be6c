using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Telemetry;

internal static class TelemetryServices
{
    private const string Connection = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddMetrics()
            // It logs each request's address, and a function key may be in its query.
            .AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning))
            // Four lines a call, of which a trace tells as much.
            .AddLogging(logging => logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning))
            .AddSingleton<AppMetrics>()
            .AddSingleton<AppliedDeliveries>();
        if (configuration[Connection] is not { Length: > 0 } connection) return services;
        if (!ApplicationInsightsConnection.IsReadable(connection))
        {
            const string error = $"The setting {Connection} must be a connection string of Application Insights: this one is not.";
            throw new OptionsValidationException(Connection, typeof(AzureMonitorExporterOptions), [error]);
        }

        services.ExportToAzureMonitor(signsIn: configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] is { Length: > 0 });
        return services;
    }

    /// <param name="signsIn">False where the connection string is enough.</param>
    private static void ExportToAzureMonitor(this IServiceCollection services, bool signsIn)
    {
        var telemetry = services.AddOpenTelemetry();
        telemetry.UseFunctionsWorkerDefaults();
        telemetry.WithMetrics(metrics => metrics.AddMeter(AppMetrics.MeterName));
        // .NET makes the spans of HTTP calls itself: to BigPanda, the tables and the vault.
        telemetry.WithTracing(traces => traces.AddSource(AppActivity.SourceName, "Azure.Messaging.ServiceBus.*", "System.Net.Http"));
        // Given options here it would not read OTEL_TRACES_SAMPLER and keep five traces a second; nor where any were configured before.
        telemetry.UseAzureMonitorExporter();
        services.Configure<AzureMonitorExporterOptions>(options =>
        {
            options.Credential = signsIn ? new DefaultAzureCredential() : null;
            // Else the log lines of a trace that is not kept are lost too, and with them those of requests outside any sampled trace
            // (azure-sdk-for-net 61704).
            options.EnableTraceBasedLogsSampler = false;
        });
        // At its end the exporter would write what it still has to a disk that goes away with the instance.
        AppContext.SetSwitch("Azure.Monitor.OpenTelemetry.Exporter.DisablePersistOnShutdown", true);
        services.AddHostedService<MetricsFlush>();
    }
}
