using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Telemetry;

/// <summary>The part that takes packages without a stand-in: compiled with the real packages only.</summary>
internal static partial class TelemetryServices
{
    static partial void Export(IServiceCollection services, TokenCredential? credential)
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
            options.Credential = credential;
            // Else the log lines of a trace that is not kept are lost too, and with them those of requests that nobody sampled
            // (azure-sdk-for-net 61704).
            options.EnableTraceBasedLogsSampler = false;
        });
        // At its end the exporter would write what it still has to a disk that goes away with the instance.
        AppContext.SetSwitch("Azure.Monitor.OpenTelemetry.Exporter.DisablePersistOnShutdown", true);
        services.AddHostedService<MetricsFlush>();
    }
}
