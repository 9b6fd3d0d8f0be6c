using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Vendors.PagerDuty.Actions;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

/// <summary>Resolves the open pages before PagerDuty is disconnected: afterwards the keys are gone that could.</summary>
public sealed class PageEnding(PageSender sender, OpenPages open, ActionReports reports, TimeProvider time)
{
    /// <summary>The number that an error names.</summary>
    internal const int Named = 20;

    private const int MaxListed = 1000;
    private const int AtOnce = 16;

    /// <summary>A request to the app ends after 230 seconds.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(100);

    internal ValueTask<List<OpenPage>> ListAsync(CancellationToken cancellationToken) => open.ListAsync(MaxListed, cancellationToken);

    /// <summary>Resolves as many as the rate limits allow in the time of a request. The alerts stay as they are.</summary>
    internal async Task ResolveAsync(IReadOnlyList<OpenPage> all, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(MaxTime, time);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(all, parallel, async (page, cancellation) =>
        {
            if (!limit.IsCancellationRequested) await ResolveAsync(page, limit.Token, cancellation);
        });
    }

    private async Task ResolveAsync(OpenPage one, CancellationToken waitLimit, CancellationToken cancellationToken)
    {
        var action = PageAction.Of(PageActionKinds.Resolve, one.IncidentId, $"page-{one.Page.Id}-disconnect", one.Page);
        var delivery = new ActionDelivery(action.ToAction(), 1, WaitLimit: waitLimit);
        try
        {
            var outcome = await sender.ResolveAsync(new PageTurn(delivery, action, null), cancellationToken);
            if (outcome.Result != ApiResult.Done) return;
        }
        catch (TurnTimeoutException)
        {
            // It is named as still open.
            return;
        }

        var report = ActionReports.Of(
            delivery, ActionResult.Accepted, "resolved in PagerDuty, because the bridge is disconnected from it", time.GetUtcNow());
        await reports.SendAsync(report, cancellationToken);
    }
}
