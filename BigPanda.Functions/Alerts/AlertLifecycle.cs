using System.Diagnostics;

namespace BigPanda.Functions.Alerts;

/// <summary>
/// Decides what an event makes of an alert. Pure: no I/O, no clock, no logger. The rules for each kind of event are in the
/// other parts of this class; how marks make a status is in <see cref="LifeState"/>; docs/laws.md says what holds.
/// </summary>
public static partial class AlertLifecycle
{
    /// <summary>An incident's deliveries come in bursts; this many ids recognise a redelivered message.</summary>
    private const int MessagesRemembered = 16;

    /// <param name="alert">Null when the incident has no alert yet.</param>
    public static Decision Decide(Alert? alert, AlertEvent evt, DateTimeOffset now)
    {
        var decision = evt switch
        {
            IncidentReported reported => DecideReported(alert ?? new Alert { IncidentId = evt.IncidentId }, reported, now),
            ResolveRequested request => DecideResolve(alert ?? throw NoAlert(evt), request, now),
            CommentRequested request => DecideComment(alert ?? throw NoAlert(evt), request, now),
            ActionReported report => DecideOutcome(alert ?? throw NoAlert(evt), report, now),
            IncidentObserved observed => DecideObserved(alert ?? throw NoAlert(evt), observed, now),
            _ => throw new UnreachableException($"No rule for {evt.GetType().Name}."),
        };
        decision = FireIfWorse(decision, now);
        return decision with { Alert = Finish(alert?.Life, decision.Alert, evt.MessageId, now) };
    }

    /// <summary>The alert with one more fact. A close that has become moot, or is done, is not waited for any longer.</summary>
    private static Alert With(Alert alert, Mark mark, DateTimeOffset now)
    {
        var history = alert.History.Contains(mark) ? alert.History : alert.History.With(mark);
        var life = history.State();
        return alert with
        {
            History = history,
            Life = life,
            Sync = alert.Sync.State != SyncState.InSync && !life.AwaitsClose ? alert.Sync.Settle(now) : alert.Sync,
            UpdatedAt = now,
        };
    }

    private static Alert Finish(LifeState? before, Alert alert, string messageId, DateTimeOffset now) => alert with
    {
        RecentMessages = [.. alert.RecentMessages.Skip(alert.RecentMessages.Count - MessagesRemembered + 1), messageId],
        TimelineLength = alert.TimelineLength + 1,
        StatusChangedAt = before is { } life && (life.Status, life.Episode, life.LastFiredAt) == (alert.Life.Status, alert.Life.Episode, alert.Life.LastFiredAt)
            ? alert.StatusChangedAt
            : now,
    };

    private static AlertRuleException NoAlert(AlertEvent evt) =>
        new($"{evt.GetType().Name} for incident {evt.IncidentId}, which has no alert.");
}

/// <summary>An event that no alert can take. Trying again does not help: the message goes to the dead-letter queue.</summary>
public sealed class AlertRuleException(string message) : Exception(message);
