using System.Diagnostics;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules;

/// <summary>
/// Applies an event to an alert. Pure: no I/O, no clock, no logger. Each kind of event has a part of this class; how marks make a
/// status is in <see cref="LifeState"/>; docs/laws.md is the specification.
/// </summary>
public static partial class AlertLifecycle
{
    /// <summary>Message ids kept to recognise a redelivery; covers a burst of deliveries.</summary>
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
            CloseOverdue overdue => DecideOverdue(alert ?? throw NoAlert(evt), overdue, now),
            _ => throw new UnreachableException($"No rule for {evt.GetType().Name}."),
        };
        decision = FireIfWorse(decision, evt is CloseOverdue { DueAt: var due } && due > now ? due : now, now);
        decision = CloseIfUnsent(decision, now);
        return decision with { Alert = Finish(alert?.Life, decision.Alert, evt.MessageId, now) };
    }

    /// <summary>Adds a mark. A close that is done or no longer wanted stops being pending.</summary>
    private static Alert With(Alert alert, Mark mark, DateTimeOffset now)
    {
        var history = alert.History.With(mark);
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
        new($"Incident {evt.IncidentId} has no alert: {evt.GetType().Name} cannot be applied.");
}

/// <summary>No rule accepts the event. Retrying does not help: the message is dead-lettered.</summary>
public sealed class AlertRuleException(string message) : Exception(message);
