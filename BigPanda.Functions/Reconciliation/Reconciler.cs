using System.Text.Json;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;

namespace BigPanda.Functions.Reconciliation;

/// <summary>
/// Finds alerts that do not agree with BigPanda, which sends each webhook once, or with PagerDuty, which may stop sending them, and sends what their APIs show
/// to the alerts as events. The calls are made only while no other call waits, one a second at most.
/// </summary>
public sealed class Reconciler(IEnumerable<IReconciledSystem> systems, MessageSender sender, AppMetrics metrics, TimeProvider time)
{
    private const int MaxText = 200;
    private const int MaxProblems = 10;

    /// <summary>The next run continues where this one ended. Well below the function's timeout.</summary>
    private static readonly TimeSpan RunsFor = TimeSpan.FromMinutes(4);

    /// <summary>
    /// More incidents at once that BigPanda does not know mean another organisation's key rather than so many deletions: nothing is resolved for them.
    /// </summary>
    internal int MaxGone { get; init; } = 20;

    /// <param name="last">The report of the run before; null for the first.</param>
    internal async Task<ReconcilerReport> RunAsync(ReconcilerReport? last, bool isDryRun, CancellationToken cancellationToken)
    {
        var startedAt = time.GetUtcNow();
        using var limit = new CancellationTokenSource(RunsFor, time);
        // Each system has separate call slots.
        var compared = await Task.WhenAll(systems.Select(system => CompareAsync(
            system, last?.Systems.FirstOrDefault(before => before.System == system.Name), isDryRun, limit.Token, cancellationToken)));
        var items = await RepairAsync([.. compared.SelectMany(system => system.Found)], isDryRun, cancellationToken);
        return new ReconcilerReport
        {
            StartedAt = startedAt,
            EndedAt = time.GetUtcNow(),
            IsDryRun = isDryRun,
            RepairedAt = isDryRun ? last?.RepairedAt : startedAt,
            Systems = [.. compared.Select(system => system with { Problems = Shorten(system.Problems) })],
            Counts = items.CountBy(item => item.Kind).ToDictionary(),
            Items = [.. items.OrderBy(item => item.Kind).Take(ReconcilerReport.MaxItems)],
        };
    }

    /// <summary>An outage of what one system needs leaves the others.</summary>
    private static async Task<Comparison> CompareAsync(
        IReconciledSystem system, Comparison? last, bool isDryRun, CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            return await system.CompareAsync(last, isDryRun, limit, cancellationToken);
        }
        catch (Exception e) when (StorageError.IsOutageOrRefusal(e))
        {
            return (last ?? new Comparison(system.Name)) with { Compared = 0, Problems = [StorageError.Describe(e)], Found = [] };
        }
    }

    private async Task<IReadOnlyList<ReportedDrift>> RepairAsync(List<Drift> found, bool isDryRun, CancellationToken cancellationToken)
    {
        var holdsGone = found.Count(drift => drift.Kind == DriftKind.Gone) > MaxGone;
        List<ReportedDrift> items = [];
        foreach (var drift in found)
        {
            var result = drift switch
            {
                { IsRepairable: false } => DriftResult.Reported,
                { Kind: DriftKind.Gone } when holdsGone => DriftResult.Held,
                _ => isDryRun ? DriftResult.WouldRepair : DriftResult.Repaired,
            };
            if (result == DriftResult.Repaired) await RepairAsync(drift, cancellationToken);
            metrics.CountDrift(NameOf(drift.Kind), NameOf(result));
            items.Add(new ReportedDrift(drift.IncidentId, drift.Kind, result, Shorten(drift.Detail)));
        }

        return items;
    }

    private async Task RepairAsync(Drift drift, CancellationToken cancellationToken)
    {
        if (drift.Repair is { } repair) await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.OfSeen(repair), cancellationToken);
        if (drift.Create is { } create) await create(cancellationToken);
    }

    private static IReadOnlyList<string> Shorten(IReadOnlyList<string> problems) => problems.Count <= MaxProblems
        ? [.. problems.Select(Shorten)]
        : [.. problems.Take(MaxProblems).Select(Shorten), $"and {problems.Count - MaxProblems} more"];

    private static string Shorten(string text) => Wording.Shorten(text, MaxText);

    /// <summary>As in reports.</summary>
    private static string NameOf(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
