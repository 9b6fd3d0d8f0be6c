using BigPanda.Functions.Actions;
using BigPanda.Functions.Outbound;

namespace BigPanda.Functions.Vendors.BigPanda.Actions;

/// <summary>Decides from BigPanda's response what came of an attempt.</summary>
internal static class ActionDecision
{
    /// <summary>BigPanda has no call that tells whether a role has got a permission: only another attempt does.</summary>
    private static readonly TimeSpan ForbiddenRetryAfter = TimeSpan.FromHours(1);

    /// <param name="what">"close", "comment" or "callback".</param>
    public static ActionAttempt Of(string what, ApiOutcome outcome) => outcome.Result switch
    {
        ApiResult.Done => new ActionAttempt.Done($"BigPanda accepted the {what}"),
        ApiResult.NotSent => new ActionAttempt.Moot(outcome.Detail),
        ApiResult.Conflict when what == SendCallbackAction.Kind => new ActionAttempt.Done("BigPanda already had the callback"),
        ApiResult.NotFound when what == SendCallbackAction.Kind =>
            new ActionAttempt.Fail($"BigPanda does not know the incident, or the integration has no callback service ({outcome.Detail})"),
        ApiResult.Conflict => new ActionAttempt.Confirmed("the incident is already closed in BigPanda"),
        ApiResult.NotAllowed => new ActionAttempt.Park(
            $"{Obstacle(outcome)}; the {what} is parked until that is fixed", outcome.Status == 403 ? ForbiddenRetryAfter : TimeSpan.Zero),
        ApiResult.NotFound => new ActionAttempt.Fail($"BigPanda does not know the incident: most likely a wrong region or environment ({outcome.Detail})"),
        ApiResult.Rejected => new ActionAttempt.Fail($"BigPanda rejected the {what} ({outcome.Detail})"),
        _ => new ActionAttempt.Retry(outcome.Detail, outcome.RetryAfter, IsUnanswered: outcome.MayBeDone),
    };

    private static string Obstacle(ApiOutcome outcome) => outcome.Status switch
    {
        401 => $"BigPanda rejected the API key ({outcome.Detail})",
        403 => $"the API key's role lacks the permission Incident Actions in this environment ({outcome.Detail})",
        _ => outcome.Detail,
    };
}
