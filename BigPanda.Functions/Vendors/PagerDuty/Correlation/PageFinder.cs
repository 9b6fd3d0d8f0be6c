using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;

namespace BigPanda.Functions.Vendors.PagerDuty.Correlation;

/// <summary>
/// Finds the pages that an incident of PagerDuty stands for: by what is known of the incident, by what the event says, and by the keys of the incident's
/// alerts. The webhook does not carry them, and a merged or grouped incident has several.
/// </summary>
public sealed class PageFinder(PageStore pages, AlertStore alerts, PagerDutyClient client)
{
    /// <summary>First what costs no call, so that an outage of PagerDuty's REST API does not hold up what is known.</summary>
    internal async Task<IReadOnlyList<StoredPage>> FindKnownAsync(PagerDutyEvent evt, CancellationToken cancellationToken)
    {
        List<StoredPage> found = [];
        foreach (var page in await pages.FindByPagerIncidentAsync(evt.IncidentId, cancellationToken))
        {
            if (await alerts.LoadSummaryAsync(page.IncidentId, cancellationToken) is not null) found.Add(page);
        }

        if (found.Count > 0) return found;
        if (!DedupKey.TryRead(evt.IncidentKey, out var key) && !PageLink.TryRead(evt.ClientUrl, out key)) return [];
        return await LinkAsync(key, evt, cancellationToken) is { } linked ? [linked] : [];
    }

    /// <summary>Asks PagerDuty for the incident's alerts.</summary>
    internal async Task<AskedAlerts> AskAsync(PagerDutyEvent evt, CallClaim claim, CancellationToken cancellationToken)
    {
        if (!await client.HasKeyAsync(cancellationToken)) return AskedAlerts.Nothing;
        // Each call with a rejected key would be one in vain.
        if (await client.FindRejectionAsync(cancellationToken) is { } rejected) return new AskedAlerts([], [], rejected);
        var (outcome, listed) = await client.ListAlertsAsync(claim, evt.IncidentId, cancellationToken);
        if (listed is null) return new AskedAlerts([], [], outcome);
        List<StoredPage> found = [];
        foreach (var alert in listed)
        {
            if (DedupKey.TryRead(alert.AlertKey, out var key) && await LinkAsync(key, evt, cancellationToken) is { } page) found.Add(page);
        }

        return new AskedAlerts(found, listed, outcome);
    }

    /// <summary>Remembers the incident of a page. Another bridge in the same account may have pages that are unknown here.</summary>
    private async Task<StoredPage?> LinkAsync(DedupKey key, PagerDutyEvent evt, CancellationToken cancellationToken)
    {
        var incidentId = key.IncidentId ?? (await pages.FindAsync(key, cancellationToken))?.IncidentId;
        if (incidentId is null || await alerts.LoadSummaryAsync(incidentId, cancellationToken) is null) return null;
        return await pages.LinkAsync(key, new PagerIncident(evt.IncidentId, evt.IncidentUrl), cancellationToken);
    }
}

/// <summary>What PagerDuty said of an incident's alerts.</summary>
/// <param name="Pages">The bridge's among them.</param>
/// <param name="Alerts">All of them.</param>
/// <param name="Outcome">Null when it could not be asked: no REST key is stored.</param>
internal sealed record AskedAlerts(IReadOnlyList<StoredPage> Pages, IReadOnlyList<PagerDutyAlert> Alerts, ApiOutcome? Outcome)
{
    public static AskedAlerts Nothing { get; } = new([], [], null);

    /// <summary>It has to be asked again: no answer, or none to this key.</summary>
    public bool IsOutage => Outcome is { Result: ApiResult.Unavailable or ApiResult.NotAllowed };
}
