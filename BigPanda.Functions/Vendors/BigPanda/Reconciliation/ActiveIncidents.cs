using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Vendors.BigPanda.Reconciliation;

/// <summary>The active incidents of the environments, as BigPanda's search shows them.</summary>
public sealed class ActiveIncidents(BigPandaClient bigPanda)
{
    private const int PageSize = 100;

    /// <summary>BigPanda's results stop at the 10,000th.</summary>
    private const int LastPage = 100;

    /// <returns>The incidents with BigPanda's times of their last changes; and why environments could not be read whole.</returns>
    internal async Task<(IReadOnlyDictionary<string, DateTimeOffset?> Incidents, IReadOnlyList<string> Problems)> SearchAsync(
        IEnumerable<string> environments, CallClaim claim, CancellationToken cancellationToken)
    {
        Dictionary<string, DateTimeOffset?> active = [];
        List<string> problems = [];
        foreach (var environment in environments)
        {
            var outcome = await SearchAsync(environment, active, claim, cancellationToken);
            if (outcome.Result != ApiResult.Done) problems.Add($"environment {environment}: {outcome.Detail}");
        }

        return (active, problems);
    }

    private async Task<ApiOutcome> SearchAsync(
        string environment, Dictionary<string, DateTimeOffset?> active, CallClaim claim, CancellationToken cancellationToken)
    {
        // BigPanda does not say whether the first page is 0 or 1.
        for (var page = 0; ; page++)
        {
            var (outcome, found) = await bigPanda.SearchActiveAsync(claim, environment, page, PageSize, cancellationToken);
            if (found is null && page == 0 && outcome.Result == ApiResult.Rejected) continue;
            if (found is null) return outcome;
            foreach (var (id, state) in found.Where(one => one.State.IsActive)) active[id] = state.ChangedAt;
            if ((found.Count < PageSize && page > 0) || page == LastPage) return outcome;
        }
    }
}
