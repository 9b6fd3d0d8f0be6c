namespace BigPanda.Functions.Alerts;

public static partial class AlertLifecycle
{
    /// <summary>
    /// Fires the alert again if its close is not getting through and the incident is worse than what was resolved: a person must see it.
    /// Checked after every event, so that the failure and the delivery may come in either order.
    /// </summary>
    private static Decision FireIfWorse(Decision decision, DateTimeOffset now)
    {
        if (FindWorsening(decision.Alert, now) is not var (since, why)) return decision;

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
    private static (Stamp Since, string Why)? FindWorsening(Alert alert, DateTimeOffset now)
    {
        if (!alert.Life.AwaitsClose || alert.Sync is not { WorseSince: { } since, SeenGravity: { } seen }) return null;
        if (alert.Sync.FindObstacle(now) is not { } obstacle || Gravity.Of(alert.Content).DescribeWorsening(seen) is not { } worse) return null;
        return (since, $"{obstacle}, and the incident is worse than what was resolved: {worse}");
    }
}
