using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Vendors.PagerDuty.Actions;

/// <summary>A page as PagerDuty's REST API shows it.</summary>
/// <param name="Outcome">Of the search. If it is not Done, nothing is known.</param>
/// <param name="Incident">Null when PagerDuty shows none, yet.</param>
/// <param name="IsResolved">The incident, or the alert in it: other alerts may be grouped with it.</param>
/// <param name="At">When PagerDuty had answered: a timestamp of the clock.</param>
internal sealed record SeenPage(ApiOutcome Outcome, PagerDutyIncident? Incident, bool IsResolved, long At)
{
    public PagerIncident? External => Incident is null ? null : new PagerIncident(Incident.Id, Incident.Url);
}

/// <summary>Reads how PagerDuty shows a page, where the connection has a REST key, and reports to the alert what no webhook may have reported.</summary>
public sealed class PageSight(PagerDutyClient rest, PageStore pages, IPagingPolicySource policies, MessageSender sender, TimeProvider time)
{
    /// <summary>
    /// Finds the page's incident and stores which it is. One that was merged is none: its alerts go on in another, which the search may not show yet.
    /// </summary>
    internal async Task<SeenPage> FindAsync(PageTurn turn, CallPriority priority, CancellationToken cancellationToken)
    {
        var (outcome, found) = await rest.FindIncidentAsync(new CallClaim(priority, turn.Delivery.WaitLimit), turn.Key.Text, cancellationToken);
        if (found is null or { Incident.IsMerged: true }) return new SeenPage(outcome, null, IsResolved: false, time.GetTimestamp());
        var seen = new SeenPage(outcome, found.Incident, found.Incident.IsResolved || found.Alert.IsResolved, time.GetTimestamp());
        await pages.ChangeAsync(turn.Key, turn.First, page => page with { Incident = seen.External }, cancellationToken);
        return seen;
    }

    /// <summary>Reads the incident that the page is known to have, or finds it.</summary>
    /// <returns>Null without a REST key.</returns>
    internal async Task<SeenPage?> ReadAsync(PageTurn turn, CallPriority priority, CancellationToken cancellationToken)
    {
        if (!await rest.HasKeyAsync(cancellationToken)) return null;
        if (turn.Page?.Incident is not { } known) return await FindAsync(turn, priority, cancellationToken);
        var (outcome, incident) = await rest.GetIncidentAsync(new CallClaim(priority, turn.Delivery.WaitLimit), known.Id, cancellationToken);
        return incident is { IsMerged: true }
            ? await FindAsync(turn, priority, cancellationToken)
            : new SeenPage(outcome, incident, incident is { IsResolved: true }, time.GetTimestamp());
    }

    /// <summary>The webhook may come as well, or not at all: whichever the alert gets first counts.</summary>
    internal async Task ReportResolvedAsync(PageTurn turn, SeenPage seen, CancellationToken cancellationToken)
    {
        if (seen is not { Incident: { } incident, External: { } external } || await policies.GetAsync(cancellationToken) is not { } policy) return;
        // Of an alert that was resolved in an incident that goes on, neither when nor by whom is known.
        var now = seen.Outcome.AnsweredAt ?? time.GetUtcNow();
        var (at, by) = incident.IsResolved ? (incident.ChangedAt ?? now, incident.ChangedBy) : (now, null);
        var messageId = MessageIdentity.Of("page-seen", turn.Action.IncidentId, turn.Action.PageId, incident.Id, $"{incident.ChangedAt:O}");
        var changed = new PageChanged(turn.Action.IncidentId, turn.Action.PageId, PageChange.Resolved, by, null, at, messageId)
        {
            External = external,
            IsOurs = incident.IsResolved && incident.IsChangedByEvent,
        };
        if (await pages.FindAsync(turn.Key, cancellationToken) is { } stored) changed = stored.WithSeen(changed);
        await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(policy.Apply(changed)), cancellationToken);
    }
}
