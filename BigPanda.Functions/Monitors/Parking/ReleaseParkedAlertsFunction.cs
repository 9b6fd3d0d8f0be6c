using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Monitors.Parking;

/// <summary>Once a minute: sends parked alerts again where BigPanda accepts them. Without a monitor among the sources it reads nothing.</summary>
public sealed partial class ReleaseParkedAlertsFunction(
    SourceCatalog catalog, ParkedAlertRelease release, AppMetrics metrics, TimeProvider time, ILogger<ReleaseParkedAlertsFunction> logger)
{
    [Function("ReleaseParkedAlerts")]
    public async Task RunAsync([TimerTrigger("45 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await catalog.EnsureLoadedAsync(cancellationToken);
        var monitors = catalog.IdsOf(SourceKind.Monitor);
        if (monitors.Count == 0) return;
        var waiting = await Task.WhenAll(monitors.Select(monitor => ReleaseAsync(monitor, cancellationToken)));
        if (waiting.Contains(null)) return;
        var now = time.GetUtcNow();
        metrics.RecordParkedAlerts(waiting.Sum(one => one?.Alerts ?? 0), waiting.Max(one => now - (one?.Oldest ?? now)));
    }

    /// <returns>What had been waiting; null in an outage.</returns>
    private Task<ParkedCount?> ReleaseAsync(string sourceId, CancellationToken cancellationToken) => StorageError.CatchOutageAsync<ParkedCount?>(
        async () => await release.RunAsync(sourceId, cancellationToken),
        reason =>
        {
            Log.NotReleased(logger, sourceId, reason);
            return null;
        },
        cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Source {SourceId}: could not send its parked alerts. Will retry in a minute: {Reason}")]
        public static partial void NotReleased(ILogger logger, string sourceId, string reason);
    }
}
