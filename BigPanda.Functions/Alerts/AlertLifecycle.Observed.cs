namespace BigPanda.Functions.Alerts;

public static partial class AlertLifecycle
{
    /// <summary>As many as one action is tried.</summary>
    private const int MaxCloses = 14;

    private static Decision DecideObserved(Alert alert, IncidentObserved observed, DateTimeOffset now)
    {
        if (observed.CloseId is not { } closeId || alert.ObjectionTo(closeId) is not null)
            return Observed(alert, observed, Verdict.Stale, "the close has been settled in the meantime", now);

        var seen = SeenByResolver(alert.History);
        if (!observed.IsActive)
        {
            var at = observed.ResolvedAt ?? observed.ChangedAt;
            var closed = at is { } time
                ? new Mark(new Stamp(time, time, 0, 0), MarkKind.Closed, time, Via: ResolvedVia.BigPanda)
                : new Mark(seen, MarkKind.CloseConfirmed, observed.ObservedAt);
            return Observed(Moved(alert, closed, now), observed, Verdict.Applied, "BigPanda, when asked, shows the incident as closed", now);
        }

        if (observed.ReopenedAt is { } reopenedAt && reopenedAt > Time(seen))
        {
            var reopened = new Mark(new Stamp(reopenedAt, reopenedAt, int.MaxValue, 0), MarkKind.Reopen, reopenedAt, observed.ReopenedBy);
            return Fired(reopened, $"reopened in BigPanda{(observed.ReopenedBy is { } by ? $" by {by}" : "")} at {Words(reopenedAt)}");
        }

        if (observed.ResolvedAt is { } resolvedAt && resolvedAt > Time(seen))
        {
            var newest = alert.History.Marks is [.., var last] ? last.Stamp : seen;
            var reopened = new Mark(newest with { Rank = int.MaxValue }, MarkKind.Reopen, observed.ChangedAt ?? observed.ObservedAt);
            return Fired(reopened, $"BigPanda resolved the incident at {Words(resolvedAt)} and shows it as active without a reopen");
        }

        return alert.Sync.Attempts >= MaxCloses
            ? Observed(
                alert with { Sync = alert.Sync with { State = SyncState.Failed, LastError = StillOpen(alert), UpdatedAt = now }, UpdatedAt = now }, observed, Verdict.Applied, StillOpen(alert), now)
            : ClosedAgain(alert, observed, now);

        Decision Fired(Mark reopened, string why)
        {
            var after = Moved(alert, reopened, now);
            return Observed(after, observed, Verdict.Applied, $"the alert fires again, episode {after.Life.Episode}: {why}", now);
        }
    }

    private static Decision ClosedAgain(Alert alert, IncidentObserved observed, DateTimeOffset now)
    {
        var next = alert with { Sync = alert.Sync with { CloseId = NextCloseId(alert, alert.Life), IsAccepted = false, UpdatedAt = now }, UpdatedAt = now };
        var why = "BigPanda has taken the close, and the incident is still open and has not been reopened since: it is closed again";
        return Observed(next, observed, Verdict.Applied, why, now) with
        {
            Action = CloseAction(next) with { AttemptsBefore = alert.Sync.Attempts },
        };
    }

    private static string StillOpen(Alert alert) => $"BigPanda has taken the close {alert.Sync.Attempts} times and the incident is still open";

    private static Alert Moved(Alert alert, Mark mark, DateTimeOffset now)
    {
        var history = alert.History.Contains(mark) ? alert.History : alert.History.With(mark);
        var life = history.State();
        return alert with { History = history, Life = life, Sync = life.AwaitsClose ? alert.Sync : alert.Sync.Settled(now), UpdatedAt = now };
    }

    /// <summary>The newest fact that the author of the latest resolve had seen.</summary>
    private static Stamp SeenByResolver(AlertHistory history) =>
        history.Marks.LastOrDefault(mark => mark.Kind == MarkKind.ResolvedHere) is { Kind: MarkKind.ResolvedHere } resolve ? resolve.Stamp : history.BaseEnd?.Stamp ?? default;

    private static Decision Observed(Alert result, IncidentObserved observed, Verdict verdict, string reason, DateTimeOffset now) => new(result, verdict,
    [
        new TimelineEntry
        {
            At = now,
            Kind = "observed",
            Verdict = verdict,
            Reason = reason,
            Episode = result.Life.Episode,
            Summary = $"BigPanda, when asked, showed the incident as {(observed.IsActive ? "active" : "closed")}",
        },
    ]);
}
