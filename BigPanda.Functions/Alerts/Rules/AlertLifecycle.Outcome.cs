using System.Diagnostics;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules;

public static partial class AlertLifecycle
{
    private static Decision DecideOutcome(Alert alert, ActionReported report, DateTimeOffset now)
    {
        if (report.Destination == Destination.PagerDuty) return DecidePageOutcome(alert, report, now);
        if (report.Kind == ActionKinds.Comment) return DecideCommentOutcome(alert, report, now);
        if (report.Kind != ActionKinds.Close) return Record(alert, report, Verdict.Noted, report.Detail, now);
        if (alert.BigPanda.ActionId != report.ActionId)
            return Record(alert, report, Verdict.Stale, "the close is no longer pending", now);
        // A closed incident stays closed, however late its report.
        if (alert.BigPanda.IsNewerThan(report) && report.Result != ActionResult.Closed)
            return Record(alert, report, Verdict.Stale, $"superseded: attempt {alert.BigPanda.ReportedAttempt} is already reported", now);

        var sync = alert.BigPanda with
        {
            Attempts = Math.Max(alert.BigPanda.Attempts, report.Attempt),
            ReportedAttempt = report.Attempt,
            ReportedAt = report.At,
            NextAttemptAt = report.NextAttemptAt,
            IsDropped = report.IsDropped,
            UpdatedAt = now,
        };
        return report.Result switch
        {
            ActionResult.Accepted => Update(
                sync with { State = SyncState.Closing, IsAccepted = true, LastError = null }, Verdict.Applied,
                "BigPanda accepted the close; it is done once the incident shows as closed"),
            ActionResult.Closed => Record(ConfirmClose(alert with { BigPanda = sync }, report.At, now), report, Verdict.Applied, report.Detail, now),
            ActionResult.Retrying => Update(sync with { State = SyncState.Closing, LastError = report.Detail }, Verdict.Noted, report.Detail),
            ActionResult.Parked => Update(sync with { State = SyncState.Parked, LastError = report.Detail }, Verdict.Applied, report.Detail),
            ActionResult.Released => Update(sync with { State = SyncState.Closing }, Verdict.Applied, report.Detail),
            ActionResult.Failed => Update(sync with { State = SyncState.Failed, LastError = report.Detail }, Verdict.Applied, report.Detail),
            _ => throw new UnreachableException($"No rule for {report.Result}."),
        };

        Decision Update(DestinationSync next, Verdict verdict, string reason) =>
            Record(alert with { BigPanda = next, UpdatedAt = now }, report, verdict, reason, now);
    }

    /// <summary>A comment's outcome is in the timeline only; nothing that the alert shows changes. After a failure the same text is a new comment.</summary>
    private static Decision DecideCommentOutcome(Alert alert, ActionReported report, DateTimeOffset now) => Record(
        report.Result == ActionResult.Failed ? alert with { FailedComments = alert.FailedComments + 1, SentTexts = null } : alert,
        report, Verdict.Noted, report.Result == ActionResult.Accepted ? "the comment is in BigPanda" : report.Detail, now);

    private static Decision Record(Alert result, ActionReported report, Verdict verdict, string reason, DateTimeOffset now)
    {
        var doing = report.Kind switch
        {
            ActionKinds.Close => $"closing the incident in {report.Destination}",
            ActionKinds.Comment => $"commenting on the incident in {report.Destination}",
            _ when report.Destination == Destination.PagerDuty => $"{report.Kind} {report.ActionId} in PagerDuty",
            _ => $"calling {report.Destination}'s {report.Kind} service",
        };
        return new Decision(result, verdict,
        [
            new TimelineEntry
            {
                At = now,
                Kind = report.Kind,
                Verdict = verdict,
                Reason = reason,
                Episode = result.Life.Episode,
                Actor = report.Actor,
                Summary = $"{doing}, attempt {report.Attempt}",
            },
        ]);
    }

    /// <summary>
    /// BigPanda's 409 has no time, and our clock must not replace it: the close is placed right behind what the resolver had seen, so
    /// that every later fact stays later.
    /// </summary>
    private static Alert ConfirmClose(Alert alert, DateTimeOffset at, DateTimeOffset now) =>
        With(alert, new Mark(new Stamp(alert.History.SeenByResolver), MarkKind.CloseConfirmed, at), now);
}
