using BigPanda.Functions.Alerts.Rules;

namespace BigPanda.Functions.Actions;

/// <summary>Gives the planner with the policy of the moment.</summary>
public interface IPlannerProvider
{
    /// <returns>Null when the destination is off or not connected: nothing is planned.</returns>
    ValueTask<IDestinationPlanner?> GetAsync(CancellationToken cancellationToken);
}
