using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Calls;
using BigPanda.Functions.Outbound.Limiter;

namespace BigPanda.Functions.Vendors.PagerDuty.Api;

/// <summary>
/// PagerDuty's Events API v2. It has a limit for each routing key, so calls wait for those with the same key only. 202 means accepted; an event that
/// changes nothing (a resolve without an open alert, say) is dropped, and gets 202 as well.
/// </summary>
public sealed class PagerDutyEventsClient
{
    /// <summary>Sends an event.</summary>
    /// <param name="key">Its routing key, which is looked up here and added to the body. If it is no longer stored, the result is NotAllowed.</param>
    /// <param name="prepare">
    /// Called after the wait for the rate limit, directly before the call: returns the event as a JSON object without <c>routing_key</c>, or why it is no
    /// longer wanted. May be called again when the turn was lost meanwhile.
    /// </param>
    internal Task<ApiOutcome> EnqueueAsync(
        CallClaim claim, PageKey key, Func<CancellationToken, Task<PreparedBody>> prepare, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
