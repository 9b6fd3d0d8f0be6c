using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;

namespace BigPanda.Functions.Actions;

/// <summary>An action as received from the queue.</summary>
/// <param name="Attempt">The number of this attempt, from 1.</param>
/// <param name="IsVerification">The destination has accepted the action; this delivery verifies that it took effect.</param>
/// <param name="MayHaveBeenSent">
/// An earlier attempt, or an interrupted delivery, may have reached the destination. An interrupted one does not count as an attempt: most of them only
/// waited for the rate limit, and to know which did more would take a table write between the last check that a close is wanted and its call.
/// </param>
/// <param name="MayBeDone">
/// An earlier call may have been carried out, since its delivery was interrupted or released without its result, or it got no answer. A return to the queue
/// without a call is none of these.
/// </param>
/// <param name="AttemptsBeforeReplay">How many earlier attempts do not count towards the schedule: a person has replayed the action since.</param>
/// <param name="WaitLimit">Ends the wait for the rate limit while the message's lock can still be renewed.</param>
public sealed record ActionDelivery(
    AlertAction Action, int Attempt, bool IsVerification = false, bool MayHaveBeenSent = false, bool MayBeDone = false, int AttemptsBeforeReplay = 0,
    CancellationToken WaitLimit = default)
{
    /// <summary>The number of this attempt in the schedule, from 1.</summary>
    public int ScheduledAttempt => Math.Max(1, Attempt - AttemptsBeforeReplay);

    /// <summary>The time in the report that the parked action is sent again; null when it was not parked.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>
    /// To be called directly before a call that must not be repeated unasked. If this delivery ends without a settlement of that call's result, because the
    /// host stops or the report cannot be sent, then the next one knows that the call may have been carried out.
    /// </summary>
    public Action NoteCall { get; init; } = () => { };

    /// <summary>The attempts made before this one that the message counts.</summary>
    public int Attempts => Attempt - 1 - Action.AttemptsBefore;

    /// <summary>Those of them that were made before a replay.</summary>
    public int CountedBeforeReplay => Math.Max(0, AttemptsBeforeReplay - Action.AttemptsBefore);

    internal static ActionDelivery Of(Delivery received, CancellationToken waitLimit)
    {
        var action = ActionMessages.Read(received.Message);
        var attempts = received.Count(MessageProperties.Attempts) + action.AttemptsBefore;
        return new ActionDelivery(
            action, attempts + 1, received.Text(MessageProperties.Stage) is not null,
            MayHaveBeenSent: attempts > 0 || received.MayHaveRun || received.IsSentAgain,
            MayBeDone: received.Interruptions > 0 || received.IsSentAgain || received.OnRelease.ContainsKey(MessageProperties.Unanswered)
                || received.Message.ApplicationProperties.ContainsKey(MessageProperties.Unanswered),
            AttemptsBeforeReplay: received.Count(MessageProperties.AttemptsBeforeReplay) > 0 ? attempts - received.AttemptsSinceReplay : 0,
            waitLimit)
        {
            ReleasedAt = received.Time(MessageProperties.ReleasedAt),
            NoteCall = () => received.OnRelease[MessageProperties.Unanswered] = true,
        };
    }

    /// <summary>The time of a report of this attempt: behind that of the release, which another instance's clock may have made.</summary>
    internal DateTimeOffset ReportTime(DateTimeOffset now) => ReleasedAt + ActionReports.Next is { } behind && behind > now ? behind : now;
}
