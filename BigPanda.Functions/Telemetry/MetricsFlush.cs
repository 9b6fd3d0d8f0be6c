using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;

namespace BigPanda.Functions.Telemetry;

/// <summary>
/// Sends what was measured every twenty seconds. The exporter's own minute cannot be changed, and Flex Consumption takes an instance
/// away half a minute after its last execution: the readiness that a timer has measured would go with it.
/// </summary>
internal sealed class MetricsFlush(MeterProvider metrics, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    private const int TimeoutMilliseconds = 10_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) metrics.ForceFlush(TimeoutMilliseconds);
    }
}
