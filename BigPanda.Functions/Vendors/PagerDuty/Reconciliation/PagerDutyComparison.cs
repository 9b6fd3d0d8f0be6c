using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Reconciliation;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Vendors.PagerDuty.Reconciliation;

/// <summary>
/// Compares the open pages with PagerDuty, where a REST key is stored. A disabled webhook subscription loses what people do there for a day: it is not sent
/// later.
/// </summary>
public sealed class PagerDutyComparison(
    PagerDutyClient rest, OpenPages pages, AlertStore alerts, IPagingPolicySource policies, TimeProvider time) : IReconciledSystem
{
    public string Name => PagerDutyApi.Rest.Name;

    async Task<Comparison> IReconciledSystem.CompareAsync(Comparison? last, bool isDryRun, CancellationToken limit, CancellationToken cancellationToken)
    {
        var comparison = new Comparison(Name);
        if (!await rest.HasKeyAsync(cancellationToken) || await policies.GetAsync(cancellationToken) is not { } policy) return comparison;

        Dictionary<string, (string IncidentId, string PageId)> open = [];
        await foreach (var page in pages.ListAsync(cancellationToken))
        {
            if (IsSettled(page.Page)) open[DedupKey.Of(page.IncidentId, page.Page.Id).Text] = (page.IncidentId, page.Page.Id);
            if (limit.IsCancellationRequested) break;
        }

        var claim = new CallClaim(CallPriority.Idle, limit);
        return await (comparison with { Open = open.Count }).ThroughAsync(
            open.Keys, last?.Cursor, key => CompareAsync(open[key].IncidentId, open[key].PageId, key, policy, claim, cancellationToken), limit);
    }

    /// <summary>PagerDuty has accepted the page, and nothing that is sent or planned will change it.</summary>
    private bool IsSettled(Page page) =>
        page is { Status: PageStatus.Open, IsShadow: false, IsPending: false } && !(time.GetUtcNow() - (page.UpdatedAt ?? page.OpenedAt) < Drift.Grace);

    private async Task<Drift?> CompareAsync(
        string incidentId, string pageId, string key, PagingPolicy policy, CallClaim claim, CancellationToken cancellationToken)
    {
        var (outcome, found) = await rest.FindIncidentAsync(claim, key, cancellationToken);
        if (found is null)
        {
            return outcome.Result == ApiResult.Done
                ? new Drift(incidentId, DriftKind.PageMissing, "PagerDuty accepted the page and shows no incident with its key")
                : Drift.Unclear(incidentId, $"PagerDuty: {outcome.Detail}");
        }

        var incident = found.Incident;
        // Its alerts go on in the incident that it was merged into.
        if (incident.IsMerged || time.GetUtcNow() - incident.ChangedAt < Drift.Grace) return null;
        // As it is now: the call waited for its turn.
        var page = (await alerts.LoadAsync(incidentId, cancellationToken))?.Alert.PagerDuty?.Find(pageId);
        if (page is null || !IsSettled(page) || PageDrift.FindChange(page, incident, found.Alert.IsResolved) is not { } change) return null;
        var (kind, detail) = PageDrift.Describe(change);
        return new Drift(incidentId, kind, detail, policy.Apply(Observe(incidentId, pageId, incident, change)));
    }

    private PageChanged Observe(string incidentId, string pageId, PagerDutyIncident incident, PageChange change)
    {
        // Of an alert that was resolved in an incident that goes on, neither when nor by whom is known.
        var isKnown = change != PageChange.Resolved || incident.IsResolved;
        // The same as that of a verification which has seen it.
        string[] what = change == PageChange.Resolved ? [] : [change.ToString()];
        var messageId = MessageIdentity.Of("page-seen", [incidentId, pageId, incident.Id, $"{incident.ChangedAt:O}", .. what]);
        var at = (isKnown ? incident.ChangedAt : null) ?? time.GetUtcNow();
        return new PageChanged(incidentId, pageId, change, isKnown ? incident.ChangedBy : null, null, at, messageId)
        {
            External = new PagerIncident(incident.Id, incident.Url),
            IsOurs = isKnown && incident.IsChangedByEvent,
        };
    }
}

/// <summary>How an open page differs from PagerDuty's incident; pure.</summary>
internal static class PageDrift
{
    /// <returns>What a webhook would have said; null when both agree.</returns>
    /// <param name="isAlertResolved">The page's alert in the incident, which may have others.</param>
    public static PageChange? FindChange(Page page, PagerDutyIncident incident, bool isAlertResolved)
    {
        if (incident.IsResolved) return IsKnown(page.ChangedAt) ? null : PageChange.Resolved;
        if (isAlertResolved) return PageChange.Resolved;
        // What an event of ours has passed on.
        if (incident.IsChangedByEvent) return null;
        var isTaken = incident.Status == "acknowledged";
        if (isTaken == page.Acknowledgement is not null || IsKnown(page.AcknowledgementChangedAt)) return null;
        return isTaken ? PageChange.Acknowledged : PageChange.Unacknowledged;

        bool IsKnown(DateTimeOffset? at) => at >= incident.ChangedAt;
    }

    public static (DriftKind Kind, string Detail) Describe(PageChange change) => change switch
    {
        PageChange.Resolved => (DriftKind.PageResolved, "the page is resolved in PagerDuty and open here"),
        PageChange.Acknowledged => (DriftKind.PageAcknowledged, "the page is acknowledged in PagerDuty and not here"),
        _ => (DriftKind.PageAcknowledged, "the page is acknowledged here and no longer in PagerDuty"),
    };
}
