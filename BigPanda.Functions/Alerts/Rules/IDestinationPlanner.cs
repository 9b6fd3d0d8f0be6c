namespace BigPanda.Functions.Alerts.Rules;

/// <summary>Decides what a destination does about an event. Pure; not asked while the destination is off.</summary>
public interface IDestinationPlanner
{
    Destination Destination { get; }

    /// <summary>What decides besides the alert, as text: a planner with the same settings plans the same. Empty when nothing does.</summary>
    string Settings { get; }

    /// <summary>Asked after every event, also one without transitions: delays end, and a policy may have changed.</summary>
    DestinationPlan Plan(PlanRequest request);

    /// <summary>What the action does, for the timeline: "close the incident in BigPanda with the comment “…”".</summary>
    /// <param name="alert">As it is after the plan.</param>
    string Describe(AlertAction action, Alert alert);
}

/// <param name="Decision">The alert after the event, with what earlier planners have planned, and its transitions.</param>
/// <param name="IsShadow">The plan is shown in the timeline and not sent.</param>
public sealed record PlanRequest(Decision Decision, bool IsShadow, DateTimeOffset Now)
{
    public Alert Alert => Decision.Alert;
}

/// <param name="Alert">With the destination's state changed; the same object when nothing changes.</param>
/// <param name="Notes">What the timeline says besides the actions: "would have paged".</param>
public sealed record DestinationPlan(Alert Alert, IReadOnlyList<AlertAction> Actions, IReadOnlyList<TimelineEntry> Notes)
{
    public DestinationPlan(Alert alert, IReadOnlyList<AlertAction> actions)
        : this(alert, actions, [])
    {
    }
}
