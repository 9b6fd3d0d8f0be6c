using BigPanda.Functions.Alerts;
using BigPanda.Functions.BigPandaApi;

namespace BigPanda.Functions.Resolution;

/// <summary>An action as a message brought it.</summary>
/// <param name="Attempt">The attempt that this delivery is, from 1.</param>
/// <param name="IsVerification">BigPanda has taken the close before: ask whether the incident is closed.</param>
/// <param name="MayHaveBeenSent">
/// An earlier attempt, or a delivery that broke off, may have reached BigPanda. A broken-off one is not counted as an attempt: most of them only waited
/// for their turn, and which did more could be known only by a table write before each call, in the very time that a close may become unwanted in.
/// </param>
/// <param name="Patience">Ends the waits for a turn while the message's lock can still be renewed.</param>
internal sealed record ActionDelivery(AlertAction Action, int Attempt, bool IsVerification = false, bool MayHaveBeenSent = false, CancellationToken Patience = default)
{
    /// <summary>How many attempts the message has behind it.</summary>
    public int Attempts => Attempt - 1 - (Action is CloseIncidentAction close ? close.AttemptsBefore : 0);

    public CallClaim Claim => new(Priority, Patience);

    /// <summary>"close", "comment" or "callback".</summary>
    public string Name => Action switch
    {
        CloseIncidentAction => "close",
        SendCallbackAction => ActionDecision.Callback,
        _ => "comment",
    };

    private CallPriority Priority => Action switch
    {
        CloseIncidentAction when IsVerification => CallPriority.Verification,
        CloseIncidentAction => CallPriority.Close,
        SendCallbackAction => CallPriority.Callback,
        _ => CallPriority.Comment,
    };
}
