using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Http;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Calls;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Events;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

/// <summary>Opens a page and resolves it at once. Its dedup key is no page's, so that its webhooks are ignored.</summary>
public sealed class PageTest(PagerDutyEventsClient events, TimeProvider time)
{
    /// <summary>An open test page wakes someone.</summary>
    private const int ResolveTries = 3;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(2);

    /// <returns>The outcome of the resolve; null when the page cannot have been opened.</returns>
    internal async Task<(string DedupKey, ApiOutcome Triggered, ApiOutcome? Resolved)> RunAsync(
        PageKey key, string? actor, CancellationToken cancellationToken)
    {
        var dedupKey = $"bigpanda-test:{Guid.NewGuid():N}";
        var by = RequestNote.NameOf(actor);
        var summary = $"Test of the BigPanda alert bridge by {by}: it is resolved at once";
        var triggered = await SendAsync(key, dedupKey, summary, cancellationToken);
        // Without a response the page may be open.
        var mayBeOpen = triggered is { Result: ApiResult.Done } or { Result: ApiResult.Unavailable, MayBeDone: true };
        if (!mayBeOpen) return (dedupKey, triggered, null);
        var resolved = await SendAsync(key, dedupKey, null, cancellationToken);
        for (var tries = 1; resolved.Result == ApiResult.Unavailable && tries < ResolveTries; tries++)
        {
            await Task.Delay(BetweenTries, time, cancellationToken);
            resolved = await SendAsync(key, dedupKey, null, cancellationToken);
        }

        return (dedupKey, triggered, resolved);
    }

    private async Task<ApiOutcome> SendAsync(PageKey key, string dedupKey, string? summary, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(MaxWait, time);
        try
        {
            var claim = new CallClaim(CallPriority.Urgent, limit.Token);
            return await events.EnqueueAsync(
                claim, key, _ => Task.FromResult(PreparedBody.Send(PageEvent.Test(dedupKey, summary))), cancellationToken);
        }
        catch (TurnTimeoutException e)
        {
            return new ApiOutcome(ApiResult.Unavailable, 429, e.Message);
        }
    }
}
