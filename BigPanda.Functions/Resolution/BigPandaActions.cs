using BigPanda.Functions.Alerts;
using BigPanda.Functions.BigPandaApi;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Telemetry;

namespace BigPanda.Functions.Resolution;

/// <summary>Carries out actions in BigPanda and reports back to the alert.</summary>
public sealed class BigPandaActions(
    AlertStore alerts, BigPandaClient bigPanda, Callbacks callbacks, CloseVerification verification, ActionEnvironments environments, ParkedActions parked, MessageSender sender,
    AppMetrics metrics, TimeProvider time)
{
    /// <summary>What comes of it is for the caller to report, however often that takes: BigPanda is asked once.</summary>
    internal async Task<ActionAttempt> TryAsync(ActionDelivery delivery, CancellationToken cancellationToken)
    {
        var action = delivery.Action;
        if (action is CloseIncidentAction close && await FindObjectionAsync(close, cancellationToken) is { } objection) return ActionAttempt.NothingToReport(objection);
        if (!PathSegment.IsPossible(action.IncidentId)) return Impossible(action);

        return action switch
        {
            CloseIncidentAction closing when delivery.IsVerification => await verification.TryAsync(closing, delivery, cancellationToken),
            CloseIncidentAction closing => await CloseAsync(closing, delivery, cancellationToken),
            AddCommentAction comment => await CommentAsync(comment, delivery, cancellationToken),
            SendCallbackAction callback => await callbacks.TryAsync(callback, delivery, cancellationToken),
            _ => throw new MessageUnreadableException($"No such action: {action.GetType().Name}."),
        };
    }

    internal async Task<bool> HasEnvironmentAsync(AlertAction action, CancellationToken cancellationToken) =>
        action is SendCallbackAction || (await environments.ListAsync(action, cancellationToken)).Count > 0;

    /// <summary>Parks what waits, and tells the alert. Safe to repeat.</summary>
    internal async Task ReportAsync(ActionDelivery delivery, ActionAttempt attempt, CancellationToken cancellationToken)
    {
        if (attempt.Result is not { } result) return;
        if (result == ActionResult.Parked) await parked.AddAsync(delivery, time.GetUtcNow(), attempt.After ?? TimeSpan.Zero, cancellationToken);
        await ReportAsync(delivery, result, attempt.Detail, result == ActionResult.Retrying ? time.GetUtcNow() + attempt.After : null, cancellationToken);
    }

    internal async Task ReportAsync(ActionDelivery delivery, ActionResult result, string detail, DateTimeOffset? nextAttemptAt, CancellationToken cancellationToken)
    {
        var action = delivery.Action;
        // Parking and releasing may happen many times over with the same attempt number.
        var when = result is ActionResult.Parked or ActionResult.Released ? $"{time.GetUtcNow().UtcTicks}" : "";
        var messageId = MessageIdentity.Of("outcome", action.IncidentId, action.ActionId, $"{delivery.Attempt}", $"{result}", when);
        var report = new ActionReported(action.IncidentId, action.ActionId, result, delivery.Attempt, detail, time.GetUtcNow(), messageId) { NextAttemptAt = nextAttemptAt };
        await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(report), cancellationToken);
        metrics.CountAction(delivery.Name, result.ToString().ToLowerInvariant());
    }

    private async Task<ActionAttempt> CloseAsync(CloseIncidentAction close, ActionDelivery delivery, CancellationToken cancellationToken)
    {
        var outcome = await environments.TryEachAsync(
            close,
            environment => bigPanda.ResolveAsync(delivery.Claim, environment, close.IncidentId, close.Comment, asked => FindObjectionAsync(close, asked), cancellationToken),
            cancellationToken);
        return ActionDecision.Of("close", outcome, delivery.Attempt);
    }

    /// <summary>
    /// A comment is not repeated blindly: the answer to an earlier attempt may have been lost, and BigPanda has no idempotency key. While the activities
    /// cannot be read it waits.
    /// </summary>
    private async Task<ActionAttempt> CommentAsync(AddCommentAction comment, ActionDelivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.MayHaveBeenSent)
        {
            var (asked, activities) = await bigPanda.GetActivitiesAsync(delivery.Claim, comment.IncidentId, HasIt, cancellationToken);
            if (activities is null) return ActionDecision.Of("comment", asked, delivery.Attempt);
            if (HasIt(activities)) return new ActionAttempt(ActionResult.Accepted, "the comment is in BigPanda");
        }

        var outcome = await environments.TryEachAsync(
            comment, environment => bigPanda.CommentAsync(delivery.Claim, environment, comment.IncidentId, comment.Comment, cancellationToken), cancellationToken);
        return ActionDecision.Of("comment", outcome, delivery.Attempt);

        bool HasIt(IReadOnlyList<IncidentActivity> activities) => activities.Any(activity => activity.Says(comment.Comment));
    }

    /// <summary>There is no way to take a resolve back: a close whose incident has closed or reopened in the meantime is dropped.</summary>
    /// <returns>Why the close is not wanted any more; null when it is.</returns>
    private async Task<string?> FindObjectionAsync(CloseIncidentAction close, CancellationToken cancellationToken)
    {
        var stored = await alerts.LoadAsync(close.IncidentId, cancellationToken);
        return stored is null ? "the alert has been removed" : stored.Alert.FindCloseObjection(close.ActionId);
    }

    private static ActionAttempt Impossible(AlertAction action) =>
        new(ActionResult.Failed, $"'{action.IncidentId}' cannot be part of an address of BigPanda's API: act on the incident in BigPanda");
}
