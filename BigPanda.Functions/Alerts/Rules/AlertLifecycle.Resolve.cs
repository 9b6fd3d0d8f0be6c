using System.Globalization;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Vendors.BigPanda.Actions;

namespace BigPanda.Functions.Alerts.Rules;

public static partial class AlertLifecycle
{
    private static Decision DecideResolve(Alert alert, ResolveRequested request, DateTimeOffset now)
    {
        var stamp = new Stamp((request.SeenBefore ?? request.Seen).Moment) { Fingerprint = StableHash.Of(request.MessageId) };
        var mark = new Mark(stamp, MarkKind.ResolvedHere, request.RequestedAt, request.Actor, request.Via);
        if (alert.History.Contains(mark)) return Record(alert, request, Verdict.Duplicate, "this request was already applied", now);

        var isClosing = alert.Life.AwaitsClose && alert.Sync.IsOpen;
        var resolved = With(alert, mark, now);
        if (resolved.IsFiring) return SendComment(resolved, request, Verdict.Stale, $"the alert has fired again since, episode {resolved.Life.Episode}", now);
        if (!resolved.Life.AwaitsClose) return SendComment(resolved, request, Verdict.Duplicate, "the alert is already resolved", now);
        if (isClosing)
        {
            var sync = resolved.Sync.Accept(request, Gravity.Of(alert.Content), alert.ContentStamp);
            return SendComment(resolved with { Sync = sync }, request, Verdict.Duplicate, $"the alert is already resolved; {sync.Outlook}", now);
        }

        var closeId = NextCloseId(resolved);
        var closing = resolved with { Sync = NewClose(resolved, closeId, request, now), Expected = alert.Expected.With(CloseComment(request), now) };
        var reason = alert.Sync.State == SyncState.Failed ? "the close is sent again" : "the alert is resolved; the incident is being closed";
        return Record(closing, request, Verdict.Applied, reason, now) with { Planned = CloseAction(closing, closeId).ToAction() };
    }

    /// <summary>
    /// Sends the close that a late delivery makes necessary: the incident was closed when the resolve was applied, so none was sent, and the late
    /// reopen is older than the resolve. The resolver's comment was sent then. An event that has an action already is followed by its report.
    /// </summary>
    private static Decision CloseIfUnsent(Decision decision, DateTimeOffset now)
    {
        if (decision is not { Planned: null, Alert: { Life.AwaitsClose: true, Sync.State: SyncState.InSync } alert }) return decision;
        var closeId = NextCloseId(alert);
        var comment = $"Resolved by {alert.Life.ResolvedBy} through the alert bridge ({alert.Life.ResolvedVia}).";
        var sync = new BigPandaSync
        {
            State = SyncState.Closing,
            CloseId = closeId,
            Comment = comment,
            AskedAt = now,
            UpdatedAt = now,
            Seen = new Stamp(alert.History.SeenByResolver),
            SeenGravity = Gravity.Of(alert.Content),
        };
        var closing = alert with { Sync = sync, Expected = alert.Expected.With(comment, now), UpdatedAt = now };
        var entry = new TimelineEntry
        {
            At = now,
            Kind = "close",
            Verdict = Verdict.Applied,
            Reason = $"a late delivery shows that the incident was open when {alert.Life.ResolvedBy} resolved it; it is being closed",
            Episode = alert.Life.Episode,
            Summary = "closing the incident in BigPanda",
        };
        return decision with { Alert = closing, Timeline = [.. decision.Timeline, entry], Planned = CloseAction(closing, closeId).ToAction() };
    }

    /// <summary>No close is sent. The resolver's comment still goes to BigPanda, as a comment.</summary>
    private static Decision SendComment(Alert result, ResolveRequested request, Verdict verdict, string why, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(request.Comment)) return Record(result, request, verdict, why, now);
        var comment = CommentAction(result, request.MessageId, request.Actor, request.Via, request.Comment);
        result = result with { Expected = result.Expected.With(comment.Comment, now) };
        return Record(result, request, verdict, $"{why}; the comment is sent to BigPanda", now) with { Planned = comment.ToAction() };
    }

    private static Decision Record(Alert result, ResolveRequested request, Verdict verdict, string reason, DateTimeOffset now) => new(result, verdict,
    [
        new TimelineEntry
        {
            At = now,
            Kind = "resolve",
            Verdict = verdict,
            Reason = reason,
            Episode = result.Life.Episode,
            Actor = request.Actor,
            Summary = $"resolved through {request.Via}",
            Comment = request.Comment,
        },
    ]);

    private static BigPandaSync NewClose(Alert alert, string closeId, ResolveRequested request, DateTimeOffset now) =>
        new BigPandaSync { State = SyncState.Closing, CloseId = closeId, Comment = CloseComment(request), AskedAt = now, UpdatedAt = now }
            .Accept(request, Gravity.Of(alert.Content), alert.ContentStamp);

    /// <summary>"2" for the second episode's first close, "2.1" for its next.</summary>
    private static string NextCloseId(Alert alert)
    {
        var episode = $"{alert.Life.Episode}";
        var last = alert.Sync.CloseId ?? alert.Sync.LastCloseId;
        if (last?.Split('.') is not [var same, .. var tries] || same != episode) return episode;
        return $"{episode}.{(tries is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) + 1 : 1)}";
    }

    private static CloseIncidentAction CloseAction(Alert alert, string closeId) => new(
        alert.IncidentId,
        closeId,
        alert.Content.EnvironmentId,
        alert.Sync.Comment ?? $"Resolved by {alert.Life.ResolvedBy} through the alert bridge ({alert.Life.ResolvedVia}).")
    {
        OtherEnvironmentIds = alert.Content.OtherEnvironmentIds,
    };

    private static string CloseComment(ResolveRequested request) =>
        $"Resolved by {request.Actor} through the alert bridge ({request.Via}){(string.IsNullOrWhiteSpace(request.Comment) ? "." : $": {request.Comment}")}";
}
