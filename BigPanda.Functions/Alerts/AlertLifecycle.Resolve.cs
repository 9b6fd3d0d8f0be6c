namespace BigPanda.Functions.Alerts;

public static partial class AlertLifecycle
{
    private static Decision DecideResolve(Alert alert, ResolveRequested request, DateTimeOffset now)
    {
        var history = alert.History;
        var mark = new Mark(request.Seen, MarkKind.ResolvedHere, request.RequestedAt, request.Actor, request.Via);
        if (!history.Contains(mark)) history = history.With(mark);
        var life = history.State();

        if (life.Status == AlertStatus.Firing)
            return Judged(alert with { History = history, Life = life }, Verdict.Stale, $"the alert has fired again since, episode {life.Episode}");
        if (!life.AwaitsClose)
            return Judged(alert with { History = history, Life = life }, Verdict.Duplicate, "the alert is resolved already");
        if (alert.Life.AwaitsClose && alert.Sync.IsOpen)
            return Judged(alert with { History = history, Life = life }, Verdict.Duplicate, "the alert is resolved already; the incident is being closed");

        var next = alert with
        {
            History = history,
            Life = life,
            Sync = new BigPandaSync { State = SyncState.Closing, CloseId = NextCloseId(alert, life), Comment = CloseComment(request), UpdatedAt = now },
            Expected = alert.Expected.With(CloseComment(request), now),
            UpdatedAt = now,
        };
        var reason = alert.Sync.State == SyncState.Failed ? "the incident's close is tried again" : "the alert is resolved; the incident is being closed";
        return Judged(next, Verdict.Applied, reason) with { Action = CloseAction(next) };

        Decision Judged(Alert result, Verdict verdict, string reason) => new(result, verdict,
        [
            new TimelineEntry
            {
                At = now,
                Kind = "resolve",
                Verdict = verdict,
                Reason = reason,
                Episode = result.Life.Episode,
                Actor = request.Actor,
                Summary = $"resolved through {request.Via}",
                Comment = request.Comment,
            },
        ]);
    }

    /// <summary>"2" for the second episode's close, "2.1" for the one after that has failed.</summary>
    private static string NextCloseId(Alert alert, LifeState life)
    {
        var episode = $"{life.Episode}";
        if (alert.Sync.CloseId is not { } last || last.Split('.') is not [var same, .. var tries] || same != episode) return episode;
        return $"{episode}.{(tries is [var count] ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) + 1 : 1)}";
    }

    private static CloseIncidentAction CloseAction(Alert alert) => new(
        alert.IncidentId,
        alert.Sync.CloseId ?? throw new AlertRuleException("A close without an id."),
        alert.Content.EnvironmentId,
        alert.Sync.Comment ?? $"Resolved by {alert.Life.ResolvedBy} through the alert bridge ({alert.Life.ResolvedVia}).")
    {
        OtherEnvironmentIds = alert.Content.OtherEnvironmentIds,
    };

    private static string CloseComment(ResolveRequested request) =>
        $"Resolved by {request.Actor} through the alert bridge ({request.Via}){(string.IsNullOrWhiteSpace(request.Comment) ? "." : $": {request.Comment}")}";
}
