using BigPanda.Functions.Alerts;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;

namespace BigPanda.Functions.Resolution;

/// <summary>What BigPanda's answer means for an action.</summary>
internal static class ActionDecision
{
    public const string Callback = "callback";

    /// <summary>That BigPanda accepts a key does not say whether its role has the permission now: only trying again does.</summary>
    private static readonly TimeSpan RoleTriedAgainAfter = TimeSpan.FromHours(1);

    /// <param name="what">"close", "comment" or "callback".</param>
    /// <param name="attempt">The attempt that got this answer, from 1.</param>
    public static ActionAttempt Of(string what, ApiOutcome outcome, int attempt) => outcome.Result switch
    {
        ApiResult.Done => new(ActionResult.Accepted, $"BigPanda has taken the {what}"),
        ApiResult.NotSent => ActionAttempt.NothingToReport(outcome.Detail),
        ApiResult.Conflict when what == Callback => new(ActionResult.Accepted, "BigPanda had the callback already"),
        ApiResult.NotFound when what == Callback =>
            new(ActionResult.Failed, $"BigPanda does not know the incident or has no callback service for the integration ({outcome.Detail})"),
        ApiResult.Conflict => new(ActionResult.Closed, "the incident is closed in BigPanda already"),
        ApiResult.NotAllowed => new(ActionResult.Parked, $"{Obstacle(outcome)}; the {what} waits until that is fixed", outcome.Status == 403 ? RoleTriedAgainAfter : null),
        ApiResult.NotFound => new(ActionResult.Failed, $"BigPanda does not know the incident: most likely a wrong region or environment ({outcome.Detail})"),
        ApiResult.Rejected => new(ActionResult.Failed, $"BigPanda refuses the {what} ({outcome.Detail})"),
        _ => Later(outcome, attempt),
    };

    private static ActionAttempt Later(ApiOutcome outcome, int attempt) => attempt >= RetrySchedule.ActingInBigPanda.Tries
        ? new(ActionResult.Failed, $"given up after {attempt} attempts; the last one: {outcome.Detail}")
        : new(
            ActionResult.Retrying, $"attempt {attempt} failed and will be repeated: {outcome.Detail}",
            RetrySchedule.ActingInBigPanda.GetDelay(attempt, outcome.RetryAfter, Random.Shared.NextDouble()));

    private static string Obstacle(ApiOutcome outcome) => outcome.Status switch
    {
        401 => $"BigPanda rejects the API key ({outcome.Detail})",
        403 => $"the API key's role may not act on incidents in this environment ({outcome.Detail})",
        _ => outcome.Detail,
    };
}

/// <param name="Result">Null when there is nothing to report.</param>
/// <param name="After">How long to leave BigPanda alone with this action.</param>
internal sealed record ActionAttempt(ActionResult? Result, string Detail, TimeSpan? After = null)
{
    public static ActionAttempt NothingToReport(string why) => new(null, why);
}
