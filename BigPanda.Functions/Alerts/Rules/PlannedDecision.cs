namespace BigPanda.Functions.Alerts.Rules;

/// <summary>A decision with the actions that follow from it.</summary>
/// <param name="Decision">Its timeline also shows the actions of destinations in shadow mode.</param>
/// <param name="Actions">To send.</param>
public sealed record PlannedDecision(Decision Decision, IReadOnlyList<AlertAction> Actions)
{
    public static PlannedDecision Of(Decision decision, IEnumerable<IDestinationPlanner> planners, AlertPolicy policy, DateTimeOffset now)
    {
        if (decision.Transitions.Count == 0) return new PlannedDecision(decision, []);
        List<AlertAction> actions = [];
        List<TimelineEntry> shadows = [];
        foreach (var planner in planners)
        {
            var mode = policy.ModeOf(planner.Destination);
            if (mode == DestinationMode.Off) continue;
            var planned = planner.Plan(decision.Alert, decision.Transitions);
            if (mode == DestinationMode.On) actions.AddRange(planned);
            else shadows.AddRange(planned.Select(action => Shadow(planner, action, decision.Alert, now)));
        }

        return new PlannedDecision(shadows.Count == 0 ? decision : decision with { Timeline = [.. decision.Timeline, .. shadows] }, actions);
    }

    private static TimelineEntry Shadow(IDestinationPlanner planner, AlertAction action, Alert alert, DateTimeOffset now) => new()
    {
        At = now,
        Kind = "shadow",
        Verdict = Verdict.Noted,
        Reason = $"would {planner.Describe(action)}",
        Episode = alert.Life.Episode,
        Summary = $"{planner.Destination} is in shadow mode: nothing is sent",
    };
}
