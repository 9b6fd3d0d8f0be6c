using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules;

public static partial class AlertLifecycle
{
    private static Decision DecideResolve(Alert alert, ResolveRequested request, AlertPolicy policy, DateTimeOffset now)
    {
        var stamp = new Stamp((request.SeenBefore ?? request.Seen).Moment) { Fingerprint = StableHash.Of(request.MessageId) };
        var mark = new Mark(stamp, MarkKind.ResolvedHere, request.RequestedAt, request.Actor, request.Via);
        if (alert.History.Contains(mark)) return Record(alert, request, Verdict.Duplicate, "this request was already applied", now);

        if (alert.History.HasFiredSince(mark))
            return SendComment(alert, request, Verdict.Stale, $"the alert has fired again since, episode {alert.Life.Episode}", policy, now);

        var isUnderWay = alert.Life.AwaitsClose && (policy.ClosesInBigPanda ? alert.BigPanda.IsOpen : alert.Resolve is not null);
        var resolved = With(alert, mark, now);
        if (resolved.IsFiring)
            return SendComment(resolved, request, Verdict.Stale, $"the alert has fired again since, episode {resolved.Life.Episode}", policy, now);
        if (!resolved.Life.AwaitsClose) return SendComment(resolved, request, Verdict.Duplicate, "the alert is already resolved", policy, now);

        var (current, outlook) = (Gravity.Of(alert.Content), resolved.BigPanda.Outlook);
        if (isUnderWay)
        {
            var again = resolved with { Resolve = (resolved.Resolve ?? new PendingResolve()).Accept(request, current, alert.ContentStamp) };
            return SendComment(again, request, Verdict.Duplicate, $"the alert is already resolved; {outlook}", policy, now);
        }

        var text = TextOf(request, resolved, now) with { IsOnClose = true };
        // The response to an earlier request was lost, which found the alert resolved: its text went to BigPanda as a comment.
        var said = resolved.SentTexts.CoversAsComment(text) ? null : request.Comment;
        var pending = new PendingResolve { Comment = OurComments.OnClose(request.Actor, request.Via, said), AskedAt = now };
        var heard = Remember(resolved, text, policy);
        var (closing, close) = Close(heard, pending.Accept(request, current, alert.ContentStamp), policy, now);
        var isAgain = policy.ClosesInBigPanda && alert.BigPanda.State == SyncState.Failed;
        var reason = isAgain ? "the close is sent again" : $"the alert is resolved; {closing.BigPanda.Outlook}";
        return Record(closing, request, Verdict.Applied, reason, now).With(close);
    }

    private static SentText TextOf(ResolveRequested request, Alert alert, DateTimeOffset now) =>
        SentText.Of(request.Actor, request.Via, request.Comment ?? "", alert.Life.Episode, now);

    /// <summary>No close is sent. The resolver's comment still goes to BigPanda, as a comment.</summary>
    private static Decision SendComment(Alert result, ResolveRequested request, Verdict verdict, string why, AlertPolicy policy, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(request.Comment)) return Record(result, request, verdict, why, now);
        var text = TextOf(request, result, now);
        if (result.SentTexts.Covers(text)) return Record(result, request, verdict, why, now);
        var comment = new Commented(request.MessageId, request.Via, request.Actor, request.Comment);
        var reason = policy.ClosesInBigPanda ? $"{why}; the comment is sent to BigPanda" : why;
        return Record(Expect(Remember(result, text, policy), comment.Line, policy, now), request, verdict, reason, now).With(comment);
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
}
