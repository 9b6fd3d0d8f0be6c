using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Outbound.Limiter;

namespace BigPanda.Functions.Vendors.BigPanda.Actions;

/// <summary>An action as received from the queue.</summary>
/// <param name="Attempt">The number of this attempt, from 1.</param>
/// <param name="IsVerification">BigPanda has accepted the close; this delivery verifies that the incident is closed.</param>
/// <param name="MayHaveBeenSent">
/// An earlier attempt, or an interrupted delivery, may have reached BigPanda. An interrupted one does not count as an attempt: most of them only
/// waited for the rate limit, and to know which did more would take a table write between the last check that a close is wanted and its call.
/// </param>
/// <param name="MayBeDone">
/// For a close: an earlier call may have been carried out, since its delivery was interrupted or it got no answer. A return to the queue without a call is
/// none of these.
/// </param>
/// <param name="WaitLimit">Ends the wait for the rate limit while the message's lock can still be renewed.</param>
internal sealed record ActionDelivery(
    AlertAction Action, int Attempt, bool IsVerification = false, bool MayHaveBeenSent = false, bool MayBeDone = false, CancellationToken WaitLimit = default)
{
    /// <summary>The attempts made before this one that the message counts.</summary>
    public int Attempts => Attempt - 1 - Action.AttemptsBefore;

    public CallClaim Claim => new(Priority, WaitLimit);

    private CallPriority Priority => Action.Kind switch
    {
        ActionKinds.Close when IsVerification => CallPriority.Low,
        ActionKinds.Close => CallPriority.Urgent,
        SendCallbackAction.Kind => CallPriority.High,
        _ => CallPriority.Normal,
    };
}
