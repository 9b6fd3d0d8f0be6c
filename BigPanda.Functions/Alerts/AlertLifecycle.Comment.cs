namespace BigPanda.Functions.Alerts;

public static partial class AlertLifecycle
{
    private const string CommentPrefix = "comment-";

    /// <summary>The comment's message id names it, so that the same comment sent again by a caller in doubt is one comment.</summary>
    private static Decision DecideComment(Alert alert, CommentRequested request, DateTimeOffset now)
    {
        var action = new AddCommentAction(
            alert.IncidentId, CommentPrefix + request.MessageId, alert.Content.EnvironmentId, $"{request.Actor} through the alert bridge ({request.Via}): {request.Comment}")
        {
            OtherEnvironmentIds = alert.Content.OtherEnvironmentIds,
        };
        return new Decision(
            alert with { Expected = alert.Expected.With(action.Comment, now) },
            Verdict.Noted,
            [
                new TimelineEntry
                {
                    At = now,
                    Kind = "comment",
                    Verdict = Verdict.Noted,
                    Reason = "recorded; it goes to BigPanda",
                    Episode = alert.Life.Episode,
                    Actor = request.Actor,
                    Summary = $"commented through {request.Via}",
                    Comment = request.Comment,
                },
            ],
            action);
    }
}
