using System.Diagnostics;
using BigPanda.Functions.Alerts.Rules.Paging;

namespace BigPanda.Functions.Alerts.Rules;

public static partial class AlertLifecycle
{
    /// <summary>What came of an action for a page. Its page is known by the action's id: an outcome never touches another one.</summary>
    private static Decision DecidePageOutcome(Alert alert, ActionReported report, DateTimeOffset now)
    {
        if (report.Kind == PageActionKinds.Note) return Record(alert, report, Verdict.Noted, report.Detail, now);
        var pager = alert.PagerDuty ?? PagerState.None;
        if (pager.FindByAction(report.ActionId) is not { } page) return Record(alert, report, Verdict.Stale, $"the page is over: {report.Detail}", now);

        var known = WithEffect(page with { Incident = report.External ?? page.Incident }, report);
        var isLatest = page.ActionId == report.ActionId && !IsOvertaken(page, report);
        var verdict = !isLatest && known == page ? Verdict.Stale : report.Result == ActionResult.Retrying ? Verdict.Noted : Verdict.Applied;
        if (isLatest) known = WithOutcome(known, report);
        if (isLatest && report.IsDropped && page.Status == PageStatus.Opening)
        {
            // What changes later must not open it after all: the episode is not paged.
            pager = pager with { SkippedEpisode = alert.Life.LastFiredAt, WantedSince = null, Held = report.Detail };
            known = known.AsResolved();
        }

        return Record(WithPage(alert, pager, known, now), report, verdict, report.Detail, now);
    }

    private static bool IsOvertaken(Page page, ActionReported report) =>
        report.Attempt < page.ReportedAttempt || (report.Attempt == page.ReportedAttempt && report.At <= page.ReportedAt);

    /// <summary>What the pager has accepted is the case, however late that is reported.</summary>
    private static Page WithEffect(Page page, ActionReported report) => (report.Kind, report.Result) switch
    {
        (PageActionKinds.Trigger or PageActionKinds.Update, ActionResult.Accepted or ActionResult.Closed) => page.AsOpen(),
        (PageActionKinds.Resolve, ActionResult.Accepted or ActionResult.Closed) => page.AsResolved(),
        _ => page,
    };

    private static Page WithOutcome(Page page, ActionReported report)
    {
        var next = page with
        {
            Attempts = Math.Max(page.Attempts, report.Attempt),
            ReportedAttempt = report.Attempt,
            ReportedAt = report.At,
            NextAttemptAt = report.NextAttemptAt,
        };
        return report.Result switch
        {
            ActionResult.Accepted or ActionResult.Closed => Accepted(next, report.Kind) with { IsPending = false, IsParked = false, LastError = null },
            ActionResult.Retrying => next with { LastError = report.Detail },
            ActionResult.Parked => next with { IsParked = true, LastError = report.Detail },
            ActionResult.Released => next with { IsParked = false, IsPending = next.IsPending || next.HasFailed, HasFailed = false },
            ActionResult.Failed => next with { IsPending = false, IsParked = false, HasFailed = true, LastError = report.Detail },
            _ => throw new UnreachableException($"No rule for {report.Result}."),
        };
    }

    private static Page Accepted(Page page, string kind) => kind is PageActionKinds.Trigger or PageActionKinds.Update
        ? page.Showing(page.Planned) with { ShowsGravity = page.PlannedGravity, HasFailed = false }
        : page with { HasFailed = false };
}
