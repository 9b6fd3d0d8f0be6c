using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Outbound;

namespace BigPanda.Functions.Vendors.BigPanda.Actions;

/// <summary>Decides from BigPanda's response what becomes of an action. The details appear in the alert's timeline.</summary>
internal static class ActionDecision
{
    /// <summary>BigPanda has no call that tells whether a role has got a permission: only another attempt does.</summary>
    private static readonly TimeSpan ForbiddenRetryAfter = TimeSpan.FromHours(1);

    /// <param name="what">"close", "comment" or "callback".</param>
    /// <param name="attempt">The attempt that got this response, from 1.</param>
    public static ActionAttempt Of(string what, ApiOutcome outcome, int attempt) => outcome.Result switch
    {
        ApiResult.Done => new(ActionResult.Accepted, $"BigPanda accepted the {what}"),
        ApiResult.NotSent => ActionAttempt.NothingToReport(outcome.Detail),
        ApiResult.Conflict when what == SendCallbackAction.Kind => new(ActionResult.Accepted, "BigPanda already had the callback"),
        ApiResult.NotFound when what == SendCallbackAction.Kind =>
            new(ActionResult.Failed, $"BigPanda does not know the incident, or the integration has no callback service ({outcome.Detail})"),
        ApiResult.Conflict => new(ActionResult.Closed, "the incident is already closed in BigPanda"),
        ApiResult.NotAllowed =>
            new(ActionResult.Parked, $"{Obstacle(outcome)}; the {what} is parked until that is fixed", outcome.Status == 403 ? ForbiddenRetryAfter : null),
        ApiResult.NotFound => new(ActionResult.Failed, $"BigPanda does not know the incident: most likely a wrong region or environment ({outcome.Detail})"),
        ApiResult.Rejected => new(ActionResult.Failed, $"BigPanda rejected the {what} ({outcome.Detail})"),
        _ => RetryOrFail(outcome, attempt),
    };

    private static ActionAttempt RetryOrFail(ApiOutcome outcome, int attempt) => attempt >= RetrySchedule.ActingInBigPanda.Tries
        ? new(ActionResult.Failed, $"failed after {attempt} attempts; the last error: {outcome.Detail}")
        : new(
            ActionResult.Retrying, $"attempt {attempt} failed and will be retried: {outcome.Detail}",
            RetrySchedule.ActingInBigPanda.GetDelay(attempt, outcome.RetryAfter, Random.Shared.NextDouble()), IsUnanswered(outcome));

    private static bool IsUnanswered(ApiOutcome outcome) => outcome.Status is null or >= 500;

    private static string Obstacle(ApiOutcome outcome) => outcome.Status switch
    {
        401 => $"BigPanda rejected the API key ({outcome.Detail})",
        403 => $"the API key's role lacks the permission Incident Actions in this environment ({outcome.Detail})",
        _ => outcome.Detail,
    };
}

/// <param name="Result">Null when there is nothing to report to the alert.</param>
/// <param name="After">The least time before the next attempt.</param>
/// <param name="IsUnanswered">The call may have been carried out.</param>
internal sealed record ActionAttempt(ActionResult? Result, string Detail, TimeSpan? After = null, bool IsUnanswered = false)
{
    public static ActionAttempt NothingToReport(string why) => new(null, why);
}
