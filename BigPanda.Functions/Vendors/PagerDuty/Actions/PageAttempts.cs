using BigPanda.Functions.Actions;
using BigPanda.Functions.Outbound;

namespace BigPanda.Functions.Vendors.PagerDuty.Actions;

/// <summary>Decides from PagerDuty's response what came of an attempt.</summary>
internal static class PageAttempts
{
    /// <summary>What a key may do can be changed in PagerDuty, without a word to the bridge.</summary>
    private static readonly TimeSpan ForbiddenRetryAfter = TimeSpan.FromHours(1);

    public const string Note = "note";

    /// <param name="what">For people: "page", "resolve", …</param>
    public static ActionAttempt Of(string what, ApiOutcome outcome) => outcome.Result switch
    {
        ApiResult.Done => new ActionAttempt.Done($"PagerDuty accepted the {what}"),
        ApiResult.NotSent => new ActionAttempt.Moot(outcome.Detail),
        ApiResult.NotAllowed => Park(what, outcome),
        ApiResult.NotFound when what == Note => new ActionAttempt.Fail($"PagerDuty does not know the incident: it was deleted there ({outcome.Detail})"),
        ApiResult.NotFound or ApiResult.Conflict or ApiResult.Rejected => new ActionAttempt.Fail($"PagerDuty rejected the {what} ({outcome.Detail})"),
        _ => new ActionAttempt.Retry(outcome.Detail, outcome.RetryAfter, IsUnanswered: outcome.MayBeDone),
    };

    public static ActionAttempt.Park Park(string what, ApiOutcome outcome) => new(
        outcome.Status is null
            ? $"{outcome.Detail}; the {what} is parked until then"
            : $"PagerDuty denied the {what} ({outcome.Detail}); it is parked until that is fixed",
        outcome.Status == 403 ? ForbiddenRetryAfter : TimeSpan.Zero);
}
