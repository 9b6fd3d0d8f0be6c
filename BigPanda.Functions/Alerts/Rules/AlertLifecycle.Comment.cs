using BigPanda.Functions.Vendors.BigPanda.Actions;

namespace BigPanda.Functions.Alerts.Rules;

public static partial class AlertLifecycle
{
    private static Decision DecideComment(Alert alert, CommentRequested request, DateTimeOffset now)
    {
        var action = CommentAction(alert, request.MessageId, request.Actor, request.Via, request.Comment);
        return new Decision(
            alert with { Expected = alert.Expected.With(action.Comment, now) },
            Verdict.Noted,
            [
                new TimelineEntry
                {
                    At = now,
                    Kind = "comment",
                    Verdict = Verdict.Noted,
                    Reason = "recorded; the comment is sent to BigPanda",
                    Episode = alert.Life.Episode,
                    Actor = request.Actor,
                    Summary = $"commented through {request.Via}",
                    Comment = request.Comment,
                },
            ],
            action.ToAction());
    }

    /// <summary>The action id follows from the request's message id, so that a repeated request makes one comment.</summary>
    private static AddCommentAction CommentAction(Alert alert, string messageId, string actor, string via, string comment) =>
        new(alert.IncidentId, $"comment-{messageId}", alert.Content.EnvironmentId, $"{actor} through the alert bridge ({via}): {comment}")
        {
            OtherEnvironmentIds = alert.Content.OtherEnvironmentIds,
        };
}
