using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules;

public static partial class AlertLifecycle
{
    /// <summary>
    /// What the reconciler has read of an incident whose alert did not agree with BigPanda. It is placed by BigPanda's times like the webhook that was
    /// lost, so the webhook itself, should it still come, and everything newer than the reading have their usual effect.
    /// </summary>
    private static Decision DecideReconciled(Alert alert, IncidentObserved observed, DateTimeOffset now)
    {
        if (alert.Life.AwaitsClose && alert.BigPanda.State == SyncState.Closing)
            return Record(alert, observed, Verdict.Stale, "a close is pending: its verification decides", now);
        return (alert.IsFiring, observed.IsActive) switch
        {
            (true, false) => EndUnheard(alert, observed, now),
            (false, true) => FireUnheard(alert, observed, now),
            _ => Record(alert, observed, Verdict.Stale, "the alert agrees with BigPanda", now),
        };
    }

    private static Decision EndUnheard(Alert alert, IncidentObserved observed, DateTimeOffset now)
    {
        var after = With(alert, UnheardClose(observed), now);
        if (after.IsFiring) return Record(alert, observed, Verdict.Stale, "a newer webhook shows the incident as active", now);
        var reason = observed.Gone ?? $"the incident was closed in BigPanda{TimeOf(observed.ResolvedAt)}, and no webhook of it was received";
        return Record(after, observed, Verdict.Applied, reason, now);
    }

    private static Decision FireUnheard(Alert alert, IncidentObserved observed, DateTimeOffset now)
    {
        if (observed.ReopenedAt is not { } reopenedAt || alert.History.HasReopen(reopenedAt))
            return Record(alert, observed, Verdict.Stale, "BigPanda shows no new reopen of the incident", now);
        var reopened = Reopened(reopenedAt, observed.ReopenedBy);
        return With(alert, reopened, now).IsFiring
            ? FireAgain(alert, reopened, observed, $"reopened in BigPanda{TimeOf(reopenedAt)}, and no webhook of it was received", now)
            : Record(alert, observed, Verdict.Stale, "the incident was closed after the reopen", now);
    }

    /// <summary>At BigPanda's time, if that is later than what was known when the incident was read; else right behind that.</summary>
    private static Mark UnheardClose(IncidentObserved observed)
    {
        var seen = observed.Seen.Moment;
        DateTimeOffset?[] times = [observed.ResolvedAt, observed.ChangedAt];
        var at = Array.Find(times, time => time > (seen.Time ?? DateTimeOffset.MinValue));
        var stamp = new Stamp(at is { } known ? Moment.Of(known) : seen.Next()) { Kind = DeliveryKind.Closed };
        return new Mark(stamp, MarkKind.Closed, at ?? observed.ObservedAt, observed.ResolvedBy, ResolvedVia.Reconciler);
    }

    private static Mark Reopened(DateTimeOffset at, string? by) =>
        new(new Stamp(Moment.Of(at)) { Kind = DeliveryKind.Reopen }, MarkKind.Reopen, at, by);

    private static string TimeOf(DateTimeOffset? at) => at is { } time ? $" at {Format(time)}" : "";
}
