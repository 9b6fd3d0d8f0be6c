using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Operations;

/// <summary>Every five minutes: checks each dependency and measures what no event shows, also while no one calls /health/ready.</summary>
public sealed partial class CheckReadinessFunction(
    DependencyChecks checks, SourceCheck sources, AlertIndex alerts, AppMetrics metrics, ILogger<CheckReadinessFunction> logger)
{
    /// <summary>Measured even when 0: without a new value a severity would look as if it still fires.</summary>
    private static readonly string[] UsualSeverities = ["critical", "warning"];

    [Function("CheckReadiness")]
    public async Task RunAsync([TimerTrigger("15 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        foreach (var dependency in await checks.RunAsync(cancellationToken))
        {
            if (!dependency.Healthy) Log.NotReady(logger, dependency.Name, dependency.Detail);
        }

        await StorageError.CatchOutageAsync(() => MeasureAsync(cancellationToken), reason => Log.NotMeasured(logger, reason), cancellationToken);
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        metrics.RecordBehind(await sources.GetLagAsync(cancellationToken));
        var firing = await alerts.CountFiringAsync(cancellationToken);
        foreach (var severity in firing.Keys.Union(UsualSeverities, StringComparer.OrdinalIgnoreCase))
            metrics.RecordFiring(severity, firing.GetValueOrDefault(severity));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Dependency} is not ready: {Detail}")]
        public static partial void NotReady(ILogger logger, string dependency, string detail);

        [LoggerMessage(2, LogLevel.Warning, "Could not measure firing alerts and the lag of applying. Will retry in five minutes: {Reason}")]
        public static partial void NotMeasured(ILogger logger, string reason);
    }
}
