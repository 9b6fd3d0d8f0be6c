using BigPanda.Functions.Http;
using BigPanda.Functions.Outbound;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

/// <summary>Decides from PagerDuty's response what is wrong with a REST key and its From address.</summary>
/// <param name="Problem">Null when nothing is.</param>
internal sealed record KeyCheck(Problem? Problem, string Why)
{
    /// <param name="knowsUser">Whether there is a user with the From address; null when the response does not say.</param>
    public static KeyCheck Of(ApiOutcome outcome, bool? knowsUser, string address) => (outcome.Result, outcome.Status) switch
    {
        (ApiResult.Done, _) when knowsUser == true => new KeyCheck(null, ""),
        (ApiResult.Done, _) => Refuse(
            Problems.PagerDutyUserNotFound, "No user of the PagerDuty account has the address in from: notes are written as a user. Send the address of one."),
        (ApiResult.NotAllowed, 401) => Refuse(
            Problems.ApiKeyRejected, $"PagerDuty rejected the REST key ({outcome.Detail}). Check it, and the region that it belongs to."),
        (ApiResult.NotAllowed, _) => Refuse(Problems.ApiKeyForbidden, $"The REST key may not read users ({outcome.Detail})."),
        // PagerDuty's API does not redirect: something else has this address.
        (ApiResult.Unavailable, not (>= 200 and < 400)) => Refuse(Problems.PagerDutyUnavailable, $"Could not check the REST key: {outcome.Detail}."),
        _ => Refuse(Problems.NotPagerDuty, $"The response of {address} is not PagerDuty's ({outcome.Detail})."),
    };

    private static KeyCheck Refuse(Problem problem, string why) => new(problem, why + " Nothing was changed.");
}
