using System.Diagnostics;

namespace BigPanda.Functions.Alerts;

public static partial class AlertLifecycle
{
    private static Decision DecideClose(Alert alert, CloseReported report, DateTimeOffset now)
    {
        if (alert.Sync.CloseId != report.CloseId || alert.Sync.State == SyncState.InSync)
            return Judged(alert, Verdict.Stale, "the close has been settled in the meantime");

        var sync = alert.Sync with { Attempts = Math.Max(alert.Sync.Attempts, report.Attempt), UpdatedAt = now };
        return report.Result switch
        {
            CloseResult.Accepted => Judged(With(sync with { State = SyncState.Closing, LastError = null }), Verdict.Applied, "BigPanda has taken the close; it is done when the incident shows as closed"),
            CloseResult.AlreadyClosed => Judged(Confirmed(alert, report, now), Verdict.Applied, "the incident is closed in BigPanda already"),
            CloseResult.Retrying => Judged(With(sync with { State = SyncState.Closing, LastError = report.Detail }), Verdict.Noted, report.Detail),
            CloseResult.Parked => Judged(With(sync with { State = SyncState.Parked, LastError = report.Detail }), Verdict.Applied, report.Detail),
            CloseResult.Released => Judged(With(sync with { State = SyncState.Closing }), Verdict.Applied, report.Detail),
            CloseResult.Failed => Judged(With(sync with { State = SyncState.Failed, LastError = report.Detail }), Verdict.Applied, report.Detail),
            _ => throw new UnreachableException($"No rule for {report.Result}."),
        };

        Alert With(BigPandaSync next) => alert with { Sync = next, UpdatedAt = now };

        Decision Judged(Alert result, Verdict verdict, string reason) => new(result, verdict,
        [
            new TimelineEntry
            {
                At = now,
                Kind = "close",
                Verdict = verdict,
                Reason = reason,
                Episode = result.Life.Episode,
                Summary = $"closing the incident in BigPanda, attempt {report.Attempt}",
            },
        ]);
    }

    /// <summary>
    /// BigPanda gives no time with its 409, so the fact takes our clock's. It ends the waiting for the close and nothing else:
    /// a reopen counts whichever side of it our clock puts it.
    /// </summary>
    private static Alert Confirmed(Alert alert, CloseReported report, DateTimeOffset now)
    {
        var at = report.At.ToUnixTimeSeconds();
        var history = alert.History.With(new Mark(new Stamp(at, at, 0, 0), MarkKind.CloseConfirmed, at));
        return alert with { History = history, Life = history.State(), Sync = BigPandaSync.InSync with { UpdatedAt = now }, UpdatedAt = now };
    }
}
