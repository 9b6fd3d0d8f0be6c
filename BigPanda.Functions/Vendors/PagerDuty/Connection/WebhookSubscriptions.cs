using BigPanda.Functions.Outbound;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

/// <summary>
/// The webhook subscriptions that send here: those whose webhooks were received, and those with our address. PagerDuty switches one off for a day after three
/// refused webhooks, and does not send later what happened meanwhile. Source: developer.pagerduty.com/docs/webhook-behavior.
/// </summary>
public sealed partial class WebhookSubscriptions(
    PagerDutyClient pagerDuty, SubscriptionStore store, IOptions<SourceOptions> sources, AppMetrics metrics,
    ILogger<WebhookSubscriptions> logger)
{
    private const string Path = "/webhooks/pagerduty";

    internal Task<IReadOnlyList<KnownSubscription>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    /// <summary>Reads the state of the subscriptions from PagerDuty; one that was deleted there is forgotten.</summary>
    /// <returns>Null unless the outcome is Done.</returns>
    internal async Task<(ApiOutcome Outcome, IReadOnlyList<KnownSubscription>? Known)> CheckAsync(CancellationToken cancellationToken)
    {
        var before = await store.ListAsync(cancellationToken);
        var (outcome, subscriptions) = await pagerDuty.ListSubscriptionsAsync(cancellationToken);
        if (subscriptions is null) return (outcome, null);
        var seen = before.Select(known => known.Id).ToHashSet();
        var ours = subscriptions.Where(one => seen.Contains(one.Id) || IsOurAddress(one.Url)).ToList();
        foreach (var gone in seen.Except(ours.Select(one => one.Id))) await store.RemoveAsync(gone, cancellationToken);
        foreach (var one in ours)
        {
            var state = StateOf(one);
            await store.SaveStateAsync(one.Id, one.Url, state, cancellationToken);
            if (state == SubscriptionStates.Disabled && before.FirstOrDefault(known => known.Id == one.Id)?.State != state) Log.Disabled(logger, one.Id);
        }

        var known = await store.ListAsync(cancellationToken);
        metrics.RecordDisabledSubscriptions(known.Count(one => one.State is SubscriptionStates.Disabled or SubscriptionStates.Off));
        return (outcome, known);
    }

    /// <summary>Switches those on that PagerDuty has switched off.</summary>
    /// <returns>Null unless the outcome is Done.</returns>
    internal async Task<(ApiOutcome Outcome, IReadOnlyList<KnownSubscription>? Known)> EnableAsync(CancellationToken cancellationToken)
    {
        var (outcome, known) = await CheckAsync(cancellationToken);
        if (known is null || known.All(one => one.State != SubscriptionStates.Disabled)) return (outcome, known);
        foreach (var one in known.Where(one => one.State == SubscriptionStates.Disabled))
        {
            var (enabled, _) = await pagerDuty.EnableSubscriptionAsync(one.Id, cancellationToken);
            if (enabled.Result != ApiResult.Done) return (enabled, null);
            Log.Enabled(logger, one.Id);
        }

        return await CheckAsync(cancellationToken);
    }

    internal static string? NoticeOf(IReadOnlyList<KnownSubscription> known)
    {
        var disabled = known.Where(one => one.State == SubscriptionStates.Disabled).Select(one => one.Id).ToList();
        if (disabled.Count > 0)
        {
            return $"PagerDuty has disabled the webhook subscription {string.Join(", ", disabled)} for a day, after refused webhooks: what happens there is "
                + "not seen here. Check the webhook secret, then enable it with POST /pagerduty/subscription.";
        }

        var off = known.Where(one => one.State == SubscriptionStates.Off).Select(one => one.Id).ToList();
        return off.Count == 0
            ? null
            : $"The webhook subscription {string.Join(", ", off)} is switched off in PagerDuty: what happens there is not seen here. Switch it on there.";
    }

    private static string StateOf(WebhookSubscription subscription) =>
        subscription.IsDisabled ? SubscriptionStates.Disabled : subscription.IsActive ? SubscriptionStates.On : SubscriptionStates.Off;

    /// <summary>Another bridge may have the same path.</summary>
    private bool IsOurAddress(string? text) =>
        sources.Value.PublicAddress is { } own && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.Host.Equals(own.Host, StringComparison.OrdinalIgnoreCase) && url.AbsolutePath.TrimEnd('/').EndsWith(Path, StringComparison.OrdinalIgnoreCase);

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Error,
            "PagerDuty has disabled the webhook subscription {Subscription} for a day, after refused webhooks. What happens in PagerDuty is not seen here. "
            + "Check the webhook secret, then enable it with POST /pagerduty/subscription")]
        public static partial void Disabled(ILogger logger, string subscription);

        [LoggerMessage(2, LogLevel.Information, "The webhook subscription {Subscription} was enabled again in PagerDuty")]
        public static partial void Enabled(ILogger logger, string subscription);
    }
}
