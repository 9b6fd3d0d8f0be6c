using BigPanda.Functions.Alerts;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;

namespace BigPanda.Functions.Resolution;

/// <summary>What BigPanda's answer means for an action.</summary>
internal static class ActionDecision
{
    public const string Callback = "callback";

    /// <summary>A key that BigPanda accepts does not tell whether its role has been mended: only trying again does.</summary>
    private static readonly TimeSpan RoleTriedAgainAfter = TimeSpan.FromHours(1);

    /// <param name="what">"close", "comment" or "callback".</param>
    /// <param name="attempt">The attempt that got this answer, from 1.</param>
    public static ActionAttempt Of(string what, ApiOutcome outcome, int attempt)
    {
        var (result, detail) = outcome.Result switch
        {
            ApiResult.Done => (ActionResult.Accepted, $"BigPanda has taken the {what}"),
            ApiResult.Conflict when what == Callback => (ActionResult.Accepted, "BigPanda had the callback already"),
            ApiResult.NotFound when what == Callback => (ActionResult.Failed, $"BigPanda does not know the incident or has no callback service for the integration ({outcome.Detail})"),
            ApiResult.Conflict => (ActionResult.Closed, "the incident is closed in BigPanda already"),
            ApiResult.NotAllowed => (ActionResult.Parked, $"{Obstacle(outcome)}; the {what} waits until that is mended"),
            ApiResult.NotFound => (ActionResult.Failed, $"BigPanda does not know the incident: most likely a wrong region or environment ({outcome.Detail})"),
            ApiResult.Rejected => (ActionResult.Failed, $"BigPanda refuses the {what} ({outcome.Detail})"),
            _ when attempt >= RetrySchedule.ActingInBigPanda.Tries => (ActionResult.Failed, $"given up after {attempt} attempts; the last one: {outcome.Detail}"),
            _ => (ActionResult.Retrying, $"attempt {attempt} failed and will be repeated: {outcome.Detail}"),
        };
        return new ActionAttempt(result, detail, outcome.Status == 403 ? RoleTriedAgainAfter : outcome.RetryAfter);
    }

    private static string Obstacle(ApiOutcome outcome) => outcome.Status switch
    {
        401 => $"BigPanda rejects the API key ({outcome.Detail})",
        403 => $"the API key's role may not act on incidents in this environment ({outcome.Detail})",
        _ => outcome.Detail,
    };
}

/// <param name="RetryAfter">How long to leave BigPanda alone with this action.</param>
internal sealed record ActionAttempt(ActionResult Result, string Detail, TimeSpan? RetryAfter = null);
