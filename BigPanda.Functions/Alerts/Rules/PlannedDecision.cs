namespace BigPanda.Functions.Alerts.Rules;

/// <summary>A decision with the actions that follow from it.</summary>
/// <param name="Decision">Its timeline also shows the actions of destinations in shadow mode.</param>
/// <param name="Actions">To send.</param>
public sealed record PlannedDecision(Decision Decision, IReadOnlyList<AlertAction> Actions)
{
    /// <summary>Applies an event: the one way, so that what is decided again later is decided alike.</summary>
    public static PlannedDecision Of(
        Alert? alert, AlertEvent evt, IEnumerable<IDestinationPlanner> planners, AlertPolicy policy, DateTimeOffset now)
    {
        // The clocks of the broker and of other instances differ: what is due is due.
        var asOf = evt is PlanDue { DueAt: var due } && due > now ? due : now;
        return Of(AlertLifecycle.Decide(alert, evt, policy, now), planners, policy, asOf);
    }

    public static PlannedDecision Of(Decision decision, IEnumerable<IDestinationPlanner> planners, AlertPolicy policy, DateTimeOffset now)
    {
        List<AlertAction> actions = [];
        foreach (var planner in planners)
        {
            var mode = policy.ModeOf(planner.Destination);
            if (mode == DestinationMode.Off) continue;
            var isShadow = mode == DestinationMode.Shadow;
            var plan = planner.Plan(new PlanRequest(decision, isShadow, now));
            if (!isShadow) actions.AddRange(plan.Actions);
            IReadOnlyList<TimelineEntry> shadows = isShadow ? [.. plan.Actions.Select(action => Shadow(planner, action, plan.Alert, now))] : [];
            if (!ReferenceEquals(plan.Alert, decision.Alert)) decision = decision with { Alert = plan.Alert };
            if (plan.Notes.Count + shadows.Count > 0) decision = decision with { Timeline = [.. decision.Timeline, .. plan.Notes, .. shadows] };
        }

        return new PlannedDecision(decision, actions);
    }

    private static TimelineEntry Shadow(IDestinationPlanner planner, AlertAction action, Alert alert, DateTimeOffset now) => new()
    {
        At = now,
        Kind = "shadow",
        Verdict = Verdict.Noted,
        Reason = $"would {planner.Describe(action, alert)}",
        Episode = alert.Life.Episode,
        Summary = $"{planner.Destination} is in shadow mode: nothing is sent",
    };
}
