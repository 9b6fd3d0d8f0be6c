using System.Diagnostics;
using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Alerts.Explaining;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.DeadLetters;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Replay;

namespace BigPanda.Functions.Alerts.Retrying;

/// <summary>
/// Tries a failed action again: its dead letter is replayed, as by POST /dead-letters/replay, and a failed close without one is resolved again. So all that
/// holds for those holds here: the message id follows from the dead letter, of two requests one replays it, and each guard of the action comes after.
/// </summary>
public sealed class ActionRetry(
    AlertStore store, Explainer explainer, DeadActions dead, DeadLetterReading reading, ReplayService replays, AlertRequests requests, TimeProvider time)
{
    /// <summary>Waits before a missing dead letter is believed: a report that is on its way changes the alert in moments.</summary>
    internal static readonly IReadOnlyList<TimeSpan> Rereads = [TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1)];

    internal async Task<RetryResult> RunAsync(IEnumerable<string> incidentIds, string actionId, string? actor, CancellationToken cancellationToken)
    {
        var ids = incidentIds.ToList();
        var seen = await ReadAsync(ids, actionId, cancellationToken);
        foreach (var wait in Rereads)
        {
            if (seen?.Plan.MissesLetter != true) break;
            await Task.Delay(wait, time, cancellationToken);
            seen = await ReadAsync(ids, actionId, cancellationToken);
        }

        return seen?.Plan switch
        {
            null => new RetryResult.Refused(Problems.AlertNotFound, "No alert has this incident id."),
            RetryPlan.Replay plan => await ReplayAsync(seen.Alert.IncidentId, actionId, plan.Letter, actor, cancellationToken),
            RetryPlan.ResolveAgain => await ResolveAgainAsync(seen.Alert, actor, cancellationToken),
            RetryPlan.Refuse(var why) => why,
            var plan => throw new UnreachableException($"No step for {plan}."),
        };
    }

    /// <returns>Null without an alert.</returns>
    private async Task<Reading?> ReadAsync(IEnumerable<string> incidentIds, string actionId, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(incidentIds, cancellationToken) is not { Alert: var alert } stored) return null;
        var known = await explainer.FindAsync(stored, actionId, cancellationToken);
        var letter = await FindLetterAsync(known?.Destination, alert.IncidentId, actionId, cancellationToken);
        return new Reading(alert, RetryPlan.Of(actionId, alert, known, letter));
    }

    /// <param name="destination">Null when it is not known: then all are searched.</param>
    private async Task<DeadAction?> FindLetterAsync(Destination? destination, string incidentId, string actionId, CancellationToken cancellationToken)
    {
        IReadOnlyList<Destination> destinations = destination is { } one ? [one] : Enum.GetValues<Destination>();
        foreach (var queue in destinations.Select(Queues.Of))
        {
            if (await dead.FindAsync(queue, incidentId, actionId, cancellationToken) is { } found) return found;
        }

        return null;
    }

    private async Task<RetryResult> ReplayAsync(string incidentId, string actionId, DeadAction dead, string? actor, CancellationToken cancellationToken)
    {
        // Asked before anything is locked: what is no longer wanted stays a dead letter, and the next request gets the same answer.
        switch (await reading.ForecastAsync(dead.Queue, dead.Letter, cancellationToken))
        {
            case ReplayForecast.Drop(var why): return await OvertakenAsync(incidentId, actionId, why, cancellationToken);
            case ReplayForecast.Keep(var why): return NotRetryable(why);
        }

        var request = new ReplayRequest(dead.Queue, [dead.Letter.Message.SequenceNumber], ReplayPosition.None, DryRun: false, actor);
        var item = (await replays.RunAsync(request, cancellationToken)).Items[0];
        return item.Outcome switch
        {
            ReplayOutcomes.Sent => new RetryResult.Sent(incidentId, item.MessageId ?? ""),
            ReplayOutcomes.Dropped => await OvertakenAsync(incidentId, actionId, item.Detail, cancellationToken),
            ReplayOutcomes.Locked or ReplayOutcomes.NotFound => new RetryResult.Refused(
                Problems.ActionNotFailed, "Another request tries the action again at this moment. Wait for its result."),
            _ => NotRetryable(item.Detail),
        };
    }

    private async Task<RetryResult> ResolveAgainAsync(Alert alert, string? actor, CancellationToken cancellationToken) =>
        await requests.ResolveAsync(alert, ResolvedVia.Api, RequestNote.NameOf(actor), null, cancellationToken) is { } messageId
            ? new RetryResult.Sent(alert.IncidentId, messageId)
            : Overtaken("the incident is already closed in BigPanda");

    /// <summary>What made the action unwanted may be another request's replay of it, which the alert shows by now.</summary>
    private async Task<RetryResult> OvertakenAsync(string incidentId, string actionId, string why, CancellationToken cancellationToken) =>
        (await ReadAsync([incidentId], actionId, cancellationToken))?.Plan is RetryPlan.Refuse { MissesLetter: false, Why: var now }
            ? now
            : Overtaken(why);

    private static RetryResult.Refused Overtaken(string why) =>
        new(Problems.ActionOvertaken, $"The action is no longer wanted: {why.TrimEnd('.')}. There is nothing to try again.") { State = "failed" };

    private static RetryResult.Refused NotRetryable(string why) =>
        new(Problems.ActionNotRetryable, $"The action cannot be tried again now: {why.TrimEnd('.')}. Its dead letter stays.") { State = "failed" };

    private sealed record Reading(Alert Alert, RetryPlan Plan);
}
