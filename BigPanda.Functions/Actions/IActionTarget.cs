using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;

namespace BigPanda.Functions.Actions;

/// <summary>A destination as the runner knows it: what its responses mean is the target's, what follows from that is the runner's.</summary>
public interface IActionTarget
{
    Destination Destination { get; }

    /// <summary>For people.</summary>
    string Name { get; }

    /// <summary>The delays between the attempts of an action.</summary>
    RetrySchedule Schedule { get; }

    /// <summary>Makes one attempt. Reporting is separate, so that it can be retried without a second call of the destination.</summary>
    /// <exception cref="MessageUnreadableException">This build does not know the action.</exception>
    Task<ActionAttempt> TryAsync(ActionDelivery delivery, CancellationToken cancellationToken);

    /// <summary>Why the action is no longer wanted, by what is stored here; null while it is.</summary>
    /// <exception cref="MessageUnreadableException">This build does not know the action.</exception>
    Task<string?> FindObjectionAsync(ActionDelivery delivery, CancellationToken cancellationToken);

    /// <summary>Whether a parked action may succeed. At most one call a minute, however many actions ask.</summary>
    /// <exception cref="MessageUnreadableException">This build does not know the action.</exception>
    Task<bool> CanRunAsync(ActionDelivery delivery, CancellationToken cancellationToken);

    /// <summary>Asks the destination, once for all parked actions, whether it accepts calls.</summary>
    /// <returns>Sentences that say why not and what to do, to follow a colon; null if it does.</returns>
    Task<string?> FindObstacleAsync(CancellationToken cancellationToken);
}
