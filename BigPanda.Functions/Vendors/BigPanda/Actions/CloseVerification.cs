using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Vendors.BigPanda.Actions;

/// <summary>
/// Reads the incident of an accepted close from BigPanda and sends what it shows to the alert as an event. The alert's rules decide whether the
/// close is done, lost or overtaken by a reopen; nothing is closed here.
/// </summary>
public sealed class CloseVerification(BigPandaClient bigPanda, ActionEnvironments environments, MessageSender sender, TimeProvider time)
{
    private const string Via = "verification";
    private const string Check = "verification of the close";

    internal async Task<ActionAttempt> TryAsync(CloseIncidentAction close, ActionDelivery delivery, CancellationToken cancellationToken)
    {
        var claim = ClaimOf(delivery);
        IncidentState? state = null;
        var outcome = await environments.TryEachAsync(
            close.Environments,
            async environment =>
            {
                (var read, state) = await bigPanda.GetIncidentAsync(claim, environment, close.IncidentId, cancellationToken);
                return read;
            },
            cancellationToken);
        // BigPanda knew the incident when it accepted the close.
        if (outcome.Result == ApiResult.NotFound && delivery.IsVerification)
        {
            return new ActionAttempt.Confirmed(
                $"BigPanda accepted the close and no longer knows the incident: it was deleted or merged into another ({outcome.Detail})");
        }

        if (state is null) return ActionDecision.Of(delivery.IsVerification ? Check : ActionKinds.Close, outcome);
        if (!state.IsActive) return await SendObservationAsync(close, delivery, state, null, null, cancellationToken);

        // Only the activities tell a close that has not taken effect yet from a reopen.
        var (search, activities) = await bigPanda.GetActivitiesAsync(
            claim, close.IncidentId, read => read.Any(activity => activity.IsResolve), cancellationToken);
        if (activities is null) return ActionDecision.Of(Check, search);
        if (activities.Any(activity => activity is { At: null, IsReopen: true } or { At: null, IsResolve: true }))
        {
            var untimed = new ApiOutcome(ApiResult.Unavailable, search.Status, "the incident's activities have a reopen or a resolve without a time");
            return ActionDecision.Of(Check, untimed);
        }

        var (reopen, resolve) = (activities.Newest(activity => activity.IsReopen), activities.Newest(activity => activity.IsResolve));
        return await SendObservationAsync(close, delivery, state, reopen, resolve, cancellationToken);
    }

    /// <summary>
    /// Before a close whose earlier call may have been carried out is sent again: the incident may have been closed by it and reopened since, which the bridge
    /// need not know yet. BigPanda has no un-resolve.
    /// </summary>
    /// <param name="seen">The newest moment that the resolver had seen; null if it has no time.</param>
    /// <returns>Null when there was no reopen: the close may be sent.</returns>
    internal async Task<ActionAttempt?> FindReopenAsync(
        CloseIncidentAction close, ActionDelivery delivery, DateTimeOffset? seen, CancellationToken cancellationToken)
    {
        var (search, activities) = await bigPanda.GetActivitiesAsync(
            ClaimOf(delivery), close.IncidentId, read => read.Any(activity => activity.IsReopen), cancellationToken);
        if (activities is null) return ActionDecision.Of(ActionKinds.Close, search);
        // Without a time to compare it with, a reopen may be a newer one: the rules decide.
        return activities.Any(activity => activity.IsReopen && !(activity.At <= seen)) ? await TryAsync(close, delivery, cancellationToken) : null;
    }

    private static CallClaim ClaimOf(ActionDelivery delivery) =>
        new(delivery.IsVerification ? CallPriority.Low : CallPriority.Urgent, delivery.WaitLimit);

    private async Task<ActionAttempt> SendObservationAsync(
        CloseIncidentAction close, ActionDelivery delivery, IncidentState state, IncidentActivity? reopen, IncidentActivity? resolve,
        CancellationToken cancellationToken)
    {
        var messageId = MessageIdentity.Of(
            "observed", close.IncidentId, close.ActionId,
            $"{delivery.Attempt}", $"{state.IsActive}", $"{state.ChangedAt:O}", $"{reopen?.At:O}", $"{resolve?.At:O}");
        var observed = new IncidentObserved(
            close.IncidentId, messageId, close.ActionId, Via, state.IsActive, state.ChangedAt, reopen?.At, reopen?.By, resolve?.At, time.GetUtcNow());
        await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(observed), cancellationToken);
        return new ActionAttempt.Observed($"BigPanda's API shows the incident as {(state.IsActive ? "active" : "closed")}");
    }
}
