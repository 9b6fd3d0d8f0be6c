namespace BigPanda.Functions.Alerts.Rules;

/// <summary>Decides what a destination does about transitions. Pure; not asked while the destination is off.</summary>
public interface IDestinationPlanner
{
    Destination Destination { get; }

    IReadOnlyList<AlertAction> Plan(Alert after, IReadOnlyList<Transition> transitions);

    /// <summary>What the action does, for the timeline: "close the incident in BigPanda with the comment “…”".</summary>
    string Describe(AlertAction action);
}
