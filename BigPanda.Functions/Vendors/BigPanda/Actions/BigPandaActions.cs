using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Vendors.BigPanda.Actions;

/// <summary>Carries out actions in BigPanda and reports the result to the alert.</summary>
public sealed class BigPandaActions(
    AlertStore alerts, BigPandaClient bigPanda, Callbacks callbacks, CloseVerification verification, ActionEnvironments environments, ParkedActions parked,
    SentComments comments, MessageSender sender, AppMetrics metrics, TimeProvider time)
{
    /// <summary>Makes one attempt. Reporting is separate, so that it can be retried without a second call of BigPanda.</summary>
    internal async Task<ActionAttempt> TryAsync(ActionDelivery delivery, CancellationToken cancellationToken)
    {
        var action = BigPandaAction.Read(delivery.Action);
        if (action is CloseIncidentAction close && await FindObjectionAsync(close, cancellationToken) is { } objection)
            return ActionAttempt.NothingToReport(objection);
        if (!PathSegment.IsPossible(action.IncidentId)) return Impossible(action);

        return action switch
        {
            CloseIncidentAction closing when delivery.IsVerification => await verification.TryAsync(closing, delivery, cancellationToken),
            CloseIncidentAction closing => await CloseAsync(closing, delivery, cancellationToken),
            AddCommentAction comment => await CommentAsync(comment, delivery, cancellationToken),
            SendCallbackAction callback => await callbacks.TryAsync(callback, delivery, cancellationToken),
            _ => throw new MessageUnreadableException($"Unknown action type: {action.GetType().Name}."),
        };
    }

    internal async Task<bool> HasEnvironmentAsync(AlertAction action, CancellationToken cancellationToken) =>
        action.Kind == SendCallbackAction.Kind || (await environments.ListAsync(BigPandaAction.Read(action), cancellationToken)).Count > 0;

    /// <summary>Stores a parked action and reports the result to the alert. Safe to repeat.</summary>
    internal async Task ReportAsync(ActionDelivery delivery, ActionAttempt attempt, CancellationToken cancellationToken)
    {
        if (attempt.Result is not { } result) return;
        if (result == ActionResult.Parked) await parked.AddAsync(delivery, time.GetUtcNow(), attempt.After ?? TimeSpan.Zero, cancellationToken);
        var nextAttemptAt = result == ActionResult.Retrying ? time.GetUtcNow() + attempt.After : null;
        await ReportAsync(delivery, result, attempt.Detail, nextAttemptAt, cancellationToken);
    }

    internal async Task ReportAsync(
        ActionDelivery delivery, ActionResult result, string detail, DateTimeOffset? nextAttemptAt, CancellationToken cancellationToken)
    {
        var action = delivery.Action;
        // One attempt may be parked and released several times: the time keeps their message ids apart.
        var when = result is ActionResult.Parked or ActionResult.Released ? $"{time.GetUtcNow().UtcTicks}" : "";
        var messageId = MessageIdentity.Of("outcome", action.IncidentId, action.ActionId, $"{delivery.Attempt}", $"{result}", when);
        var report = new ActionReported(
            action.IncidentId, action.ActionId, action.Destination, action.Kind, result, delivery.Attempt, detail, time.GetUtcNow(), messageId)
        {
            NextAttemptAt = nextAttemptAt,
        };
        await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(report), cancellationToken);
        metrics.CountAction(action.Kind, result.ToString().ToLowerInvariant());
    }

    private async Task<ActionAttempt> CloseAsync(CloseIncidentAction close, ActionDelivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.MayBeDone)
        {
            var seen = (await alerts.LoadAsync(close.IncidentId, cancellationToken))?.Alert.SeenByResolverAt;
            if (await verification.FindReopenAsync(close, delivery, seen, cancellationToken) is { } decided) return decided;
        }

        var outcome = await environments.TryEachAsync(close, ResolveInAsync, cancellationToken);
        return ActionDecision.Of("close", outcome, delivery.Attempt);

        Task<ApiOutcome> ResolveInAsync(string environment) => bigPanda.ResolveAsync(
            delivery.Claim, environment, close.IncidentId, close.Comment, cancellation => FindObjectionAsync(close, cancellation), cancellationToken);
    }

    /// <summary>
    /// BigPanda has no idempotency key: when an earlier response may have been lost, the incident's activities are searched for the comment before
    /// it is sent again. It is retried later while they cannot be read.
    /// </summary>
    private async Task<ActionAttempt> CommentAsync(AddCommentAction comment, ActionDelivery delivery, CancellationToken cancellationToken)
    {
        while (true)
        {
            var sent = await comments.FindAsync(comment, cancellationToken);
            if (sent is { Rest: var rest } && rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, cancellationToken);
                continue;
            }

            if (delivery.MayHaveBeenSent || sent is not null)
            {
                var (search, activities) = await bigPanda.GetActivitiesAsync(delivery.Claim, comment.IncidentId, HasComment, cancellationToken);
                if (activities is null) return ActionDecision.Of("comment", search, delivery.Attempt);
                if (HasComment(activities)) return new ActionAttempt(ActionResult.Accepted, "the comment is in BigPanda");
            }

            var outcome = await SendAsync(comment, delivery, sent?.Version, cancellationToken);
            // Another delivery of the message has sent it meanwhile.
            if (outcome.Result != ApiResult.NotSent) return ActionDecision.Of("comment", outcome, delivery.Attempt);
        }

        bool HasComment(IReadOnlyList<IncidentActivity> activities) => activities.Any(activity => activity.Says(comment.Comment));
    }

    /// <param name="seen">The version of the row that was read; null without a row.</param>
    private async Task<ApiOutcome> SendAsync(AddCommentAction comment, ActionDelivery delivery, string? seen, CancellationToken cancellationToken)
    {
        var outcome = await environments.TryEachAsync(
            comment,
            environment => bigPanda.CommentAsync(delivery.Claim, environment, comment.IncidentId, comment.Comment, BeginAsync, cancellationToken),
            cancellationToken);
        if (outcome.Status is not null && seen is { } begun) await comments.MarkAnsweredAsync(comment, begun, cancellationToken);
        return outcome;

        async Task<string?> BeginAsync(CancellationToken cancellation)
        {
            if (await comments.TryBeginAsync(comment, seen, cancellation) is not { } written) return "another delivery of the message sends the comment";
            seen = written;
            return null;
        }
    }

    /// <summary>A resolve cannot be undone: a close whose incident has been closed or reopened meanwhile is dropped.</summary>
    /// <returns>Why the close is no longer wanted; null when it still is.</returns>
    private async Task<string?> FindObjectionAsync(CloseIncidentAction close, CancellationToken cancellationToken)
    {
        var stored = await alerts.LoadAsync(close.IncidentId, cancellationToken);
        return stored is null ? "the alert has been removed" : stored.Alert.FindCloseObjection(close.ActionId);
    }

    private static ActionAttempt Impossible(BigPandaAction action) =>
        new(ActionResult.Failed, $"the incident id '{action.IncidentId}' cannot be used in a URL of BigPanda's API: act on the incident in BigPanda");
}
