using System.Diagnostics;

namespace BigPanda.Functions.Alerts;

public static partial class AlertLifecycle
{
    private static Decision DecideOutcome(Alert alert, ActionReported report, DateTimeOffset now)
    {
        if (report.ActionId.StartsWith(CommentPrefix, StringComparison.Ordinal)) return CommentOutcome(alert, report, now);
        if (report.ActionId.StartsWith(SendCallbackAction.Prefix, StringComparison.Ordinal)) return Outcome(alert, report, Verdict.Noted, report.Detail, now);
        if (alert.Sync.CloseId != report.ActionId || alert.Sync.State == SyncState.InSync)
            return Outcome(alert, report, Verdict.Stale, "the close has been settled in the meantime", now);

        var sync = alert.Sync with { Attempts = Math.Max(alert.Sync.Attempts, report.Attempt), NextAttemptAt = report.NextAttemptAt, UpdatedAt = now };
        return report.Result switch
        {
            ActionResult.Accepted => Outcome(
                With(sync with { State = SyncState.Closing, IsAccepted = true, LastError = null }), report, Verdict.Applied, "BigPanda has taken the close; it is done when the incident shows as closed", now),
            ActionResult.Closed => Outcome(Confirmed(alert with { Sync = sync }, report, now), report, Verdict.Applied, report.Detail, now),
            ActionResult.Retrying => Outcome(With(sync with { State = SyncState.Closing, LastError = report.Detail }), report, Verdict.Noted, report.Detail, now),
            ActionResult.Parked => Outcome(With(sync with { State = SyncState.Parked, LastError = report.Detail }), report, Verdict.Applied, report.Detail, now),
            ActionResult.Released => Outcome(With(sync with { State = SyncState.Closing }), report, Verdict.Applied, report.Detail, now),
            ActionResult.Failed => Outcome(With(sync with { State = SyncState.Failed, LastError = report.Detail }), report, Verdict.Applied, report.Detail, now),
            _ => throw new UnreachableException($"No rule for {report.Result}."),
        };

        Alert With(BigPandaSync next) => alert with { Sync = next, UpdatedAt = now };
    }

    /// <summary>A comment's way is told by the timeline alone: it changes nothing of the alert.</summary>
    private static Decision CommentOutcome(Alert alert, ActionReported report, DateTimeOffset now) =>
        Outcome(alert, report, Verdict.Noted, report.Result == ActionResult.Accepted ? "the comment is in BigPanda" : report.Detail, now);

    private static Decision Outcome(Alert result, ActionReported report, Verdict verdict, string reason, DateTimeOffset now)
    {
        var (kind, doing) = report.ActionId switch
        {
            var id when id.StartsWith(CommentPrefix, StringComparison.Ordinal) => ("comment", "commenting on the incident in BigPanda"),
            var id when id.StartsWith(SendCallbackAction.Prefix, StringComparison.Ordinal) => ("callback", "telling BigPanda that the alert is there"),
            _ => ("close", "closing the incident in BigPanda"),
        };
        return new Decision(result, verdict,
        [
            new TimelineEntry
            {
                At = now,
                Kind = kind,
                Verdict = verdict,
                Reason = reason,
                Episode = result.Life.Episode,
                Summary = $"{doing}, attempt {report.Attempt}",
            },
        ]);
    }

    /// <summary>
    /// BigPanda gives no time with its 409, so the fact takes our clock's. It ends the waiting for the close and nothing else:
    /// a reopen counts whichever side of it our clock puts it.
    /// </summary>
    private static Alert Confirmed(Alert alert, ActionReported report, DateTimeOffset now)
    {
        var history = alert.History.With(new Mark(new Stamp(report.At, report.At, 0, 0), MarkKind.CloseConfirmed, report.At));
        return alert with { History = history, Life = history.State(), Sync = alert.Sync.Settled(now), UpdatedAt = now };
    }
}
