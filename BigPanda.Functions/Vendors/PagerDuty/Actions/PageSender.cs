using System.Security.Cryptography;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Brake;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Calls;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Vendors.PagerDuty.Actions;

/// <summary>Sends the events of pages, made from the alert as it is directly before the call, and stores what PagerDuty has accepted.</summary>
public sealed class PageSender(PagerDutyEventsClient events, PageTurns turns, PageStore pages, PagerDutyPlanners planners, ActionBrake brake, TimeProvider time)
{
    /// <summary>Why an event is not sent that would change nothing.</summary>
    internal const string IsShown = "PagerDuty shows the alert as it is";
    internal const string IsAccepted = "PagerDuty has accepted the page";
    internal const string IsOutdated = "the page may have been resolved in PagerDuty while the event waited for the rate limit";

    /// <summary>How old what was seen of a page may be directly before the call. Within that time a person's resolve can be missed.</summary>
    internal static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(10);

    /// <summary>How long an alert may be resolved, beyond the resolve delay, without its page being over.</summary>
    private static readonly TimeSpan PlannedWithin = TimeSpan.FromHours(1);

    /// <summary>Opens the page, or shows the alert's present state on it. The same event does both.</summary>
    /// <param name="need">Directly before the call: what else it may find unnecessary.</param>
    /// <param name="seen">What PagerDuty showed of the page before, unless the event is sent however old that is.</param>
    internal async Task<ApiOutcome> ShowAsync(
        PageTurn turn, CallPriority priority, ShowNeed need, SeenPage? seen, CancellationToken cancellationToken)
    {
        if (await planners.FindAsync(cancellationToken) is not { } planner)
            return new ApiOutcome(ApiResult.NotAllowed, null, PagerDutyEventsClient.NotConnected);
        var (hash, facts) = ((string?)null, (ShownFacts?)null);
        var outcome = await SendAsync(turn, priority, PrepareAsync, cancellationToken);
        // It may show that now.
        if (outcome is { Result: ApiResult.Unavailable, MayBeDone: true }) await StoreAsync(turn, page => page with { Shown = null }, cancellationToken);
        if (outcome.Result != ApiResult.Done) return outcome;
        var at = outcome.AnsweredAt ?? time.GetUtcNow();
        await StoreAsync(turn, page => page.Accepted(hash, turn.Action.ActionId, facts, at), cancellationToken);
        return outcome;

        async Task<PreparedBody> PrepareAsync(CancellationToken cancellation)
        {
            // Before the alert: what is found was stored with an earlier one.
            var stored = await pages.FindAsync(turn.Key, cancellation);
            var now = await turns.LoadAsync(turn.Delivery, cancellation);
            if (now is not { Alert: { } alert, Page: { } page, Objection: null }) return PreparedBody.NotWanted(now.Objection ?? "");
            if (IsLate(now, planner.Policy)) return PreparedBody.NotWanted("the alert was resolved before the page was opened");
            if (page.Status == PageStatus.Opening) await brake.CheckAsync(BrakeKind.Pages, cancellation);
            // Before the first call: a webhook about the page may come before its answer. Later ones only read, since the call's turn is running.
            stored ??= await StoreFirstAsync(turn, page.Status == PageStatus.Opening ? alert.Shown : null, cancellation);
            // The report of an accepted event may be lost.
            if (need == ShowNeed.UnlessAccepted && (page.Status == PageStatus.Open || stored is { Triggers: > 0 })) return PreparedBody.NotWanted(IsAccepted);
            if (seen is { Outcome.Result: ApiResult.Done } && time.GetElapsedTime(seen.At) > SeenWithin) return PreparedBody.NotWanted(IsOutdated);
            var mapping = planner.MappingOf(alert);
            var json = PageEvent.Trigger(alert, page, mapping, mapping.SeverityOf(alert.Content, planner.Policy, page.Severity)).Json;
            (hash, facts) = (Convert.ToHexStringLower(SHA256.HashData(json)), alert.Shown);
            // An interrupted attempt of this action may have shown something else since.
            var isLast = stored?.Shown == hash && (!turn.Delivery.MayBeDone || stored?.ShownBy == turn.Action.ActionId);
            if (need == ShowNeed.UnlessShown && isLast) return PreparedBody.NotWanted(IsShown);
            turn.Delivery.NoteCall();
            return PreparedBody.Send(json);
        }
    }

    internal Task<ApiOutcome> AcknowledgeAsync(PageTurn turn, CancellationToken cancellationToken) => SendAsync(
        turn, CallPriority.Normal,
        async cancellation => await turns.LoadAsync(turn.Delivery, cancellation) is { Objection: { } objection }
            ? PreparedBody.NotWanted(objection)
            : PreparedBody.Send(PageEvent.Acknowledge(turn.Key).Json),
        cancellationToken);

    /// <summary>Always wanted: with the page's key it can end that page only.</summary>
    internal async Task<ApiOutcome> ResolveAsync(PageTurn turn, CancellationToken cancellationToken)
    {
        var body = PreparedBody.Send(PageEvent.Resolve(turn.Key).Json);
        var outcome = await SendAsync(turn, CallPriority.High, _ => Task.FromResult(body), cancellationToken);
        if (outcome.Result == ApiResult.Done)
            await StoreAsync(turn, page => page with { Resolves = page.Resolves + 1, Checks = 0, IsOver = true }, cancellationToken);
        return outcome;
    }

    private Task<ApiOutcome> SendAsync(
        PageTurn turn, CallPriority priority, Func<CancellationToken, Task<PreparedBody>> prepare, CancellationToken cancellationToken) =>
        events.EnqueueAsync(new CallClaim(priority, turn.Delivery.WaitLimit), turn.Action.Key, prepare, cancellationToken);

    /// <summary>Of two deliveries that are both the first, the one that has loaded the alert earlier shows fewer facts.</summary>
    private Task<StoredPage?> StoreFirstAsync(PageTurn turn, ShownFacts? shown, CancellationToken cancellationToken) => pages.ChangeAsync(
        turn.Key, turn.First with { Opening = shown }, page => page with { Opening = page.Opening?.OrFewer(shown) }, cancellationToken);

    /// <summary>The action waited, for a key or the mode, while no planner could end the page.</summary>
    private bool IsLate(PageTurn turn, PagingPolicy policy) =>
        turn is { Alert: { IsFiring: false } alert, Page.Status: PageStatus.Opening }
        && time.GetUtcNow() - alert.StatusChangedAt > TimeSpan.FromSeconds(policy.ResolveDelaySeconds) + PlannedWithin;

    private async Task StoreAsync(PageTurn turn, Func<StoredPage, StoredPage> change, CancellationToken cancellationToken)
    {
        try
        {
            await pages.ChangeAsync(turn.Key, turn.First, change, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageError.IsOutageOrRefusal(e))
        {
            // The call was made. Failing here would have it made again, and after a resolve in PagerDuty that opens another incident.
        }
    }
}

internal enum ShowNeed
{
    Always,

    /// <summary>Another delivery of the message may have opened the page.</summary>
    UnlessAccepted,

    /// <summary>The latest event may have shown the same.</summary>
    UnlessShown,
}
