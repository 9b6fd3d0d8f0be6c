using BigPanda.Functions.Sources.Traffic;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Sources.Gate;

/// <summary>
/// Refreshes this instance's sources every 20 seconds and saves its counts every minute. A background service, since Azure runs a timer function
/// on one instance only.
/// </summary>
internal sealed partial class SourceMaintenance(
    SourceCatalog catalog, SourceUsageStore usages, AppliedDeliveries applied, SourceCheck check, TimeProvider time, ILogger<SourceMaintenance> logger)
    : BackgroundService
{
    /// <summary>A source created on another instance works here within half a minute.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    private const int RoundsPerSave = 3;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SaveAsync(cancellationToken);
    }

    internal async Task SaveAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in catalog.Entries.Append(catalog.Unknown))
        {
            var sample = entry.Traffic.Take() with { LastAppliedAt = applied.Take(entry.Source.Id) };
            if (sample.IsEmpty) continue;
            try
            {
                await usages.AddAsync(entry.Source.Id, sample, time.GetUtcNow(), cancellationToken);
            }
            catch (Exception e) when (cancellationToken.IsCancellationRequested || StorageError.IsOutageOrRefusal(e))
            {
                entry.Traffic.GiveBack(sample);
                if (sample.LastAppliedAt is { } at) applied.Add(entry.Source.Id, at);
                Log.NotSaved(logger, StorageError.Describe(e));
                return;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval, time);
            for (var round = 1; ; round++)
            {
                await catalog.RefreshAsync(stoppingToken);
                if (round % RoundsPerSave == 0)
                {
                    await SaveAsync(stoppingToken);
                    await check.CheckAsync(stoppingToken);
                }

                await timer.WaitForNextTickAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Could not save the sources' traffic; it is kept in memory. Will retry in a minute: {Reason}")]
        public static partial void NotSaved(ILogger logger, string reason);
    }
}
