using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules;

public static partial class AlertLifecycle
{
    /// <summary>
    /// Fires the alert again if its close is not getting through and the incident is worse than what was resolved: a person must see it.
    /// Checked after every event, so that the failure and the delivery may come in either order.
    /// </summary>
    /// <param name="asOf">Later than now if the event says so: clocks of instances and of the broker differ.</param>
    private static Decision FireIfWorse(Decision decision, DateTimeOffset asOf, DateTimeOffset now)
    {
        if (FindWorsening(decision.Alert, asOf) is not var (since, why)) return decision;

        var before = decision.Alert;
        var mark = new Mark(new Stamp(since.Moment.Next()), MarkKind.Worsened, since.Moment.Time ?? since.ReceivedAt);
        var after = With(before, mark, now);
        var entry = new TimelineEntry
        {
            At = now,
            Kind = "worsened",
            Verdict = Verdict.Applied,
            Reason = $"the alert fires again, episode {after.Life.Episode}: {why}",
            Episode = after.Life.Episode,
        };
        return decision with { Alert = after, Verdict = Verdict.Applied, Timeline = [.. decision.Timeline, entry] };
    }

    /// <summary>The delivery that made the incident worse, and the reason to fire; null when the close can be waited for.</summary>
    private static (Stamp Since, string Why)? FindWorsening(Alert alert, DateTimeOffset asOf)
    {
        if (!alert.Life.AwaitsClose || alert.Worsening is not var (since, worse) || FindObstacle(alert, asOf) is not { } obstacle) return null;
        return (since, $"{obstacle}, and the incident is worse than what was resolved: {worse}");
    }

    /// <summary>A close that is not sent cannot be waited for.</summary>
    private static string? FindObstacle(Alert alert, DateTimeOffset asOf) =>
        alert.BigPanda.State == SyncState.InSync ? alert.BigPanda.Outlook : alert.Resolve?.FindObstacle(alert.BigPanda, asOf);

    /// <summary>Records that the time is up; <see cref="FireIfWorse"/> decides.</summary>
    private static Decision DecideOverdue(Alert alert, CloseOverdue overdue, DateTimeOffset now)
    {
        var isPending = alert.Life.AwaitsClose && alert.BigPanda.State == SyncState.Closing && alert.Resolve?.AskedAt == overdue.AskedAt;
        var verdict = isPending ? Verdict.Noted : Verdict.Stale;
        return new Decision(alert, verdict,
        [
            new TimelineEntry
            {
                At = now,
                Kind = "close",
                Verdict = verdict,
                Reason = isPending ? "BigPanda does not yet show the incident as closed" : "the close was settled or replaced in the meantime",
                Episode = alert.Life.Episode,
                Summary = "check of the pending close, 15 minutes after the resolve",
            },
        ]);
    }
}
