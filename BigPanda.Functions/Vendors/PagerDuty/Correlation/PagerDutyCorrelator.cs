using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;

namespace BigPanda.Functions.Vendors.PagerDuty.Correlation;

/// <summary>Sends an event of PagerDuty to the alerts of the pages that its incident stands for.</summary>
public sealed class PagerDutyCorrelator(
    PageFinder finder, PageStore pages, ForeignIncidents foreign, IPagingPolicySource policies, PagerDutyClient client, MessageSender sender)
{
    /// <param name="identity">Of the event, if PagerDuty gave it none.</param>
    /// <param name="receivedAt">Used where the event has no time.</param>
    internal async Task<CorrelationResult> CorrelateAsync(
        PagerDutyEvent evt, string identity, DateTimeOffset receivedAt, CallClaim claim, CancellationToken cancellationToken)
    {
        // Or not yet, as far as this instance knows: the signature was that of a stored secret.
        if (await policies.GetAsync(cancellationToken) is not { } policy) return new CorrelationResult.Unknown("PagerDuty is no longer connected");
        var (text, cut) = await ReadTextAsync(evt, claim, cancellationToken);
        if (cut is { } outage) return new CorrelationResult.Unanswered(outage.Detail, outage.RetryAfter, 0);

        var change = Changes(evt, text, identity, receivedAt, policy);
        var known = await finder.FindKnownAsync(evt, cancellationToken);
        foreach (var page in known) await SendAsync(page, change(page), evt, cancellationToken);
        if (known.Count > 0 && !MayStandForMore(evt)) return new CorrelationResult.Sent(known.Count);

        var asked = await finder.AskAsync(evt, claim, cancellationToken);
        var more = asked.Pages.ExceptBy(known.Select(page => page.Key), page => page.Key).ToList();
        foreach (var page in more) await SendAsync(page, change(page), evt, cancellationToken);
        var sent = known.Count + more.Count;
        if (asked.IsOutage) return new CorrelationResult.Unanswered(asked.Outcome?.Detail ?? "", asked.Outcome?.RetryAfter, sent);
        if (sent > 0) return new CorrelationResult.Sent(sent);

        var isNoted = await foreign.TryNoteAsync(evt, asked.Alerts, receivedAt, cancellationToken);
        // An incident that a person opened has a key and no alerts.
        var isCertain = isNoted && (asked.Alerts.Count > 0 || evt.IncidentKey is not null);
        return isCertain ? new CorrelationResult.Foreign("none of its alerts is a page of the bridge") : new CorrelationResult.Unknown();
    }

    /// <summary>What a person resolves may have been merged or grouped. Our own event resolves the one page it names.</summary>
    private static bool MayStandForMore(PagerDutyEvent evt) => evt is { Change: PageChange.Resolved, Agent: not { IsIntegration: true } };

    private static Func<StoredPage, PageChanged> Changes(
        PagerDutyEvent evt, string? text, string identity, DateTimeOffset receivedAt, PagingPolicy policy) => page =>
    {
        // A note is about the alert: merged and grouped, several of its pages have one incident in PagerDuty.
        var about = evt.Change == PageChange.Noted ? "" : page.PageId;
        var messageId = MessageIdentity.Of("page", evt.Id ?? identity, page.IncidentId, about);
        var changed = new PageChanged(page.IncidentId, page.PageId, evt.Change, evt.Agent?.Actor, text, evt.At(receivedAt), messageId)
        {
            External = IncidentAfter(evt),
            IsOurs = evt.Agent is { IsIntegration: true },
        };
        return policy.Apply(page.WithSeen(changed));
    };

    /// <summary>After a merge the page goes on in the other incident.</summary>
    private static PagerIncident IncidentAfter(PagerDutyEvent evt) =>
        evt.MergedInto is { Id: { } into } target ? new PagerIncident(into, target.Url) : new PagerIncident(evt.IncidentId, evt.IncidentUrl);

    private async Task SendAsync(StoredPage page, PageChanged changed, PagerDutyEvent evt, CancellationToken cancellationToken)
    {
        if (evt.MergedInto is not null) await pages.LinkAsync(page.Key, IncidentAfter(evt), cancellationToken);
        await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(changed), cancellationToken);
        if (evt.Change is PageChange.Triggered or PageChange.Reopened or PageChange.Resolved)
            await pages.MarkAsync(page.Key, isOver: evt.Change == PageChange.Resolved, changed.At, cancellationToken);
    }

    /// <summary>The whole text of a note that the webhook has cut.</summary>
    /// <returns>The text; or why it cannot be read now.</returns>
    private async Task<(string? Text, ApiOutcome? Cut)> ReadTextAsync(PagerDutyEvent evt, CallClaim claim, CancellationToken cancellationToken)
    {
        if (!evt.IsTrimmed || evt.NoteId is null || !await client.HasKeyAsync(cancellationToken)) return (Marked(evt), null);
        var (outcome, notes) = await client.ListNotesAsync(claim, evt.IncidentId, cancellationToken);
        if (notes is not null) return (notes.FirstOrDefault(note => note.Id == evt.NoteId)?.Content ?? Marked(evt), null);
        // Without the permission, and of an incident that is gone, what is there must do.
        return outcome.Result == ApiResult.Unavailable ? (null, outcome) : (Marked(evt), null);
    }

    private static string? Marked(PagerDutyEvent evt) => evt.IsTrimmed ? $"{evt.Text}… (cut by PagerDuty)" : evt.Text;
}
