using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Brake;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Alerts.Apply;

/// <summary>
/// Applies one event: load, decide, plan, save (alert, timeline and pending actions in one transaction), send the actions, clear them. Two round
/// trips to the tables, three with actions, four when the alert moves to the other list. A crash between any two steps is repaired by
/// redelivery.
/// </summary>
public sealed partial class AlertEventHandler(
    AlertStore store, AlertIndex index, Outbox outbox, IEnumerable<IPlannerProvider> planners, BrakeCounter brake, AlertPolicy policy,
    AppMetrics metrics, AppliedDeliveries applied, RecentEvents recent, TimeProvider time, ILogger<AlertEventHandler> logger)
{
    /// <summary>A session belongs to one instance, so conflicts happen only after a lost lock.</summary>
    private const int MaxConflicts = 5;

    /// <param name="step">What its row of the timeline keeps of the message; null for nothing.</param>
    /// <param name="isRedelivery">This very message may have been applied before, or one that it repeats.</param>
    internal async Task<Verdict> HandleAsync(AlertEvent evt, TimelineStep? step, bool isRedelivery, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; conflicts <= MaxConflicts; conflicts++)
        {
            var loaded = await store.LoadAsync(evt.IncidentId, cancellationToken);
            // A conflict can be with our own write: the response was lost and the SDK retried.
            if ((isRedelivery || conflicts > 0) && loaded?.Alert.RecentMessages.Contains(evt.MessageId) == true)
            {
                await FinishAsync(loaded, cancellationToken);
                return Verdict.Duplicate;
            }

            if (loaded is null && evt.IsMootWithoutAlert)
            {
                Log.Removed(logger, evt.IncidentId, evt.MessageId);
                return Verdict.Stale;
            }

            var known = await GetPlannersAsync(cancellationToken);
            var now = time.GetUtcNow();
            var planned = PlannedDecision.Of(loaded?.Alert, evt, known, policy, now);
            var decided = step is null ? null
                : new TimelineStep(step.Facts.With(evt, loaded?.Alert, planned, now), step.Delivery?.DecidedBy(known, policy, now));
            if (await SaveAsync(evt, loaded, planned, decided, now, cancellationToken) is not { } saved) continue;
            // The other instance may have written an older index row after ours.
            if (conflicts > 0) await index.WriteAsync(saved.Alert, saved.Kept.Since, cancellationToken);
            await Task.WhenAll(
                outbox.SendAsync(saved, loaded, isRepeat: isRedelivery || conflicts > 0, cancellationToken),
                index.RemoveOldAsync(loaded?.Alert, saved.Alert, cancellationToken));
            recent.NoteApplied(saved.Alert.IsFiring);
            Report(evt, loaded?.Alert, planned.Decision);
            return planned.Decision.Verdict;
        }

        throw new AlertContendedException(evt.IncidentId);
    }

    private async ValueTask<IReadOnlyList<IDestinationPlanner>> GetPlannersAsync(CancellationToken cancellationToken)
    {
        List<IDestinationPlanner> known = [];
        foreach (var provider in planners)
        {
            if (await provider.GetAsync(cancellationToken) is { } planner) known.Add(planner);
        }

        return known;
    }

    /// <summary>Writes the transaction, the index row and the brake's count in parallel: one round trip.</summary>
    private async Task<StoredAlert?> SaveAsync(
        AlertEvent evt, StoredAlert? loaded, PlannedDecision planned, TimelineStep? step, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (after, cause) = (planned.Decision.Alert, ActionCause.Of(evt));
        IReadOnlyList<AlertAction> actions =
        [
            .. planned.Actions.Select(
                action => action with { TraceParent = AppActivity.TraceParent, Cause = BrakeKinds.OfPlanned(action, after) is null ? null : cause }),
        ];
        var saving = store.SaveAsync(loaded, planned.Decision, actions, step, cancellationToken);
        await Task.WhenAll(
            saving, index.WriteAsync(after, KeptSpan.SinceAfter(loaded, step, now), cancellationToken), brake.CountAsync(after, actions, cancellationToken));
        return await saving;
    }

    /// <summary>The event is applied; the steps after the save may not have run.</summary>
    private async Task FinishAsync(StoredAlert applied, CancellationToken cancellationToken)
    {
        await index.WriteAsync(applied.Alert, applied.Kept.Since, cancellationToken);
        await index.RemoveLeftBehindAsync(applied.Alert, cancellationToken);
        await brake.CountAsync(applied.Alert, applied.Pending, cancellationToken);
        await outbox.SendAsync(applied, null, isRepeat: true, cancellationToken);
        recent.NoteApplied(applied.Alert.IsFiring);
        Log.Finished(logger, applied.Alert.IncidentId);
    }

    private void Report(AlertEvent evt, Alert? before, Decision decision)
    {
        foreach (var entry in decision.Timeline) metrics.CountEvent(entry.Verdict.ToString().ToLowerInvariant());
        Measure(evt, before, decision);
        var first = decision.Timeline[0];
        var life = decision.Alert.Life;
        Log.Applied(
            logger, evt.IncidentId, evt.MessageId, decision.Verdict, first.Kind, decision.Timeline.Count, first.Reason, life.Status, life.Episode);
    }

    private void Measure(AlertEvent evt, Alert? before, Decision decision)
    {
        var now = time.GetUtcNow();
        if (evt is IncidentReported reported)
        {
            applied.Add(reported.SourceId, reported.ReceivedAt);
            metrics.RecordLag("apply", now - reported.ReceivedAt);
            foreach (var error in reported.Incident.TimeErrors) metrics.CountTimeError(error.Kind.ToString().ToLowerInvariant());
            // A repeated or late delivery would distort the lag.
            if (decision.Verdict == Verdict.Applied && IncidentMark.MomentOf(reported.Incident) is { } moment)
                metrics.RecordLag("arrival", reported.ReceivedAt - moment.ChangedAt);
        }

        if (before is { IsFiring: false, BigPanda.State: not SyncState.InSync } && decision.Alert is { IsFiring: false, BigPanda.State: SyncState.InSync })
            metrics.RecordLag("close", now - before.StatusChangedAt);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Information,
            "Incident {IncidentId}, message {MessageId}: {Verdict} ({Kind}, {Events} events): {Reason}. The alert is {Status}, episode {Episode}")]
        public static partial void Applied(
            ILogger logger, string incidentId, string messageId, Verdict verdict, string kind, int events, string reason, AlertStatus? status, int episode);

        [LoggerMessage(2, LogLevel.Information, "Incident {IncidentId}: the message was delivered again. It was already applied; the remaining steps are done")]
        public static partial void Finished(ILogger logger, string incidentId);

        [LoggerMessage(3, LogLevel.Information, "Incident {IncidentId}, message {MessageId}: its alert has been removed. Nothing is done")]
        public static partial void Removed(ILogger logger, string incidentId, string messageId);
    }
}

/// <summary>Every attempt to save conflicted with another writer. A later attempt succeeds.</summary>
public sealed class AlertContendedException(string incidentId)
    : OutageException($"The alert of incident {incidentId} was changed by another instance on every attempt.");
