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

    /// <returns>
    /// The incidents with BigPanda's times of their last changes; the environments that were read whole; and why others were not.
    /// </returns>
    internal async Task<ActiveSearch> SearchAsync(
        IEnumerable<string> environments, CallClaim claim, CancellationToken cancellationToken)
    {
        Dictionary<string, ActiveIncident> active = [];
        HashSet<string> read = [];
        List<string> problems = [];
        foreach (var environment in environments)
        {
            try
            {
                var outcome = await SearchAsync(environment, active, claim, cancellationToken);
                if (outcome.Result == ApiResult.Done) read.Add(environment);
                else problems.Add($"environment {environment}: {outcome.Detail}");
            }
            catch (TurnTimeoutException)
            {
                problems.Add($"environment {environment}: not searched whole in time");
                break;
            }
        }

        return new ActiveSearch(active, read, problems);
    }

    private async Task<ApiOutcome> SearchAsync(
        string environment, Dictionary<string, ActiveIncident> active, CallClaim claim, CancellationToken cancellationToken)
    {
        // BigPanda does not say whether the first page is 0 or 1.
        for (var page = 0; ; page++)
        {
            var (outcome, found) = await bigPanda.SearchActiveAsync(claim, environment, page, PageSize, cancellationToken);
            if (found is null && page == 0 && outcome.Result == ApiResult.Rejected) continue;
            if (found is null) return outcome;
            foreach (var (id, state) in found.Where(one => one.State.IsActive)) active[id] = new ActiveIncident(state.ChangedAt, environment);
            if ((found.Count < PageSize && page > 0) || page == LastPage) return outcome;
        }
    }
}

/// <param name="ChangedAt">By BigPanda's clock.</param>
/// <param name="EnvironmentId">One in which the search found it.</param>
internal sealed record ActiveIncident(DateTimeOffset? ChangedAt, string EnvironmentId);

/// <param name="Read">The environments that were searched whole.</param>
internal sealed record ActiveSearch(
    IReadOnlyDictionary<string, ActiveIncident> Incidents, IReadOnlySet<string> Read, IReadOnlyList<string> Problems);
