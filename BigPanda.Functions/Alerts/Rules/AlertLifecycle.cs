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
    public static Decision Decide(Alert? alert, AlertEvent evt, AlertPolicy policy, DateTimeOffset now)
    {
        var decision = evt switch
        {
            IncidentReported reported => DecideReported(alert ?? new Alert { IncidentId = evt.IncidentId }, reported, policy, now),
            ResolveRequested request => DecideResolve(alert ?? throw NoAlert(evt), request, policy, now),
            CommentRequested request => DecideComment(alert ?? throw NoAlert(evt), request, policy, now),
            ActionReported report => DecideOutcome(alert ?? throw NoAlert(evt), report, now),
            IncidentObserved observed => DecideObserved(alert ?? throw NoAlert(evt), observed, policy, now),
            CloseOverdue overdue => DecideOverdue(alert ?? throw NoAlert(evt), overdue, now),
            PageChanged changed => DecidePageChanged(alert ?? throw NoAlert(evt), changed, policy, now),
            PlanDue => DecideDue(alert ?? throw NoAlert(evt), now),
            _ => throw new UnreachableException($"No rule for {evt.GetType().Name}."),
        };
        decision = FireIfWorse(decision, evt is CloseOverdue { DueAt: var due } && due > now ? due : now, now);
        decision = CloseIfUnsent(decision, policy, now);
        return decision with
        {
            Alert = Finish(alert?.Life, decision.Alert, evt.MessageId, now),
            Transitions = [.. FindTransitions(alert, decision.Alert), .. decision.Transitions],
        };
    }

    private static IEnumerable<Transition> FindTransitions(Alert? before, Alert after)
    {
        var (was, now) = (before?.Life ?? default, after.Life);
        if (HasFired(was, now)) yield return was.Status is null ? new Fired(now.Episode) : new Refired(now.Episode);
        else if (before is not null && !ReferenceEquals(before.Content, after.Content)) yield return new Changed();
        if (was.Status != AlertStatus.Resolved && now.Status == AlertStatus.Resolved)
            yield return new Resolved(now.Episode, now.ResolvedVia, now.ResolvedBy);
    }

    /// <summary>False for a late delivery that adds an earlier episode to an alert that keeps firing.</summary>
    private static bool HasFired(LifeState was, LifeState now) =>
        now.Status == AlertStatus.Firing && was.Episode != now.Episode && (was.Status != AlertStatus.Firing || was.LastFiredAt != now.LastFiredAt);

    /// <summary>Adds a mark. A close that is done or no longer wanted stops being pending.</summary>
    private static Alert With(Alert alert, Mark mark, DateTimeOffset now)
    {
        var history = alert.History.With(mark);
        var life = history.State();
        return alert with
        {
            History = history,
            Life = life,
            BigPanda = alert.BigPanda.State != SyncState.InSync && !life.AwaitsClose ? alert.BigPanda.Settle(now) : alert.BigPanda,
            Resolve = life.AwaitsClose ? alert.Resolve : null,
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
