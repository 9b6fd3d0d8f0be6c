using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Actions;
using BigPanda.LocalHost.Simulator.BigPanda.Incidents;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>Compares what the bridge shows and did with the expected alert and with BigPanda. Pure; returns a sentence for each error.</summary>
/// <param name="inTransit">The longest time between the check before a close and its arrival at BigPanda; of an event, at PagerDuty.</param>
internal sealed class OutcomeCheck(TimeSpan inTransit)
{
    public IEnumerable<string> FindErrors(IncidentOutcome outcome) => Check(outcome).Select(error => $"{outcome.IncidentId}: {error}");

    private IEnumerable<string> Check(IncidentOutcome outcome) => outcome.Alert is { } alert
        ? [.. CheckState(outcome, alert, ExpectedAlert.Of(outcome.Webhooks)), .. CheckRequests(outcome), .. CheckCloses(outcome), .. CheckPages(outcome, alert)]
        : ["accepted, and has no alert"];

    private static IEnumerable<string> CheckState(IncidentOutcome outcome, SeenAlert alert, ExpectedAlert expected)
    {
        if (expected.Fires != outcome.InBigPanda.Active) yield return "BigPanda has not sent its last state: an error of the run, not of the bridge";
        if (alert.Fires != expected.Fires) yield return $"is {alert.Status}, and in BigPanda {(expected.Fires ? "active" : "closed")}";
        if (alert.BigPanda.State != "inSync") yield return $"its state in BigPanda is {alert.BigPanda.State} ({alert.BigPanda.LastError})";
        if (alert.Severity != expected.Severity) yield return $"has severity {alert.Severity}, not {expected.Severity}";
        if (alert.IncidentStatus != expected.Status) yield return $"has the incident's status as {alert.IncidentStatus}, not {expected.Status}";
        if (alert.Snoozed != expected.Snoozed) yield return $"has snoozed as {alert.Snoozed}";
        if (ReadOwner(alert) != expected.Owner) yield return $"has the owner as {ReadOwner(alert)}, not {expected.Owner}";
        if (alert.FirstFiredAt != expected.FirstFiredAt) yield return $"first fired at {alert.FirstFiredAt:O}, not {expected.FirstFiredAt:O}";

        // By law 9, and when a close fails, an alert may fire again without a webhook; its timeline says so.
        var ownFires = alert.Timeline.Count(entry => entry.Verdict == "applied" && entry.Reason.Contains("the alert fires again", StringComparison.Ordinal));
        if (alert.Episode < expected.Episodes || alert.Episode > expected.Episodes + ownFires)
            yield return $"is in episode {alert.Episode}, not {expected.Episodes} ({ownFires} times it fired again without a webhook)";
        if (ownFires == 0 && alert.LastFiredAt != expected.LastFiredAt) yield return $"last fired at {alert.LastFiredAt:O}, not {expected.LastFiredAt:O}";

        foreach (var applied in CheckTimeline(alert, outcome)) yield return applied;
    }

    /// <summary>Every webhook has an entry, and none has changed the status twice.</summary>
    private static IEnumerable<string> CheckTimeline(SeenAlert alert, IncidentOutcome outcome)
    {
        var entries = alert.Timeline.Count(entry => entry.Kind.StartsWith("incident", StringComparison.Ordinal));
        if (entries < outcome.Webhooks.Count) yield return $"has {entries} entries of {outcome.Webhooks.Count} webhooks";
        foreach (var kind in new[] { "incident#new", "incident#reopen", "incident#closed" })
        {
            var (sent, applied) = (
                outcome.Webhooks.Count(webhook => webhook.Events.Contains(kind)),
                alert.Timeline.Count(entry => entry.Verdict == "applied" && entry.Kind == kind));
            if (applied > sent) yield return $"has applied {kind} {applied} times, of {sent}";
        }
    }

    private IEnumerable<string> CheckPages(IncidentOutcome outcome, SeenAlert alert) =>
        outcome.Pages is { } pages ? PageCheck.FindErrors(alert, pages, PageSender.SeenWithin + inTransit) : [];

    private static IEnumerable<string> CheckRequests(IncidentOutcome outcome)
    {
        var firedAgain = outcome.Alert?.Timeline.Any(entry => entry.Kind == "worsened") == true;
        foreach (var request in outcome.Requests.Where(request => request.Accepted))
        {
            var reopenedSince = outcome.InBigPanda.ReopenedOn is { } reopen && DateTimeOffset.FromUnixTimeSeconds(reopen) > request.SawFiredAt;
            if (request.IsResolve && outcome.InBigPanda.Active && !reopenedSince && !firedAgain)
                yield return $"{request.Kind} '{request.Comment}' was accepted and the incident is open, not reopened since";
            if (request.Kind is StepKind.CommentHere or StepKind.AnnotatePage && FindComments(outcome, request.Comment).Count == 0)
                yield return $"'{request.Comment}' was accepted and is not in BigPanda";
        }

        foreach (var comment in outcome.Requests.Select(request => request.Comment).Where(text => text.Length > 0).Distinct())
        {
            var found = FindComments(outcome, comment);
            if (found.Count > 1) yield return $"'{comment}' is in BigPanda {found.Count} times: {string.Join(", ", found)}";
        }
    }

    private IEnumerable<string> CheckCloses(IncidentOutcome outcome)
    {
        var requests = outcome.Requests.Where(request => request.IsResolve).ToList();
        foreach (var close in outcome.Resolves)
        {
            if (requests.Count == 0) yield return $"was closed in BigPanda, and no person asked for it ({close.Comment})";
            else if (IsUnwanted(outcome, requests, close))
                yield return $"was closed in BigPanda at {close.At:O} although it had shown the reopen of {close.ReopenedOn} before that ({close.Comment})";
        }
    }

    private bool IsUnwanted(IncidentOutcome outcome, List<PersonRequest> requests, AcceptedResolve close) =>
        close.ReopenedOn is { } reopen
        && requests.All(request => request.LatestReopen is not { } latest || latest < reopen)
        && outcome.ShownFirings.Any(shown => shown.FiredAt >= DateTimeOffset.FromUnixTimeSeconds(reopen) && shown.At + inTransit < close.At);

    private static IReadOnlyList<string> FindComments(IncidentOutcome outcome, string comment) =>
    [
        .. outcome.InBigPanda.Activities.Where(activity => activity.Comment?.Contains(comment, StringComparison.Ordinal) == true)
            .Select(activity => $"{activity.Type} “{activity.Comment}”"),
    ];

    private static string? ReadOwner(SeenAlert alert) => alert.Tags.TryGetValue("itd_owner_1", out var owner) ? owner.GetString() : null;
}
