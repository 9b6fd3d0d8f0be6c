using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules;

public static partial class AlertLifecycle
{
    /// <summary>Equals the attempts of one action.</summary>
    private const int MaxCloses = 14;

    private static Decision DecideObserved(Alert alert, IncidentObserved observed, AlertPolicy policy, DateTimeOffset now)
    {
        if (observed.CloseId is not { } closeId) return DecideReconciled(alert, observed, now);
        if (alert.FindCloseObjection(closeId) is not null)
            return Record(alert, observed, Verdict.Stale, "the close is no longer pending", now);

        var seen = alert.History.SeenByResolver.Time;
        if (!observed.IsActive)
            return Record(RecordClose(alert, observed, seen, now), observed, Verdict.Applied, "BigPanda's API shows the incident as closed", now);

        if (observed.ReopenedAt is { } reopenedAt && reopenedAt > seen)
        {
            var by = observed.ReopenedBy is { } actor ? $" by {actor}" : "";
            return FireAgain(alert, Reopened(reopenedAt, observed.ReopenedBy), observed, $"reopened in BigPanda{by} at {Format(reopenedAt)}", now);
        }

        if (FindContradiction(observed, seen) is { } why)
        {
            var behind = new Stamp(alert.History.Newest.Moment.Next()) { Kind = DeliveryKind.Reopen };
            return FireAgain(alert, new Mark(behind, MarkKind.Reopen, observed.ChangedAt ?? observed.ObservedAt), observed, why, now);
        }

        if (FindWorsening(alert, now) is not null) return Record(alert, observed, Verdict.Noted, "the incident is still open", now);
        if (!policy.ClosesInBigPanda) return StopClosing(alert, observed, now);
        return alert.BigPanda.Attempts >= MaxCloses ? GiveUp(alert, observed, now) : CloseAgain(alert, observed, now);
    }

    /// <summary>
    /// Closed at BigPanda's time: its newest resolve, else its last change. Only a time later than what the resolver saw can be that of
    /// the close.
    /// </summary>
    private static Alert RecordClose(Alert alert, IncidentObserved observed, DateTimeOffset? seen, DateTimeOffset now) =>
        (observed.ResolvedAt > seen ? observed.ResolvedAt : observed.ChangedAt) is { } at && at > seen
            ? With(alert, new Mark(new Stamp(Moment.Of(at)) { Kind = DeliveryKind.Closed }, MarkKind.Closed, at, Via: ResolvedVia.BigPanda), now)
            : ConfirmClose(alert, observed.ObservedAt, now);

    /// <summary>Why it is unknown whether the incident was reopened; null when it was not.</summary>
    private static string? FindContradiction(IncidentObserved observed, DateTimeOffset? seen) => seen switch
    {
        null when observed.ReopenedAt is not null || observed.ResolvedAt is not null =>
            "BigPanda's API shows the incident as active, and no delivery before the resolve has a time to compare its activities with",
        { } time when observed.ResolvedAt is { } resolvedAt && resolvedAt > time =>
            $"BigPanda resolved the incident at {Format(resolvedAt)} and shows it as active with no reopen",
        _ => null,
    };

    private static Decision FireAgain(Alert alert, Mark reopened, IncidentObserved observed, string why, DateTimeOffset now)
    {
        var after = With(alert, reopened, now);
        return Record(after, observed, Verdict.Applied, $"the alert fires again, episode {after.Life.Episode}: {why}", now);
    }

    private static Decision CloseAgain(Alert alert, IncidentObserved observed, DateTimeOffset now)
    {
        var closeId = NextCloseId(alert);
        var next = alert with { BigPanda = alert.BigPanda.Repeat(closeId, now), UpdatedAt = now };
        const string Reason = "BigPanda accepted the close, but the incident is still open with no reopen since: the close is sent again";
        return Record(next, observed, Verdict.Applied, Reason, now).With(new CloseWanted(closeId, alert.BigPanda.Attempts));
    }

    /// <summary>The mode was changed while the close was pending.</summary>
    private static Decision StopClosing(Alert alert, IncidentObserved observed, DateTimeOffset now)
    {
        var settled = alert with { BigPanda = alert.BigPanda.Settle(now), UpdatedAt = now };
        return Record(settled, observed, Verdict.Applied, $"the incident is still open; {settled.BigPanda.Outlook}", now);
    }

    private static Decision GiveUp(Alert alert, IncidentObserved observed, DateTimeOffset now)
    {
        var reason = $"BigPanda accepted the close {alert.BigPanda.Attempts} times, but the incident is still open";
        var sync = alert.BigPanda with { State = SyncState.Failed, LastError = reason, UpdatedAt = now };
        return Record(alert with { BigPanda = sync, UpdatedAt = now }, observed, Verdict.Applied, reason, now);
    }

    private static Decision Record(Alert result, IncidentObserved observed, Verdict verdict, string reason, DateTimeOffset now) => new(result, verdict,
    [
        new TimelineEntry
        {
            At = now,
            Kind = "observed",
            Verdict = verdict,
            Reason = reason,
            Episode = result.Life.Episode,
            Summary = Summarize(observed),
        },
    ]);

    private static string Summarize(IncidentObserved observed) => observed switch
    {
        { Gone: not null } => "BigPanda's API does not know the incident",
        { IsActive: true } => "BigPanda's API showed the incident as active",
        _ => "BigPanda's API showed the incident as closed",
    };
}
