using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
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
public sealed class PagerDutyComparison(PagerDutyClient rest, OpenPages pages, IPagingPolicySource policies, TimeProvider time) : IReconciledSystem
{
    public string Name => PagerDutyApi.Rest.Name;

    async Task<Comparison> IReconciledSystem.CompareAsync(Comparison? last, CancellationToken limit, CancellationToken cancellationToken)
    {
        var comparison = new Comparison(Name);
        if (!await rest.HasKeyAsync(cancellationToken) || await policies.GetAsync(cancellationToken) is not { } policy) return comparison;

        Dictionary<string, OpenPage> open = [];
        await foreach (var page in pages.ListAsync(cancellationToken)) open[DedupKey.Of(page.IncidentId, page.Page.Id).Text] = page;
        var claim = new CallClaim(CallPriority.Idle, limit);
        return await (comparison with { Open = open.Count }).ThroughAsync(
            open.Where(one => IsSettled(one.Value.Page)).Select(one => one.Key),
            last?.Cursor,
            key => CompareAsync(open[key], key, policy, claim, cancellationToken));
    }

    /// <summary>PagerDuty has accepted the page, and nothing that is sent or planned will change it.</summary>
    private bool IsSettled(Page page) =>
        page is { Status: PageStatus.Open, IsShadow: false, IsPending: false } && !(time.GetUtcNow() - (page.UpdatedAt ?? page.OpenedAt) < Drift.Grace);

    private async Task<Drift?> CompareAsync(OpenPage open, string key, PagingPolicy policy, CallClaim claim, CancellationToken cancellationToken)
    {
        var (outcome, found) = await rest.FindIncidentAsync(claim, key, cancellationToken);
        if (found is null)
        {
            return outcome.Result == ApiResult.Done
                ? new Drift(open.IncidentId, DriftKind.PageMissing, "PagerDuty accepted the page and shows no incident with its key")
                : Drift.Unclear(open.IncidentId, $"PagerDuty: {outcome.Detail}");
        }

        var incident = found.Incident;
        // Its alerts go on in the incident that it was merged into.
        if (incident.IsMerged || time.GetUtcNow() - incident.ChangedAt < Drift.Grace) return null;
        if (PageDrift.FindChange(open.Page, incident, incident.IsResolved || found.Alert.IsResolved) is not { } change) return null;
        var (kind, detail) = PageDrift.Describe(change);
        return new Drift(open.IncidentId, kind, detail, policy.Apply(Observe(open, incident, change)));
    }

    private PageChanged Observe(OpenPage open, PagerDutyIncident incident, PageChange change)
    {
        // The same as that of a verification which has seen it.
        string[] what = change == PageChange.Resolved ? [] : [change.ToString()];
        var messageId = MessageIdentity.Of("page-seen", [open.IncidentId, open.Page.Id, incident.Id, $"{incident.ChangedAt:O}", .. what]);
        return new PageChanged(open.IncidentId, open.Page.Id, change, incident.ChangedBy, null, incident.ChangedAt ?? time.GetUtcNow(), messageId)
        {
            External = new PagerIncident(incident.Id, incident.Url),
            IsOurs = incident.IsChangedByEvent,
        };
    }
}

/// <summary>How an open page differs from PagerDuty's incident; pure.</summary>
internal static class PageDrift
{
    /// <returns>What a webhook would have said; null when both agree.</returns>
    public static PageChange? FindChange(Page page, PagerDutyIncident incident, bool isResolved)
    {
        if (isResolved) return IsKnown(page.ChangedAt) ? null : PageChange.Resolved;
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
