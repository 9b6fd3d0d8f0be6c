using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Alerts.Rebuilding;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Audit;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Monitors.Relay;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Operations;

/// <summary>Once an hour: deletes what is older than its retention, and repairs the rows that firing alerts are listed by.</summary>
public sealed partial class EnforceRetentionFunction(
    AlertRetention alerts, DeliveryExpiry deliveries, Outbox outbox, AlertListing listing, PayloadRetention payloads, SentCalls calls,
    PageRetention pages, RelayRetention relay, IdleCallSlotStore slots, AuditStore audit, TimeProvider time,
    IOptions<RetentionOptions> options, IOptions<DeliveryOptions> keeping, ILogger<EnforceRetentionFunction> logger)
{
    /// <summary>A run must end well before the function's timeout; the next one takes the rest.</summary>
    private const int MaxAlertsAtOnce = 2000;
    private const int MaxAuditAtOnce = 20_000;

    [Function("EnforceRetention")]
    public Task RunAsync([TimerTrigger("0 17 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        StorageError.CatchOutageAsync(() => RemoveAsync(cancellationToken), reason => Log.Interrupted(logger, reason), cancellationToken);

    private async Task RemoveAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var oldest = now.AddDays(-options.Value.ResolvedDays);
        var kept = TimeSpan.FromDays(keeping.Value.KeptDays);
        var removed = await alerts.RemoveResolvedAsync(oldest, MaxAlertsAtOnce, outbox.MarkAsync, cancellationToken);
        var expired = await deliveries.RunAsync(now - kept, MaxAlertsAtOnce, cancellationToken);
        var trimmed = await alerts.TrimTimelinesAsync(options.Value.TimelineRows, deliveries.ReleaseAsync, cancellationToken);
        var repaired = await listing.SweepAsync(cancellationToken);
        var bodies = await payloads.RunAsync(kept, cancellationToken);
        await calls.RemoveOldAsync(now, cancellationToken);
        await relay.RunAsync(oldest, cancellationToken);
        await slots.RemoveAsync(now, cancellationToken);
        var entries = await audit.RemoveOlderAsync(now.AddDays(-options.Value.AuditDays), MaxAuditAtOnce, cancellationToken);
        var pagesRemoved = await pages.RunAsync(oldest, cancellationToken);
        Log.Removed(logger, removed, expired, trimmed, bodies, pagesRemoved, entries, repaired);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Information,
            "Retention deleted {Alerts} resolved alerts, {Deliveries} kept deliveries, {Rows} timeline rows, {Bodies} stored bodies, {Pages} rows of pages and "
            + "{Entries} audit entries, and repaired {Listed} rows of the firing list")]
        public static partial void Removed(ILogger logger, int alerts, int deliveries, int rows, int bodies, int pages, int entries, int listed);

        [LoggerMessage(2, LogLevel.Warning, "Table Storage is unavailable: retention was interrupted. Will continue in an hour: {Reason}")]
        public static partial void Interrupted(ILogger logger, string reason);
    }
}
