using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>Compares what the bridge shows and did with the model and with BigPanda. Pure: a sentence for each thing that is wrong.</summary>
/// <param name="wire">How long a close that was checked and sent may have been under way before BigPanda got it.</param>
internal sealed class Checker(TimeSpan wire)
{
    public IEnumerable<string> Complaints(SeenLife life) => Wrong(life).Select(wrong => $"{life.IncidentId}: {wrong}");

    private IEnumerable<string> Wrong(SeenLife life) => life.Alert is { } alert
        ? [.. State(life, alert, ModelAlert.Of(life.Webhooks)), .. Orders(life), .. Closes(life)]
        : ["accepted, and has no alert"];

    private static IEnumerable<string> State(SeenLife life, SeenAlert alert, ModelAlert model)
    {
        if (model.Fires != life.InBigPanda.Active) yield return "BigPanda has not sent its last state: the run is wrong, not the bridge";
        if (alert.Fires != model.Fires) yield return $"is {alert.Status}, and in BigPanda {(model.Fires ? "active" : "closed")}";
        if (alert.BigPanda.State != "inSync") yield return $"its state in BigPanda is {alert.BigPanda.State} ({alert.BigPanda.LastError})";
        if (alert.Severity != model.Severity) yield return $"has severity {alert.Severity}, not {model.Severity}";
        if (alert.IncidentStatus != model.Status) yield return $"has the incident's status as {alert.IncidentStatus}, not {model.Status}";
        if (alert.Snoozed != model.Snoozed) yield return $"has snoozed as {alert.Snoozed}";
        if (Owner(alert) != model.Owner) yield return $"has the owner as {Owner(alert)}, not {model.Owner}";
        if (alert.FirstFiredAt != model.FirstFiredAt) yield return $"first fired at {alert.FirstFiredAt:O}, not {model.FirstFiredAt:O}";

        // Law 9 and the chapter on closes that do not go through let it fire again by itself; the timeline says so.
        var ownFires = alert.Timeline.Count(entry => entry.Verdict == "applied" && entry.Reason.Contains("the alert fires again", StringComparison.Ordinal));
        if (alert.Episode < model.Episodes || alert.Episode > model.Episodes + ownFires)
            yield return $"is in episode {alert.Episode}, not {model.Episodes} ({ownFires} times it fired again without a webhook)";
        if (ownFires == 0 && alert.LastFiredAt != model.LastFiredAt) yield return $"last fired at {alert.LastFiredAt:O}, not {model.LastFiredAt:O}";

        foreach (var applied in Applied(alert, life)) yield return applied;
    }

    /// <summary>Every webhook has its entry, and none has changed the status twice.</summary>
    private static IEnumerable<string> Applied(SeenAlert alert, SeenLife life)
    {
        var entries = alert.Timeline.Count(entry => entry.Kind.StartsWith("incident", StringComparison.Ordinal));
        if (entries < life.Webhooks.Count) yield return $"has {entries} entries of {life.Webhooks.Count} webhooks";
        foreach (var kind in new[] { "incident#new", "incident#reopen", "incident#closed" })
        {
            var (sent, applied) = (life.Webhooks.Count(webhook => webhook.Events.Contains(kind)), alert.Timeline.Count(entry => entry.Verdict == "applied" && entry.Kind == kind));
            if (applied > sent) yield return $"has applied {kind} {applied} times, of {sent}";
        }
    }

    private static IEnumerable<string> Orders(SeenLife life)
    {
        var firedAgain = life.Alert?.Timeline.Any(entry => entry.Kind == "worsened") == true;
        foreach (var order in life.Orders.Where(order => order.Accepted))
        {
            var reopenedSince = life.InBigPanda.ReopenedOn is { } reopen && DateTimeOffset.FromUnixTimeSeconds(reopen) > order.SawFiredAt;
            if (order.Kind == StepKind.ResolveHere && life.InBigPanda.Active && !reopenedSince && !firedAgain) yield return $"'{order.Comment}' was accepted and the incident is open, not reopened since";
            if (order.Kind == StepKind.CommentHere && Times(life, order.Comment) == 0) yield return $"'{order.Comment}' was accepted and is not in BigPanda";
        }

        foreach (var comment in life.Orders.Select(order => order.Comment).Distinct())
        {
            if (Times(life, comment) > 1) yield return $"'{comment}' is in BigPanda {Times(life, comment)} times";
        }
    }

    private IEnumerable<string> Closes(SeenLife life)
    {
        var orders = life.Orders.Where(order => order.Kind == StepKind.ResolveHere).ToList();
        foreach (var close in life.Resolves)
        {
            if (orders.Count == 0) yield return $"was closed in BigPanda, and no person asked for it ({close.Comment})";
            else if (IsUnwanted(life, orders, close)) yield return $"was closed in BigPanda at {close.At:O} although it had shown the reopen of second {close.ReopenedOn} before that ({close.Comment})";
        }
    }

    private bool IsUnwanted(SeenLife life, List<Order> orders, AcceptedResolve close) =>
        close.ReopenedOn is { } reopen
        && orders.All(order => order.LatestReopen is not { } latest || latest < reopen)
        && life.Shown.Any(shown => shown.FiredAt >= DateTimeOffset.FromUnixTimeSeconds(reopen) && shown.At + wire < close.At);

    private static int Times(SeenLife life, string comment) =>
        life.InBigPanda.Activities.Count(activity => activity.Comment?.Contains(comment, StringComparison.Ordinal) == true);

    private static string? Owner(SeenAlert alert) => alert.Tags.TryGetValue("itd_owner_1", out var owner) ? owner.GetString() : null;
}
