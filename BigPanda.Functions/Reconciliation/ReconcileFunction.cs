using BigPanda.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Reconciliation;

/// <summary>Every minute: runs the reconciler when it is due, or when a run was asked for.</summary>
public sealed partial class ReconcileFunction(
    Reconciler reconciler, ReconcilerStore store, IOptions<ReconcilerOptions> options, TimeProvider time, ILogger<ReconcileFunction> logger)
{
    [Function("Reconcile")]
    public Task RunAsync([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        StorageError.CatchOutageAsync(() => RunIfDueAsync(cancellationToken), reason => Log.Interrupted(logger, reason), cancellationToken);

    private async Task RunIfDueAsync(CancellationToken cancellationToken)
    {
        var state = await store.LoadAsync(cancellationToken);
        if (state.Request is null && !IsDue(state.Report)) return;
        var report = await reconciler.RunAsync(state.Report, state.Request?.IsDryRun ?? options.Value.Mode != ReconcilerOptions.On, cancellationToken);
        await store.SaveAsync(report, state.Request, cancellationToken);
        foreach (var item in report.Items.Where(item => Drift.IsLoss(item.Kind)))
            Log.Found(logger, item.IncidentId, item.Detail, item.Result);
        foreach (var (system, problem) in report.Systems.SelectMany(one => one.Problems.Select(problem => (one.System, problem))))
            Log.Problem(logger, system, problem);
    }

    /// <summary>Half a minute early, since a timer that fires a moment too soon would wait for another minute.</summary>
    private bool IsDue(ReconcilerReport? last)
    {
        if (options.Value.Mode == ReconcilerOptions.Off) return false;
        // A dry run that was asked for does not delay the next repair.
        var before = options.Value.Mode == ReconcilerOptions.On ? last?.RepairedAt : last?.StartedAt;
        return !(time.GetUtcNow() - before < TimeSpan.FromMinutes(options.Value.IntervalMinutes) - TimeSpan.FromSeconds(30));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Incident {IncidentId}: {Difference}. A webhook was lost. Reconciler: {Result}")]
        public static partial void Found(ILogger logger, string incidentId, string difference, DriftResult result);

        [LoggerMessage(2, LogLevel.Information, "The reconciler could not compare everything with {System}: {Problem}")]
        public static partial void Problem(ILogger logger, string system, string problem);

        [LoggerMessage(3, LogLevel.Warning, "Table Storage or the broker is unavailable: the reconciler was interrupted. Will run again in a minute: {Reason}")]
        public static partial void Interrupted(ILogger logger, string reason);
    }
}
