using System.Globalization;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules;

public static partial class AlertLifecycle
{
    /// <summary>Puts a resolve under way: in BigPanda too, unless its mode sends nothing.</summary>
    private static (Alert Closing, CloseWanted Close) Close(Alert alert, PendingResolve resolve, AlertPolicy policy, DateTimeOffset now)
    {
        var close = new CloseWanted(NextCloseId(alert));
        if (!policy.ClosesInBigPanda)
            return (alert with { Resolve = resolve, BigPanda = alert.BigPanda.State == SyncState.InSync ? alert.BigPanda : alert.BigPanda.Settle(now) }, close);
        var sync = new DestinationSync { State = SyncState.Closing, ActionId = close.ActionId, UpdatedAt = now };
        return (Expect(alert, resolve.Comment ?? "", policy, now) with { Resolve = resolve, BigPanda = sync }, close);
    }

    /// <summary>
    /// Sends the close that a late delivery makes necessary: the incident was closed when the resolve was applied, so none was sent, and the late
    /// reopen is older than the resolve. The resolver's comment was sent then. An event that has an action already is followed by its report.
    /// </summary>
    private static Decision CloseIfUnsent(Decision decision, AlertPolicy policy, DateTimeOffset now)
    {
        if (decision is not { Alert: { Life: { AwaitsClose: true } life, BigPanda.State: SyncState.InSync, Resolve: null } alert }) return decision;
        if (decision.Transitions.Any(transition => transition is CloseWanted or Commented or FirstSeenFrom { WantsCallback: true })) return decision;
        var pending = new PendingResolve
        {
            Comment = OurComments.OnClose(life.ResolvedBy, life.ResolvedVia),
            AskedAt = now,
            Seen = new Stamp(alert.History.SeenByResolver),
            SeenGravity = Gravity.Of(alert.Content),
        };
        var (closing, close) = Close(alert, pending, policy, now);
        var what = closing.BigPanda.State == SyncState.InSync ? closing.BigPanda.Outlook : "it is being closed";
        var entry = new TimelineEntry
        {
            At = now,
            Kind = "close",
            Verdict = Verdict.Applied,
            Reason = $"a late delivery shows that the incident was open when {life.ResolvedBy} resolved it; {what}",
            Episode = life.Episode,
            Summary = "closing the incident in BigPanda",
        };
        return (decision with { Alert = closing with { UpdatedAt = now }, Timeline = [.. decision.Timeline, entry] }).With(close);
    }

    /// <summary>"2" for the second episode's first close, "2.1" for its next.</summary>
    private static string NextCloseId(Alert alert)
    {
        var episode = $"{alert.Life.Episode}";
        var last = alert.BigPanda.ActionId ?? alert.BigPanda.LastActionId;
        if (last?.Split('.') is not [var same, .. var tries] || same != episode) return episode;
        return $"{episode}.{(tries is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) + 1 : 1)}";
    }
}
