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
            // It logs request URLs, whose query may have a function key.
            .AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning))
            // It logs four lines per call, which a trace has too.
            .AddLogging(logging => logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning))
            .AddSingleton<AppMetrics>()
            .AddSingleton<AppliedDeliveries>();
        if (configuration[Connection] is not { Length: > 0 } connection) return services;
        if (!ApplicationInsightsConnection.IsReadable(connection))
        {
            const string error = $"The setting {Connection} must be a valid connection string of Application Insights.";
            throw new OptionsValidationException(Connection, typeof(AzureMonitorExporterOptions), [error]);
        }

        services.ExportToAzureMonitor(signsIn: configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] is { Length: > 0 });
        return services;
    }

    /// <param name="signsIn">False when the connection string is enough.</param>
    private static void ExportToAzureMonitor(this IServiceCollection services, bool signsIn)
    {
        var telemetry = services.AddOpenTelemetry();
        telemetry.UseFunctionsWorkerDefaults();
        telemetry.WithMetrics(metrics => metrics.AddMeter(AppMetrics.MeterName));
        // System.Net.Http is .NET's own source for HTTP calls: to BigPanda, the tables and the vault.
        telemetry.WithTracing(traces => traces.AddSource(AppActivity.SourceName, "Azure.Messaging.ServiceBus.*", "System.Net.Http"));
        // Options passed here, or configured before, make it ignore OTEL_TRACES_SAMPLER and keep five traces a second.
        telemetry.UseAzureMonitorExporter();
        services.Configure<AzureMonitorExporterOptions>(options =>
        {
            options.Credential = signsIn ? new DefaultAzureCredential() : null;
            // Otherwise logs of unsampled traces are dropped (azure-sdk-for-net 61704).
            options.EnableTraceBasedLogsSampler = false;
        });
        // On shutdown the exporter would save unsent data to a disk that is removed with the instance.
        AppContext.SetSwitch("Azure.Monitor.OpenTelemetry.Exporter.DisablePersistOnShutdown", true);
        services.AddHostedService<MetricsFlush>();
    }
}
