using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

/// <summary>Gives the planner with the connection's policy. With the mode off nothing is read.</summary>
public sealed class PagerDutyPlanners(IPagingPolicySource policies, AlertPolicy modes, IOptions<PagerDutyOptions> options) : IPlannerProvider
{
    private readonly PagingHeaders _headers = PagingHeaders.Of(options.Value);
    private PagerDutyPlanner? _latest;

    public Destination Destination => Destination.PagerDuty;

    public IDestinationPlanner Restore(string settings)
    {
        var (policy, headers) = PagerDutyPlannerSettings.Read(settings);
        return new PagerDutyPlanner(policy, headers);
    }

    public async ValueTask<IDestinationPlanner?> GetAsync(CancellationToken cancellationToken) =>
        modes.PagerDuty == DestinationMode.Off ? null : await FindAsync(cancellationToken);

    /// <summary>For a preview while PagerDuty is not connected: without keys, and with the default of everything.</summary>
    internal PagerDutyPlanner Unconnected => new(new PagingPolicy(), _headers);

    /// <returns>Whatever the mode is; null while PagerDuty is not connected.</returns>
    internal async ValueTask<PagerDutyPlanner?> FindAsync(CancellationToken cancellationToken)
    {
        if (await policies.GetAsync(cancellationToken) is not { } policy) return null;
        if (_latest is { } known && ReferenceEquals(known.Policy, policy)) return known;
        return _latest = new PagerDutyPlanner(policy, _headers);
    }
}
