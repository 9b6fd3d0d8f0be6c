using BigPanda.Functions.Alerts;
using BigPanda.Functions.BigPandaApi;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;

namespace BigPanda.Functions.Resolution;

/// <summary>
/// Asks BigPanda what became of a close that it has taken. What it shows is an event for the alert, which decides: whether the incident is still open or
/// open again is not for this half to say, and it never closes anything itself.
/// </summary>
public sealed class CloseVerification(BigPandaClient bigPanda, ActionEnvironments environments, MessageSender sender, TimeProvider time)
{
    private const string Via = "verification";
    private const string Check = "check of the close";

    internal async Task<ActionAttempt> TryAsync(CloseIncidentAction close, ActionDelivery delivery, CancellationToken cancellationToken)
    {
        IncidentState? state = null;
        var outcome = await environments.TryEachAsync(
            close,
            async environment =>
            {
                (var looked, state) = await bigPanda.GetIncidentAsync(delivery.Claim, environment, close.IncidentId, cancellationToken);
                return looked;
            },
            cancellationToken);
        // BigPanda knew the incident when it took the close.
        if (outcome.Result == ApiResult.NotFound)
            return new ActionAttempt(ActionResult.Closed, $"BigPanda had taken the close and no longer knows the incident: it was deleted there or merged into another ({outcome.Detail})");
        if (state is null) return ActionDecision.Of(Check, outcome, delivery.Attempt);
        if (!state.IsActive) return await ObservedAsync(close, delivery, state, null, null, cancellationToken);

        // Without them a close that has not taken effect yet looks like a reopen.
        var (asked, activities) = await bigPanda.GetActivitiesAsync(delivery.Claim, close.IncidentId, read => read.Any(activity => activity.IsResolve), cancellationToken);
        if (activities is null) return ActionDecision.Of(Check, asked, delivery.Attempt);
        if (activities.Any(activity => activity is { At: null, IsReopen: true } or { At: null, IsResolve: true }))
            return ActionDecision.Of(Check, new ApiOutcome(ApiResult.Unavailable, asked.Status, "the incident's activities have a reopen or a resolve without a time"), delivery.Attempt);
        return await ObservedAsync(close, delivery, state, Newest(activities, activity => activity.IsReopen), Newest(activities, activity => activity.IsResolve), cancellationToken);
    }

    private async Task<ActionAttempt> ObservedAsync(
        CloseIncidentAction close, ActionDelivery delivery, IncidentState state, IncidentActivity? reopen, IncidentActivity? resolve, CancellationToken cancellationToken)
    {
        var messageId = MessageIdentity.Of(
            "observed", close.IncidentId, close.ActionId, $"{delivery.Attempt}", $"{state.IsActive}", $"{state.ChangedAt:O}", $"{reopen?.At:O}", $"{resolve?.At:O}");
        var observed = new IncidentObserved(
            close.IncidentId, messageId, close.ActionId, Via, state.IsActive, state.ChangedAt, reopen?.At, reopen?.By, resolve?.At, time.GetUtcNow());
        await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(observed), cancellationToken);
        return ActionAttempt.NothingToReport($"BigPanda, when asked, shows the incident as {(state.IsActive ? "active" : "closed")}");
    }

    private static IncidentActivity? Newest(IReadOnlyList<IncidentActivity> activities, Func<IncidentActivity, bool> which) => activities.Where(which).MaxBy(activity => activity.At);
}
