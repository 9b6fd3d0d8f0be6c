using BigPanda.Functions.Actions;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;

namespace BigPanda.Functions.Alerts.Retrying;

/// <summary>Finds the dead letter of an action. Peeking locks nothing.</summary>
public sealed class DeadActions(DeadLetterQueue letters)
{
    /// <summary>A replay reaches no further.</summary>
    private const int MostRead = HeldDeadLetters.MaxHeld;

    /// <returns>The newest; null without one among the first of its queue.</returns>
    internal async Task<DeadAction?> FindAsync(string queue, string incidentId, string actionId, CancellationToken cancellationToken)
    {
        DeadAction? newest = null;
        await foreach (var letter in letters.PeekAsync(queue, 0, cancellationToken).Take(MostRead))
        {
            if (Read(letter) is { } action && (action.Action.IncidentId, action.Action.ActionId) == (incidentId, actionId))
                newest = new DeadAction(queue, letter, action.Attempt);
        }

        return newest;
    }

    /// <returns>Null for what this build cannot read: whose it is is not known.</returns>
    private static ActionDelivery? Read(Delivery letter)
    {
        try
        {
            return ActionDelivery.Of(letter, CancellationToken.None);
        }
        catch (MessageUnreadableException)
        {
            return null;
        }
    }
}

/// <param name="Attempt">The number of the attempt that failed.</param>
internal sealed record DeadAction(string Queue, Delivery Letter, int Attempt);
