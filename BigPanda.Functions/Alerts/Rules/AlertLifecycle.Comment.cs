namespace BigPanda.Functions.Alerts.Rules;

public static partial class AlertLifecycle
{
    private const string AlreadySent = "this person's text was already sent: the request was repeated";

    private static Decision DecideComment(Alert alert, CommentRequested request, AlertPolicy policy, DateTimeOffset now)
    {
        var text = SentText.Of(request.Actor, request.Via, request.Comment, alert.Life.Episode, now);
        var isRepeat = alert.SentTexts.Covers(text);
        var entry = new TimelineEntry
        {
            At = now,
            Kind = "comment",
            Verdict = isRepeat ? Verdict.Duplicate : Verdict.Noted,
            Reason = isRepeat ? AlreadySent : policy.ClosesInBigPanda ? "recorded; the comment is sent to BigPanda" : "recorded; nothing is sent to BigPanda",
            Episode = alert.Life.Episode,
            Actor = request.Actor,
            Summary = $"commented through {request.Via}",
            Comment = request.Comment,
        };
        if (isRepeat) return new Decision(alert, Verdict.Duplicate, [entry]);
        var comment = new Commented(request.MessageId, request.Via, request.Actor, request.Comment);
        return new Decision(Expect(Remember(alert, text, policy), comment.Line, policy, now), Verdict.Noted, [entry], [comment]);
    }

    private static Alert Remember(Alert alert, SentText text, AlertPolicy policy) =>
        policy.SendsTexts ? alert with { SentTexts = alert.SentTexts.With(text) } : alert;

    /// <summary>What is not sent does not come back.</summary>
    private static Alert Expect(Alert alert, string comment, AlertPolicy policy, DateTimeOffset now) =>
        policy.ClosesInBigPanda ? alert with { Expected = alert.Expected.With(comment, now) } : alert;
}
