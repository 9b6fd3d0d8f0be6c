using System.Globalization;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;

namespace BigPanda.Functions.Alerts.Explaining;

/// <summary>The words of an explanation.</summary>
internal static class Sentences
{
    public static string Time(DateTimeOffset at) => Time(at.UtcDateTime);

    public static string Time(DateTime at) => at.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Name(string kind, string actionId, Destination destination) => $"{kind} {actionId} in {destination}";

    public static string Of(Page page) => page switch
    {
        { IsParked: true } => $"parked: {page.LastError}",
        { HasFailed: true } => $"not as planned, its latest action has failed: {page.LastError}",
        { IsPending: true } => $"{Word(page.Status)}, and its latest action has no result yet",
        _ => Word(page.Status),
    };

    public static IEnumerable<string> Of(ExplainedRow row, StatusChange? transition, IReadOnlyList<ExplainedAction> actions)
    {
        yield return Arrival(row);
        foreach (var entry in row.Entries) yield return $"{entry.Kind}: {entry.Verdict.ToString().ToLowerInvariant()}, {entry.Reason}.";
        if (transition is not null) yield return $"{Describe(transition)}.";
        foreach (var action in actions) yield return $"It led to {action.Text}.";
        if (row.Facts is not null && actions.Count == 0) yield return "It led to no action.";
    }

    private static string Arrival(ExplainedRow row)
    {
        if (row.Facts is not { } facts) return $"Applied at {Time(row.AppliedAt)} by an earlier version, which stored no more of it.";
        var what = $"{What(row)} was ";
        return facts.ReceivedAt is { } received
            ? $"{what}received at {Time(received)}{Queued(facts.QueuedAt, received)} and applied {Seconds(facts.AppliedAt - received)} after its receipt."
            : $"{what}{(facts.QueuedAt is { } queued ? $"queued at {Time(queued)} and " : "")}applied at {Time(facts.AppliedAt)}.";
    }

    private static string Queued(DateTimeOffset? queued, DateTimeOffset received) => queued is { } at ? $", queued {Seconds(at - received)} later" : "";

    private static string What(ExplainedRow row)
    {
        var actor = row.Entries is [{ Actor: { } name }, ..] ? $" of {name}" : "";
        return row.Facts switch
        {
            { Report: { } report } => $"The result of {Name(report.Kind, report.ActionId, report.Destination)}",
            { Source: { } source } => $"A webhook of the source {source}",
            { Subject: "resolve" } => $"The resolve{actor}",
            { Subject: "comment" } => $"The comment{actor}",
            { Subject: "observation" } => "What BigPanda's API has shown",
            { Subject: "page" } => $"A change of its page in PagerDuty{actor}",
            { Subject: "overdue" } => "The reminder that a close is overdue",
            { Subject: "due" } => "The reminder that a delay has ended",
            var facts => $"A message '{facts?.Subject}'",
        };
    }

    private static string Describe(StatusChange change)
    {
        var now = $"{Word(change.To)}, episode {change.ToEpisode}";
        return change.From is null ? $"The alert began {now}" : $"The alert went from {Word(change.From)}, episode {change.FromEpisode}, to {now}";
    }

    private static string Word(AlertStatus? status) => status == AlertStatus.Firing ? "firing" : "resolved";

    private static string Word(PageStatus status) => status.ToString().ToLowerInvariant();

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
