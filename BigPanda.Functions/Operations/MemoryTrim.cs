using Microsoft.Extensions.Hosting;

namespace BigPanda.Functions.Operations;

/// <summary>
/// Returns memory to the system after a burst of large webhooks or lists. An idle process allocates nothing, so the runtime does not collect and
/// would hold a gigabyte of garbage for hours on an instance with two.
/// </summary>
internal sealed class MemoryTrim(TimeProvider time) : BackgroundService
{
    internal const long UsualBytes = 160L * 1024 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    private long _threshold = UsualBytes;
    private int _collections = GC.CollectionCount(2);

    /// <summary>Collects when more than the threshold is committed and no collection ran since the last call. Memory in use raises the threshold.</summary>
    internal bool Run()
    {
        var collections = GC.CollectionCount(2);
        var isIdle = collections == _collections;
        _collections = collections;
        if (!isIdle || GC.GetGCMemoryInfo().TotalCommittedBytes <= _threshold) return false;

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _collections = GC.CollectionCount(2);
        _threshold = Math.Max(UsualBytes, GC.GetGCMemoryInfo().TotalCommittedBytes * 3 / 2);
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Run();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }
}
