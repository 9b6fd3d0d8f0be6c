using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.PagerDuty.Actions;

/// <summary>
/// PagerDuty's 202 does not prove that a page exists or is resolved: its rules may suppress an event, and a resolve without an open alert is dropped. So the
/// incident is looked for, again while the search lags, and after that the event is sent once more.
/// </summary>
public sealed class PageVerification(
    PageSight sight, PageSender sender, PageStore pages, AppMetrics metrics, AlertPolicy policy, IOptions<PagerDutyOptions> options)
{
    /// <summary>How often PagerDuty may not show what it accepted: the waits double, from the setting's 10 seconds to two and a half minutes in all.</summary>
    private const int MaxChecks = 4;

    /// <summary>A resolve in PagerDuty is the webhook's to report, with the person who did it. After this many checks it counts as lost.</summary>
    private const int ChecksForTheWebhook = 2;

    /// <summary>While the REST API cannot be read, nothing is known.</summary>
    private static readonly TimeSpan Unreadable = TimeSpan.FromMinutes(1);

    internal TimeSpan First => options.Value.VerifyAfter;

    /// <summary>Otherwise nothing is sent, and a page that was opened is left as it is.</summary>
    private bool IsOn => policy.ModeOf(Destination.PagerDuty) == DestinationMode.On;

    /// <summary>Whether what an opening or an update is for is the case.</summary>
    internal async Task<ActionAttempt> VerifyShownAsync(PageTurn turn, CancellationToken cancellationToken)
    {
        // The page's end is verified instead.
        if (turn.Objection is { } objection) return new ActionAttempt.Moot(objection);
        var seen = await sight.FindAsync(turn, CallPriority.Low, cancellationToken);
        if (seen.Outcome.Result != ApiResult.Done) return Unread(seen.Outcome);
        if (seen is { External: { } open, IsResolved: false }) return new ActionAttempt.Confirmed($"PagerDuty shows the page as incident {open.Id}", open);

        var checks = await CountAsync(turn, cancellationToken);
        if (seen.Incident is { } resolved)
        {
            if (checks.Checks <= ChecksForTheWebhook) return NotShown($"incident {resolved.Id} is resolved in PagerDuty: waits for its webhook", checks);
            await sight.ReportResolvedAsync(turn, seen, cancellationToken);
            return new ActionAttempt.Observed($"PagerDuty shows incident {resolved.Id} as resolved");
        }

        if (checks.Checks < MaxChecks) return NotShown("PagerDuty shows no incident for the page yet", checks);
        if (checks.Triggers > 1) return Unshown(turn);
        if (!IsOn) return Parked();
        return Again(
            await sender.ShowAsync(turn, CallPriority.Urgent, ShowNeed.Always, null, cancellationToken),
            "PagerDuty accepted the page and shows no incident for it: it was sent once more");
    }

    internal async Task<ActionAttempt> VerifyResolvedAsync(PageTurn turn, CancellationToken cancellationToken)
    {
        // A person has reopened it in PagerDuty.
        if (turn.Page is { IsOver: false }) return new ActionAttempt.Moot("the page is open again");
        var seen = await sight.FindAsync(turn, CallPriority.Low, cancellationToken);
        if (seen.Outcome.Result != ApiResult.Done) return Unread(seen.Outcome);
        if (seen.External is not { } incident) return new ActionAttempt.Confirmed("PagerDuty shows no incident for the page");
        if (seen.IsResolved) return new ActionAttempt.Confirmed($"PagerDuty shows incident {incident.Id} as resolved", incident);

        var checks = await CountAsync(turn, cancellationToken);
        if (checks.Checks < MaxChecks) return NotShown($"PagerDuty still shows incident {incident.Id} as open", checks);
        if (checks.Resolves > 1)
        {
            return new ActionAttempt.Fail(
                $"PagerDuty accepted the resolve twice and still shows incident {incident.Id} as open. Resolve it in PagerDuty");
        }

        if (!IsOn) return Parked();
        return Again(
            await sender.ResolveAsync(turn, cancellationToken),
            $"PagerDuty accepted the resolve and still shows incident {incident.Id} as open: it was sent once more");
    }

    /// <summary>Not a failure of the page: PagerDuty has taken it, and whoever set up its rules may have wanted that.</summary>
    private ActionAttempt.Done Unshown(PageTurn turn)
    {
        metrics.CountAction(turn.Action.Kind, "unshown");
        return new ActionAttempt.Done(
            "PagerDuty accepted the page twice and shows no incident for it. If no person was paged, check the event rules of the service: "
            + "they may suppress or pause it");
    }

    /// <summary>The end of an action that was accepted does not depend on the REST key: only its verification waits.</summary>
    private static ActionAttempt Unread(ApiOutcome outcome) => outcome.Result switch
    {
        ApiResult.NotAllowed => PageAttempts.Park("verification", outcome) with { IsReported = false },
        ApiResult.Unavailable => Later(outcome),
        _ => new ActionAttempt.Moot($"not verified: {outcome.Detail}"),
    };

    private static ActionAttempt.Park Parked() => new("the mode of PagerDuty is no longer on: the event is not sent again until it is", IsReported: false);

    /// <summary>An event that could not be sent again is tried again with the next check.</summary>
    private ActionAttempt Again(ApiOutcome outcome, string detail) => outcome.Result switch
    {
        ApiResult.Done => new ActionAttempt.DoneAndVerifyAfter(detail, First),
        ApiResult.NotSent => new ActionAttempt.Moot(outcome.Detail),
        ApiResult.NotAllowed => PageAttempts.Park("event", outcome) with { IsReported = false },
        ApiResult.Unavailable => Later(outcome),
        _ => new ActionAttempt.Fail($"PagerDuty rejected the event that it had accepted before ({outcome.Detail})"),
    };

    private static ActionAttempt.NotShown Later(ApiOutcome outcome) =>
        new(outcome.Detail, outcome.RetryAfter is { } after && after > Unreadable ? after : Unreadable);

    private ActionAttempt.NotShown NotShown(string detail, StoredPage checks) => new(detail, First * (1 << checks.Checks));

    private async Task<StoredPage> CountAsync(PageTurn turn, CancellationToken cancellationToken)
    {
        var first = turn.First;
        return await pages.ChangeAsync(turn.Key, first, page => page with { Checks = page.Checks + 1 }, cancellationToken) ?? first;
    }
}
