using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Vendors.PagerDuty.Pages;

/// <summary>
/// Corrects the list of open pages, goes on with those that were left open, and removes what is over and the call histories of unused routing keys.
/// </summary>
public sealed class PageRetention(
    PageStore pages, ForeignPageStore foreign, OpenPages open, PagerDutyPlanners planners, AlertPolicy policy, MessageSender sender,
    [FromKeyedServices(PagerDutyApi.EventsKey)] ApiCalls calls, TimeProvider time)
{
    /// <param name="before">What has not changed since is removed.</param>
    /// <returns>The number of pages removed.</returns>
    internal async Task<int> RunAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await ContinueAsync(cancellationToken);
        await foreign.RemoveOldAsync(before, cancellationToken);
        await calls.RemoveOldAsync(before, cancellationToken);
        return await pages.RemoveOldAsync(before, cancellationToken);
    }

    /// <summary>A resolved alert may have no further event that would end its page: it gets one.</summary>
    private async Task ContinueAsync(CancellationToken cancellationToken)
    {
        var planner = policy.PagerDuty == DestinationMode.On ? await planners.FindAsync(cancellationToken) : null;
        // Listing them corrects the list, whatever the mode is.
        await foreach (var page in open.ListAsync(cancellationToken))
        {
            var now = time.GetUtcNow();
            if (planner?.HasLeftOpen(page.Alert, now) == true)
                await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(page.IncidentId, new Reminder(now)), cancellationToken);
        }
    }
}
