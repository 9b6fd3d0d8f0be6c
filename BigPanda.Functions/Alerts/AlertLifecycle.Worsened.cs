namespace BigPanda.Functions.Alerts;

public static partial class AlertLifecycle
{
    /// <summary>
    /// A close that cannot be counted on, of an incident that is worse than what was resolved: a person must see it again. Asked after every
    /// event, so it does not matter whether the failure or the delivery comes first.
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

    /// <summary>The delivery that made it worse, and why it matters, in words; null when the close may be waited for.</summary>
    private static (Stamp Since, string Why)? FindWorsening(Alert alert, DateTimeOffset now)
    {
        if (!alert.Life.AwaitsClose || alert.Sync is not { WorseSince: { } since, SeenGravity: { } seen }) return null;
        if (alert.Sync.FindObstacle(now) is not { } obstacle || Gravity.Of(alert.Content).DescribeWorsening(seen) is not { } worse) return null;
        return (since, $"{obstacle}, and the incident is worse than what was resolved: {worse}");
    }
}
