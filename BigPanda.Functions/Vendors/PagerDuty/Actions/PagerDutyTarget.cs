using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Vendors.PagerDuty.Actions;

/// <summary>
/// Carries out actions in PagerDuty. An event may be sent twice, since its dedup key names its page, with one exception: the one that opens a page opens
/// another incident after a person has resolved the first. So where an earlier one may have arrived, PagerDuty is asked before, if there is a REST key.
/// </summary>
public sealed class PagerDutyTarget(
    PageTurns turns, PageSender sender, PageSight sight, PageVerification verification, PageNotes notes, PagerDutyEventsClient events, PagerDutyClient rest)
    : IActionTarget
{
    /// <summary>
    /// PagerDuty suggests attempts 30 seconds apart; a page waits no longer than that at first, then over some 16 hours.
    /// Source: developer.pagerduty.com/docs/events-api-v2-rate-limits.
    /// </summary>
    internal static RetrySchedule Retries { get; } = new(seconds: [5, 15, 30, 30], minutes: [1, 2, 5, 15, 30, 60, 120, 240, 480]);

    /// <summary>So many attempts of an update, over a minute, wait until its page is read: without that it may page a person again for a detail.</summary>
    private const int ReadsBeforeUpdate = 4;

    /// <summary>So often PagerDuty is asked while the waits for the rate limit are too long. Then the event is sent all the same.</summary>
    private const int MostLooks = 3;

    public Destination Destination => Destination.PagerDuty;

    public string Name => PagerDutyApi.Rest.Name;

    public RetrySchedule Schedule => Retries;

    public async Task<ActionAttempt> TryAsync(ActionDelivery delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var turn = await turns.LoadAsync(delivery, cancellationToken);
        return (turn.Action.Kind, delivery.IsVerification) switch
        {
            (PageActionKinds.Trigger or PageActionKinds.Update, true) => await verification.VerifyShownAsync(turn, cancellationToken),
            (PageActionKinds.Resolve, true) => await verification.VerifyResolvedAsync(turn, cancellationToken),
            (PageActionKinds.Trigger, _) => await OpenAsync(turn, 1, cancellationToken),
            (PageActionKinds.Update, _) => await UpdateAsync(turn, 1, cancellationToken),
            (PageActionKinds.Acknowledge, _) => await AcknowledgeAsync(turn, cancellationToken),
            (PageActionKinds.Resolve, _) => await ResolveAsync(turn, cancellationToken),
            (PageActionKinds.Note, _) => await notes.AddAsync(turn, cancellationToken),
            _ => throw new MessageUnreadableException($"Unknown action in PagerDuty: {turn.Action.Kind}."),
        };
    }

    public async Task<string?> FindObjectionAsync(ActionDelivery delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var turn = await turns.LoadAsync(delivery, cancellationToken);
        return turn.Action.Kind switch
        {
            PageActionKinds.Trigger or PageActionKinds.Update or PageActionKinds.Acknowledge => turn.Objection,
            PageActionKinds.Resolve => turn.Page is { IsOver: false } ? "the page stands for the alert again" : null,
            PageActionKinds.Note => null,
            _ => throw new MessageUnreadableException($"Unknown action in PagerDuty: {turn.Action.Kind}."),
        };
    }

    public async Task<bool> CanRunAsync(ActionDelivery delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var action = PageAction.Read(delivery.Action);
        return delivery.IsVerification || action.Kind == PageActionKinds.Note
            ? (await rest.GetLatestAsync(cancellationToken)).Result == ApiResult.Done
            : await events.HasKeyAsync(action.Key, cancellationToken);
    }

    /// <summary>Pages do not wait for the REST key, and only an event shows whether PagerDuty takes events: each action is asked for alone.</summary>
    public Task<string?> FindObstacleAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <param name="look">The number of the question to PagerDuty, from 1.</param>
    private async Task<ActionAttempt> OpenAsync(PageTurn turn, int look, CancellationToken cancellationToken)
    {
        if (turn.Objection is { } objection) return await EndAsync(turn, objection, cancellationToken);
        // What cannot be read holds no page up: a second incident is better than none.
        var asks = turn.Delivery.MayBeDone && await rest.HasKeyAsync(cancellationToken);
        var seen = asks ? await sight.FindAsync(turn, CallPriority.Urgent, cancellationToken) : null;
        if (seen is { IsResolved: true }) return await ReportEndAsync(turn, seen, cancellationToken);
        var outcome = await sender.ShowAsync(turn, CallPriority.Urgent, ShowNeed.UnlessAccepted, look < MostLooks ? seen : null, cancellationToken);
        return outcome.Result switch
        {
            ApiResult.Done => await AcceptedAsync("PagerDuty accepted the page", cancellationToken),
            // Another delivery of the message has reported that, or PagerDuty's webhook.
            ApiResult.NotSent when outcome.Detail == PageSender.IsAccepted => await AcceptedAsync(outcome.Detail, cancellationToken),
            ApiResult.NotSent when outcome.Detail == PageSender.IsOutdated => await OpenAsync(turn, look + 1, cancellationToken),
            ApiResult.NotSent => await EndAsync(turn, outcome.Detail, cancellationToken),
            _ => PageAttempts.Of("page", outcome),
        };
    }

    /// <param name="look">The number of the question to PagerDuty, from 1.</param>
    private async Task<ActionAttempt> UpdateAsync(PageTurn turn, int look, CancellationToken cancellationToken)
    {
        if (turn.Objection is { } objection) return await EndAsync(turn, objection, cancellationToken);
        var isOpening = turn.Page is { Status: PageStatus.Opening };
        // The same event opens pages.
        var seen = await sight.ReadAsync(turn, CallPriority.Low, cancellationToken);
        if (seen is { IsResolved: true }) return await ReportEndAsync(turn, seen, cancellationToken);
        if (seen is { Outcome.Result: ApiResult.Unavailable } && !isOpening && turn.Delivery.ScheduledAttempt <= ReadsBeforeUpdate)
            return new ActionAttempt.Retry($"PagerDuty does not show whether the page is open ({seen.Outcome.Detail})", seen.Outcome.RetryAfter);

        var outcome = await sender.ShowAsync(turn, CallPriority.Low, ShowNeed.UnlessShown, look < MostLooks ? seen : null, cancellationToken);
        return outcome.Result switch
        {
            // It has opened the page.
            ApiResult.Done when isOpening => await AcceptedAsync("PagerDuty accepted the page", cancellationToken),
            // The alert waits for the outcome of its latest action.
            ApiResult.NotSent when outcome.Detail == PageSender.IsShown => new ActionAttempt.Done(outcome.Detail),
            ApiResult.NotSent when outcome.Detail == PageSender.IsOutdated => await UpdateAsync(turn, look + 1, cancellationToken),
            ApiResult.NotSent => await EndAsync(turn, outcome.Detail, cancellationToken),
            _ => PageAttempts.Of("update", outcome),
        };
    }

    private async Task<ActionAttempt> AcknowledgeAsync(PageTurn turn, CancellationToken cancellationToken)
    {
        if (turn.Objection is { } objection) return new ActionAttempt.Moot(objection);
        // Without an open alert PagerDuty would accept the event and drop it.
        if (turn.Page is { Status: PageStatus.Opening }) return new ActionAttempt.Retry("the page is not open yet");
        return turn.Alert?.Content.IsAcknowledged == true
            ? PageAttempts.Of("acknowledgement", await sender.AcknowledgeAsync(turn, cancellationToken))
            : new ActionAttempt.Done("not sent: the incident is no longer acknowledged in BigPanda");
    }

    private async Task<ActionAttempt> ResolveAsync(PageTurn turn, CancellationToken cancellationToken)
    {
        var outcome = await sender.ResolveAsync(turn, cancellationToken);
        return outcome.Result == ApiResult.Done
            ? await AcceptedAsync("PagerDuty accepted the resolve", cancellationToken)
            : PageAttempts.Of("resolve", outcome);
    }

    /// <summary>
    /// A page that is over is not shown. If an earlier attempt may still open it, behind the resolve that PagerDuty dropped because there was no page yet, or
    /// behind the one that ended it, it is resolved once more.
    /// </summary>
    private async Task<ActionAttempt> EndAsync(PageTurn turn, string objection, CancellationToken cancellationToken)
    {
        if (!turn.Delivery.MayBeDone) return new ActionAttempt.Moot(objection);
        var outcome = await sender.ResolveAsync(turn, cancellationToken);
        return outcome.Result == ApiResult.Done
            ? new ActionAttempt.Moot($"{objection}; it was resolved again, because an earlier attempt may have opened it")
            : PageAttempts.Of("resolve", outcome);
    }

    private async Task<ActionAttempt> ReportEndAsync(PageTurn turn, SeenPage seen, CancellationToken cancellationToken)
    {
        await sight.ReportResolvedAsync(turn, seen, cancellationToken);
        return new ActionAttempt.Observed($"not sent: incident {seen.Incident?.Id} is resolved in PagerDuty");
    }

    private async Task<ActionAttempt> AcceptedAsync(string detail, CancellationToken cancellationToken) =>
        await rest.HasKeyAsync(cancellationToken) ? new ActionAttempt.DoneAndVerifyAfter(detail, verification.First) : new ActionAttempt.Done(detail);
}
