using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;

namespace BigPanda.Functions.Telemetry;

/// <summary>
/// Sends the metrics every 20 seconds. The exporter's interval of a minute cannot be changed, and Flex Consumption removes an instance
/// half a minute after its last execution, which would lose what a timer has just measured.
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
