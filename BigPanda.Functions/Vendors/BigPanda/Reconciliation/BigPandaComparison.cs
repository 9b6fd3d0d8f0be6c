using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Reconciliation;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Vendors.BigPanda.Reconciliation;

/// <summary>Compares the alerts with BigPanda: a search shows the active incidents, and each one that it leaves open is asked for.</summary>
public sealed class BigPandaComparison(
    AlertIndex index, ActiveIncidents search, IncidentComparison incidents, MissingIncidents missing, ActionEnvironments usual,
    CredentialCache<BigPandaCredential> credentials, TimeProvider time) : IReconciledSystem
{
    /// <summary>Half of a run: with many incidents the search alone would use it up, and nothing would be compared.</summary>
    private static readonly TimeSpan SearchesFor = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    public string Name => BigPandaApi.Called.Name;

    async Task<Comparison> IReconciledSystem.CompareAsync(Comparison? last, bool isDryRun, CancellationToken limit, CancellationToken cancellationToken)
    {
        var comparison = last ?? new Comparison(Name);
        if (await credentials.GetAsync(cancellationToken) is null)
            return comparison with { Open = 0, Compared = 0, Problems = [BigPandaClient.NoKey], Found = [] };

        var firing = await index.ListFiringAsync(cancellationToken);
        var environments = await ListEnvironmentsAsync(comparison.Environments, firing.Values, cancellationToken);
        using var searchLimit = new CancellationTokenSource(SearchesFor, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit, searchLimit.Token);
        var active = await search.SearchAsync(environments.Select(known => known.Id), new CallClaim(CallPriority.Idle, either.Token), cancellationToken);
        comparison = new Comparison(Name)
        {
            ShareTargets = comparison.ShareTargets,
            Open = firing.Count,
            Problems = active.Problems,
            // Those that were not searched are the first of the next run.
            Environments = [.. environments.OrderBy(known => active.Read.Contains(known.Id))],
        };
        var claim = new CallClaim(CallPriority.Idle, limit);
        var shares = new ReportedShares(last?.ShareTargets ?? [], isDryRun);
        var found = await comparison.ThroughAsync(
            firing.Keys.Except(active.Incidents.Keys).Concat(active.Incidents.Keys.Except(firing.Keys)),
            last?.Cursor,
            id => active.Incidents.TryGetValue(id, out var incident)
                ? CompareActiveAsync(id, incident, shares, claim, cancellationToken)
                : incidents.CompareFiringAsync(id, active.Read, claim, cancellationToken),
            limit);
        return found with { ShareTargets = shares.Targets };
    }

    private async Task<Drift?> CompareActiveAsync(
        string id, ActiveIncident incident, ReportedShares shares, CallClaim claim, CancellationToken cancellationToken)
    {
        var drift = await incidents.CompareActiveAsync(id, incident.ChangedAt, claim, cancellationToken);
        return drift is { Kind: DriftKind.Missing } ? await missing.CompareAsync(id, incident, shares, claim, cancellationToken) : drift;
    }

    /// <summary>Where alerts fire, or have fired lately, also between two runs; and the one that is used where none is known.</summary>
    private async Task<IReadOnlyList<SearchedEnvironment>> ListEnvironmentsAsync(
        IReadOnlyList<SearchedEnvironment> before, IEnumerable<string?> firing, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var since = before.Count == 0 ? now - SearchedEnvironment.Kept : before.Max(known => known.SeenAt) - Overlap;
        var resolved = await index.ListResolvedEnvironmentsAsync(since, cancellationToken);
        return SearchedEnvironment.Collect(before, [.. firing, .. resolved, .. await usual.ListAsync([], cancellationToken)], now);
    }
}
