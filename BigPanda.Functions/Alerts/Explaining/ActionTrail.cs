using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;

namespace BigPanda.Functions.Alerts.Explaining;

/// <summary>What was reported of each action, and which row of the timeline planned it.</summary>
internal sealed class ActionTrail
{
    private readonly Dictionary<(Destination, string), int> _plannedIn = [];
    private readonly Dictionary<(Destination, string), List<ExplainedAttempt>> _attempts = [];
    private readonly Dictionary<(Destination, string), OpenAction> _open = [];
    private readonly List<StepAction> _known = [];

    public static ActionTrail Of(IReadOnlyList<ExplainedRow> rows, IEnumerable<OpenAction> open)
    {
        var trail = new ActionTrail();
        foreach (var row in rows)
        {
            foreach (var action in row.Facts?.Actions ?? []) trail._plannedIn.TryAdd((action.Destination, action.ActionId), row.Number);
            trail._known.AddRange(row.Facts?.Actions ?? []);
            if (row.Facts?.Report is not { } report) continue;
            trail._known.Add(new StepAction(report.ActionId, report.Kind, report.Destination));
            var key = (report.Destination, report.ActionId);
            if (!trail._attempts.TryGetValue(key, out var attempts)) trail._attempts[key] = attempts = [];
            attempts.Add(ExplainedAttempt.Of(row, report));
        }

        foreach (var action in open)
        {
            trail._open[(action.Destination, action.ActionId)] = action;
            trail._known.Add(new StepAction(action.ActionId, action.Kind, action.Destination));
        }

        return trail;
    }

    /// <returns>Null when nothing that was read is about it.</returns>
    public ExplainedAction? Find(string actionId) => _known.Find(action => action.ActionId == actionId) is { } action ? Explain(action) : null;

    /// <returns>Null when the row is not among those read.</returns>
    public int? FindPlanner(StepReport report) => _plannedIn.TryGetValue((report.Destination, report.ActionId), out var row) ? row : null;

    public ExplainedAction Explain(StepAction action)
    {
        var attempts = _attempts.GetValueOrDefault((action.Destination, action.ActionId)) ?? [];
        var open = _open.GetValueOrDefault((action.Destination, action.ActionId));
        // What is stored of it now comes before what was reported: a report may still be on its way.
        var state = open?.State ?? (attempts is [.., var last] ? StateOf(last.Result) : "sent");
        return new ExplainedAction(action.ActionId, action.Kind, action.Destination, state, attempts, Describe(action, state, attempts, open));
    }

    private static string StateOf(ActionResult result) => result switch
    {
        ActionResult.Accepted => "accepted",
        ActionResult.Closed => "done",
        ActionResult.Retrying => "retrying",
        ActionResult.Parked => "parked",
        ActionResult.Released => "sent",
        ActionResult.Failed => "failed",
        _ => "sent",
    };

    private static string Describe(StepAction action, string state, IReadOnlyList<ExplainedAttempt> attempts, OpenAction? open)
    {
        var name = Sentences.Name(action.Kind, action.ActionId, action.Destination);
        if (open is not null) return $"{name}: {open.Text}";
        if (attempts is not [.., var last]) return $"{name}: sent; no result has been reported yet";
        var next = last.NextAttemptAt is { } at ? $", next at {Sentences.Time(at)}" : "";
        return $"{name}: {state} at {Sentences.Time(last.ActedAt)}, attempt {last.Attempt}{next}: {last.Detail}";
    }
}

/// <param name="State">pending, sent, retrying, parked, held, accepted, done or failed.</param>
internal sealed record ExplainedAction(
    string ActionId, string Kind, Destination Destination, string State, IReadOnlyList<ExplainedAttempt> Attempts, string Text);

/// <param name="Row">Of the timeline: the report.</param>
/// <param name="ActedAt">By the clock of the instance that acted.</param>
/// <param name="ReportedAt">When the report was applied to the alert.</param>
internal sealed record ExplainedAttempt(int Row, ActionResult Result, int Attempt, DateTime ActedAt, DateTime ReportedAt, string Detail)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? NextAttemptAt { get; init; }

    public static ExplainedAttempt Of(ExplainedRow row, StepReport report) => new(
        row.Number, report.Result, report.Attempt, report.At.UtcDateTime, row.AppliedAt.UtcDateTime, row.Entries is [var first, ..] ? first.Reason : "")
    {
        NextAttemptAt = report.NextAttemptAt?.UtcDateTime,
    };
}
