using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Reconciliation;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Vendors.BigPanda.Reconciliation;

/// <summary>Compares the alerts with BigPanda: a search shows the active incidents, and each one that it leaves open is asked for.</summary>
public sealed class BigPandaComparison(
    AlertIndex index, ActiveIncidents search, IncidentComparison incidents, CredentialCache<BigPandaCredential> credentials, TimeProvider time)
    : IReconciledSystem
{
    public string Name => BigPandaApi.Called.Name;

    async Task<Comparison> IReconciledSystem.CompareAsync(Comparison? last, CancellationToken limit, CancellationToken cancellationToken)
    {
        var comparison = new Comparison(Name);
        if (await credentials.GetAsync(cancellationToken) is not { } credential) return comparison with { Problems = [BigPandaClient.NoKey] };

        var firing = await index.ListFiringAsync(cancellationToken);
        var environments = SearchedEnvironment.Collect(
            last?.Environments ?? [], firing.Values.Append(credential.DefaultEnvironmentId), time.GetUtcNow());
        comparison = comparison with { Open = firing.Count, Environments = environments };
        var claim = new CallClaim(CallPriority.Idle, limit);
        try
        {
            var (active, problems) = await search.SearchAsync(environments.Select(known => known.Id), claim, cancellationToken);
            comparison = comparison with { Problems = problems };
            return await comparison.ThroughAsync(
                firing.Keys.Except(active.Keys).Concat(active.Keys.Except(firing.Keys)),
                last?.Cursor,
                id => active.TryGetValue(id, out var changedAt)
                    ? incidents.CompareActiveAsync(id, changedAt, claim, cancellationToken)
                    : incidents.CompareFiringAsync(id, claim, cancellationToken));
        }
        catch (TurnTimeoutException)
        {
            return comparison with { Cursor = last?.Cursor ?? "", Problems = [Walk.NotInTime] };
        }
    }
}
