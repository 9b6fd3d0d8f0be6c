namespace BigPanda.Functions.Alerts.Rules;

/// <summary>The result of applying an event to an alert.</summary>
/// <param name="Alert">The alert afterwards.</param>
/// <param name="Verdict">For the whole message; <paramref name="Timeline"/> has one per event in it.</param>
/// <param name="Transitions">What changed, for the destinations' planners.</param>
public sealed record Decision(Alert Alert, Verdict Verdict, IReadOnlyList<TimelineEntry> Timeline, IReadOnlyList<Transition> Transitions)
{
    public Decision(Alert alert, Verdict verdict, IReadOnlyList<TimelineEntry> timeline)
        : this(alert, verdict, timeline, [])
    {
    }

    public Decision With(Transition transition) => this with { Transitions = [.. Transitions, transition] };
}
