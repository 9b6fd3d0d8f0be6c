using System.Globalization;
using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Alerts.Explaining;

/// <summary>Why an alert is as it is: each message that it got, what was decided, what that led to, and what came of it.</summary>
internal sealed record Explanation
{
    public required string IncidentId { get; init; }

    /// <summary>How the alert is now, in sentences.</summary>
    public required string Summary { get; init; }
    public required AlertStatus? Status { get; init; }
    public required int Episode { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<ExplainedStep> Steps { get; init; }

    /// <summary>Actions that are neither done nor given up, by what is stored of them now.</summary>
    public required IReadOnlyList<OpenAction> OpenActions { get; init; }

    /// <summary>Absent on the last page.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Continuation { get; init; }

    /// <param name="page">The rows to explain.</param>
    /// <param name="later">Rows behind them, in which the reports of their actions may be.</param>
    /// <param name="next">The continuation after the page; null on the last one.</param>
    public static Explanation Of(Alert alert, IReadOnlyList<OpenAction> open, IReadOnlyList<ExplainedRow> page, IReadOnlyList<ExplainedRow> later, int? next)
    {
        var actions = ActionTrail.Of([.. page, .. later], open);
        return new Explanation
        {
            IncidentId = alert.IncidentId,
            Summary = string.Join(' ', Summarize(alert, open)),
            Status = alert.Life.Status,
            Episode = alert.Life.Episode,
            Steps = [.. page.Select(row => ExplainedStep.Of(row, actions))],
            OpenActions = open,
            Continuation = next?.ToString(CultureInfo.InvariantCulture),
        };
    }

    private static IEnumerable<string> Summarize(Alert alert, IReadOnlyList<OpenAction> open)
    {
        var (life, since) = (alert.Life, Sentences.Time(alert.StatusChangedAt));
        yield return life.Status == AlertStatus.Firing
            ? $"The alert fires, episode {life.Episode}, known here since {since}."
            : $"The alert is resolved, episode {life.Episode}, known here since {since}, by {life.ResolvedBy ?? "an unnamed person or rule"} "
                + $"({life.ResolvedVia}).";
        var sync = alert.BigPanda;
        if (sync.State != SyncState.InSync) yield return $"In BigPanda: {sync.Outlook}{(sync.LastError is { } error ? $" ({error})" : "")}.";
        if (alert.PagerDuty is { Held: { } held }) yield return $"In PagerDuty: {held}.";
        if (alert.PagerDuty?.Latest is { } page) yield return $"Its page {page.Id} is {Sentences.Of(page)}.";
        foreach (var action in open.Take(5)) yield return $"{Sentences.Name(action.Kind, action.ActionId, action.Destination)}: {action.Text}.";
        if (open.Count > 5) yield return $"{open.Count - 5} more actions are open.";
    }
}

/// <summary>An action that is not over.</summary>
/// <param name="State">pending: not in the queue yet; parked: waits for a key or setting; held: by the brake.</param>
/// <param name="Since">When it was parked or held; null otherwise.</param>
internal sealed record OpenAction(string ActionId, string Kind, Destination Destination, string State, DateTime? Since, string Text);

[JsonSerializable(typeof(Explanation))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(CamelCaseEnum<AlertStatus>), typeof(CamelCaseEnum<Verdict>), typeof(CamelCaseEnum<ActionResult>)])]
internal sealed partial class ExplanationJson : JsonSerializerContext;
