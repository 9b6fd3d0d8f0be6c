using BigPanda.Functions.Alerts.Rules;

namespace BigPanda.Functions.Actions;

/// <summary>Gives the planner with the policy of the moment.</summary>
public interface IPlannerProvider
{
    Destination Destination { get; }

    /// <summary>The planner as it was with these <see cref="IDestinationPlanner.Settings"/>.</summary>
    /// <exception cref="FormatException">This build cannot read them.</exception>
    IDestinationPlanner Restore(string settings);

    /// <returns>Null when the destination is off or not connected: nothing is planned.</returns>
    ValueTask<IDestinationPlanner?> GetAsync(CancellationToken cancellationToken);
}
