using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Vendors.BigPanda.Reconciler;

/// <summary>
/// Finds alerts that do not agree with BigPanda, which sends each webhook once, and sends what BigPanda shows to them as events. Its calls are made
/// only while no other call waits, one a second at most.
/// </summary>
public sealed class Reconciler(
    AlertIndex index, ActiveIncidents search, IncidentComparison comparison, CredentialCache<BigPandaCredential> credentials, MessageSender sender,
    AppMetrics metrics, TimeProvider time)
{
    /// <summary>The next run continues where this one ended. Well below the function's timeout.</summary>
    private static readonly TimeSpan RunsFor = TimeSpan.FromMinutes(4);

    /// <summary>
    /// More incidents at once that BigPanda does not know mean another organisation's key rather than so many deletions: nothing is resolved for them.
    /// </summary>
    internal int MaxGone { get; init; } = 20;

    /// <param name="last">The report of the run before; null for the first.</param>
    internal async Task<ReconcilerReport> RunAsync(ReconcilerReport? last, bool isDryRun, CancellationToken cancellationToken)
    {
        var report = new ReconcilerReport { StartedAt = time.GetUtcNow(), IsDryRun = isDryRun };
        if (await credentials.GetAsync(cancellationToken) is not { } credential)
            return report with { EndedAt = report.StartedAt, Problems = [BigPandaClient.NoKey] };

        var firing = await index.ListFiringAsync(cancellationToken);
        var environments = SearchedEnvironment.Collect(last?.Environments ?? [], firing.Values.Append(credential.DefaultEnvironmentId), report.StartedAt);
        using var limit = new CancellationTokenSource(RunsFor, time);
        var claim = new CallClaim(CallPriority.Idle, limit.Token);
        var run = new Run(last?.Cursor);
        var problems = new List<string>();
        try
        {
            (var active, var unread) = await search.SearchAsync(environments.Select(known => known.Id), claim, cancellationToken);
            problems.AddRange(unread);
            run.Begin(firing.Keys.Except(active.Keys).Concat(active.Keys.Except(firing.Keys)));
            foreach (var id in run.Ids)
            {
                var found = active.TryGetValue(id, out var changedAt)
                    ? await comparison.CompareActiveAsync(id, changedAt, claim, cancellationToken)
                    : await comparison.CompareFiringAsync(id, claim, cancellationToken);
                run.End(id, found);
            }
        }
        catch (TurnTimeoutException)
        {
            problems.Add("not all incidents were compared in time: the next run continues");
        }

        var items = await RepairAsync(run.Found, isDryRun, cancellationToken);
        return report with
        {
            EndedAt = time.GetUtcNow(),
            Firing = firing.Count,
            Compared = run.Compared,
            Cursor = run.Cursor,
            Environments = environments,
            Problems = problems,
            Counts = items.CountBy(item => DriftKinds.NameOf(item.Kind)).ToDictionary(),
            Items = [.. items.OrderBy(item => item.Kind).Take(ReconcilerReport.MaxItems)],
        };
    }

    private async Task<IReadOnlyList<ReportedDrift>> RepairAsync(IReadOnlyList<Drift> found, bool isDryRun, CancellationToken cancellationToken)
    {
        var holdsGone = found.Count(drift => drift.Kind == DriftKind.Gone) > MaxGone;
        List<ReportedDrift> items = [];
        foreach (var drift in found)
        {
            var result = drift switch
            {
                { Repair: null } => DriftResult.Reported,
                { Kind: DriftKind.Gone } when holdsGone => DriftResult.Held,
                _ => isDryRun ? DriftResult.WouldRepair : DriftResult.Repaired,
            };
            if (result == DriftResult.Repaired && drift.Repair is { } repair)
                await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(repair), cancellationToken);
            metrics.CountDrift(DriftKinds.NameOf(drift.Kind), result.ToString().ToLowerInvariant());
            items.Add(new ReportedDrift(drift.IncidentId, drift.Kind, result, drift.Detail));
        }

        return items;
    }

    /// <summary>Goes through the incidents in the order of their ids, from behind the last one of the run before, and once around.</summary>
    private sealed class Run(string? cursor)
    {
        private readonly List<Drift> _found = [];

        public List<string> Ids { get; private set; } = [];

        public IReadOnlyList<Drift> Found => _found;

        public int Compared { get; private set; }

        /// <summary>Null when all were compared.</summary>
        public string? Cursor { get; private set; } = cursor;

        public void Begin(IEnumerable<string> ids)
        {
            var sorted = ids.Order(StringComparer.Ordinal).ToList();
            var behind = sorted.FindIndex(id => string.CompareOrdinal(id, Cursor) > 0);
            Ids = behind <= 0 ? sorted : [.. sorted[behind..], .. sorted[..behind]];
            if (Ids.Count == 0) Cursor = null;
        }

        public void End(string id, Drift? found)
        {
            if (found is not null) _found.Add(found);
            Cursor = ++Compared == Ids.Count ? null : id;
        }
    }
}
