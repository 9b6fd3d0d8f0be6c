namespace BigPanda.Functions.Alerts.Rules;

public static partial class AlertLifecycle
{
    private static Decision DecideComment(Alert alert, CommentRequested request, AlertPolicy policy, DateTimeOffset now)
    {
        var entry = new TimelineEntry
        {
            At = now,
            Kind = "comment",
            Verdict = Verdict.Noted,
            Reason = policy.ClosesInBigPanda ? "recorded; the comment is sent to BigPanda" : "recorded; nothing is sent to BigPanda",
            Episode = alert.Life.Episode,
            Actor = request.Actor,
            Summary = $"commented through {request.Via}",
            Comment = request.Comment,
        };
        var comment = new Commented(request.MessageId, request.Via, request.Actor, request.Comment);
        return new Decision(Expect(alert, comment.Line, policy, now), Verdict.Noted, [entry], [comment]);
    }

    /// <summary>What is not sent does not come back.</summary>
    private static Alert Expect(Alert alert, string comment, AlertPolicy policy, DateTimeOffset now) =>
        policy.ClosesInBigPanda ? alert with { Expected = alert.Expected.With(comment, now) } : alert;
}
