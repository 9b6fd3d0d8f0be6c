using System.Diagnostics;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;

namespace BigPanda.Functions.Alerts.Rules;

public static partial class AlertLifecycle
{
    /// <summary>PagerDuty takes sixteen times as much; the comment is stored with the alert until it is sent.</summary>
    private const int MaxNote = 4000;

    private const string Ignored = "recorded; the policy takes no such change from PagerDuty";

    private static Decision DecidePageChanged(Alert alert, PageChanged changed, AlertPolicy policy, DateTimeOffset now)
    {
        if (alert.RecentMessages.Contains(changed.MessageId)) return Record(alert, changed, Verdict.Duplicate, "this change was already applied", now);
        if (changed.Change == PageChange.Noted) return DecideNote(alert, changed, policy, now);

        var pager = alert.PagerDuty ?? PagerState.None;
        if (pager.Find(changed.PageId) is not { } page)
            return Record(alert, changed, Verdict.Stale, "it is about an earlier page, which is resolved", now);

        var known = page.Showing(changed.Opening?.Newest) with { Incident = page.TriggeredAt > changed.At ? page.Incident : changed.External ?? page.Incident };
        var isLatest = pager.Latest?.Id == page.Id;
        return changed.Change switch
        {
            PageChange.Triggered => Record(DecideTriggered(alert, pager, known, changed.At, now), changed, Verdict.Echo, "PagerDuty shows the page", now),
            PageChange.Resolved => DecidePageResolved(alert, pager, known, changed, policy, now),
            PageChange.Reopened => DecidePageReopened(alert, pager, known, changed, now),
            PageChange.Merged => Record(
                Keep(known), changed, Verdict.Noted, "merged into another incident of PagerDuty: the page goes on there, and nothing is resolved", now),
            PageChange.Acknowledged or PageChange.Unacknowledged when isLatest => DecideAcknowledged(alert, pager, known, changed, policy, now),
            PageChange.Acknowledged or PageChange.Unacknowledged => Record(Keep(known), changed, Verdict.Stale, "it is about an earlier page", now),
            PageChange.Assigned or PageChange.Prioritized =>
                Record(Keep(known), changed, Verdict.Noted, changed.IsIgnored ? Ignored : "recorded", now),
            _ => throw new UnreachableException($"No rule for {changed.Change}."),
        };

        Alert Keep(Page next) => WithPage(alert, pager, next, now);
    }

    /// <summary>
    /// A trigger that is sent when a person has just resolved the page opens another incident for it. The page is then open, in whatever order the news of
    /// that arrive, and is resolved again where the alert is.
    /// </summary>
    private static Alert DecideTriggered(Alert alert, PagerState pager, Page page, DateTimeOffset at, DateTimeOffset now)
    {
        if (page.TriggeredAt >= at) return WithPage(alert, pager, page, now);
        var next = page with { TriggeredAt = at };
        // An older acknowledgement is one of the incident before.
        if (page.AcknowledgementChangedAt < at) next = next with { Acknowledgement = null };
        var isOpenAgain = page.Status == PageStatus.Resolved && page.ChangedAt < at;
        return WithPage(alert, pager, isOpenAgain ? next with { Status = PageStatus.Open } : next.AsOpen(), now);
    }

    /// <summary>The resolve of the current page resolves the alert as if its author had resolved it here; they have seen what the page shows.</summary>
    private static Decision DecidePageResolved(
        Alert alert, PagerState pager, Page page, PageChanged changed, AlertPolicy policy, DateTimeOffset now)
    {
        if (page.ChangedAt >= changed.At) return Record(alert, changed, Verdict.Stale, "a newer change of the page is known", now);
        var isLatest = pager.Latest?.Id == page.Id;
        // The episode goes on without a page: a person has seen it.
        if (isLatest && changed is { IsIgnored: true, IsOurs: false } && !page.IsOver) pager = pager with { SkippedEpisode = alert.Life.LastFiredAt };
        var next = page with { ChangedAt = changed.At };
        // A newer trigger has opened another incident: it is open, also where our own resolve of this one was accepted before.
        if (page.TriggeredAt > changed.At) next = page.Status == PageStatus.Resolved ? next with { Status = PageStatus.Open } : next;
        else next = next.AsResolved();
        var resolved = WithPage(alert, pager, next, now);
        if (changed.IsOurs) return Record(resolved, changed, Verdict.Echo, "our own resolve, returned by PagerDuty", now);
        if (!isLatest) return Record(resolved, changed, Verdict.Noted, "it is about an earlier page: the alert does not change", now);
        if (changed.IsIgnored) return Record(resolved, changed, Verdict.Noted, Ignored, now);
        var seen = changed is { IsBeforeShown: true, Opening: { } opening } ? opening.Newest : page.Shows;
        var request = new ResolveRequested(
            alert.IncidentId, seen, ResolvedVia.PagerDuty, changed.Actor ?? "PagerDuty", null, changed.At, changed.MessageId)
        {
            SeenBefore = alert.SeenByResolver,
            SeenGravity = page.ShowsGravity,
        };
        return DecideResolve(resolved, request, policy, now);
    }

    /// <summary>BigPanda has no reopen to ask for. While the alert fires, the page stands for it again.</summary>
    private static Decision DecidePageReopened(Alert alert, PagerState pager, Page page, PageChanged changed, DateTimeOffset now)
    {
        if (page.ChangedAt >= changed.At) return Record(alert, changed, Verdict.Stale, "a newer change of the page is known", now);
        var next = page with { ChangedAt = changed.At };
        if (pager.Latest?.Id == page.Id && alert.IsFiring)
            return Record(WithPage(alert, pager with { SkippedEpisode = null }, next.AsReopened(), now), changed, Verdict.Noted, "the page is open again", now);
        const string Reason = "recorded; the alert does not fire again: BigPanda cannot be asked to reopen the incident";
        return Record(WithPage(alert, pager, next, now), changed, Verdict.Noted, Reason, now);
    }

    /// <summary>Kept with a page that seems to be over, too: a trigger that is not known yet may have opened it again.</summary>
    private static Decision DecideAcknowledged(
        Alert alert, PagerState pager, Page page, PageChanged changed, AlertPolicy policy, DateTimeOffset now)
    {
        if (page.AcknowledgementChangedAt >= changed.At || page.TriggeredAt > changed.At)
            return Record(alert, changed, Verdict.Stale, "a newer change is known", now);
        var isTaken = changed.Change == PageChange.Acknowledged;
        var next = page;
        if (changed.IsOurs) return Note(Verdict.Echo, "passed on from BigPanda by the bridge");
        next = page with { AcknowledgementChangedAt = changed.At };
        if (changed.IsIgnored) return Note(Verdict.Noted, Ignored);

        next = next with { Acknowledgement = isTaken ? new Acknowledgement(changed.At, ResolvedVia.PagerDuty, changed.Actor) : null };
        if (page.IsOver) return Note(Verdict.Stale, "the page is resolved");
        if (!alert.IsFiring) return Note(Verdict.Noted, "recorded; the alert is resolved");
        var decision = Note(Verdict.Applied, isTaken ? "the alert is acknowledged" : "the alert is no longer acknowledged");
        if (!isTaken || !changed.IsCommented) return decision;
        var comment = new Commented(changed.MessageId, ResolvedVia.PagerDuty, changed.Actor ?? "PagerDuty", "acknowledged the page");
        return (decision with { Alert = Expect(decision.Alert, comment.Line, policy, now) }).With(comment);

        Decision Note(Verdict verdict, string reason) => Record(WithPage(alert, pager, next, now), changed, verdict, reason, now);
    }

    /// <summary>A note in the pager is a comment, on whichever of the alert's pages it was written.</summary>
    private static Decision DecideNote(Alert alert, PageChanged changed, AlertPolicy policy, DateTimeOffset now)
    {
        var heard = HeardComment.OfNote(changed.MessageId);
        if (alert.HeardComments?.Contains(heard) == true) return Record(alert, changed, Verdict.Duplicate, "this note was already applied", now);
        if (string.IsNullOrWhiteSpace(changed.Text)) return Record(alert, changed, Verdict.Noted, "a note without a text", now);

        var next = alert with { HeardComments = alert.HeardComments.With(heard) };
        // It stays expected: PagerDuty has one that was sent twice in two places when an event of ours has opened the page again in between.
        if (alert.ExpectedNotes?.Any(note => note.IsMetBy(changed.Text, now)) == true)
            return Record(next, changed, Verdict.Echo, "our own note, returned by PagerDuty", now);
        if (changed.IsIgnored) return Record(next, changed, Verdict.Noted, Ignored, now);
        var comment = new Commented(changed.MessageId, ResolvedVia.PagerDuty, changed.Actor ?? "PagerDuty", Cut(ResolutionNote.Say(changed.Text)));
        next = Expect(next, comment.Line, policy, now);
        var reason = policy.ClosesInBigPanda ? "recorded; the note is sent to BigPanda as a comment" : "recorded; nothing is sent to BigPanda";
        return Record(next, changed, Verdict.Noted, reason, now).With(comment);
    }

    private static string Cut(string note) => note.Length > MaxNote ? $"{Wording.Truncate(note, MaxNote)}… (cut: the whole note is in PagerDuty)" : note;

    private static Alert WithPage(Alert alert, PagerState pager, Page page, DateTimeOffset now) =>
        alert with { PagerDuty = pager.With(page with { UpdatedAt = now }), UpdatedAt = now };

    private static Decision Record(Alert result, PageChanged changed, Verdict verdict, string reason, DateTimeOffset now) => new(result, verdict,
    [
        new TimelineEntry
        {
            At = now,
            Kind = $"page-{changed.Change}".ToLowerInvariant(),
            Verdict = verdict,
            Reason = reason,
            Episode = result.Life.Episode,
            Actor = changed.IsOurs ? "the bridge" : changed.Actor,
            Summary = $"PagerDuty: page {changed.PageId} {Describe(changed)}",
            Comment = changed.Change == PageChange.Noted ? changed.Text : null,
        },
    ]);

    private static string Describe(PageChanged changed) => (changed.Change, changed.Text) switch
    {
        (PageChange.Assigned, { Length: > 0 } to) => $"assigned to {to}",
        (PageChange.Prioritized, { Length: > 0 } to) => $"given the priority {to}",
        (PageChange.Prioritized, _) => "without a priority",
        var (change, _) => change.ToString().ToLowerInvariant(),
    };

    /// <summary>Nothing has happened: the planners of destinations look again after every event.</summary>
    private static Decision DecideDue(Alert alert, DateTimeOffset now) => new(alert, Verdict.Noted,
    [
        new TimelineEntry
        {
            At = now,
            Kind = "due",
            Verdict = Verdict.Noted,
            Reason = "a delay has ended",
            Episode = alert.Life.Episode,
        },
    ]);
}

/// <summary>PagerDuty sends the note of a resolve as a note with this undocumented prefix, shortly before or after the resolve.</summary>
internal static class ResolutionNote
{
    private const string Prefix = "Resolution Note:";

    public static string Say(string text) => text.TrimStart() is var trimmed && trimmed.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        ? $"resolution note: {trimmed[Prefix.Length..].Trim()}"
        : text;
}
