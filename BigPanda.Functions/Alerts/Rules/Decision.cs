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

public enum Verdict
{
    /// <summary>The event changed the alert.</summary>
    Applied = 0,

    /// <summary>The event was already applied.</summary>
    Duplicate = 1,

    /// <summary>A newer event is already applied.</summary>
    Stale = 2,

    /// <summary>Our own action, returned by BigPanda.</summary>
    Echo = 3,

    /// <summary>Recorded; the status does not change.</summary>
    Noted = 4,
}

/// <summary>One event of an alert's life, with its verdict and the reason.</summary>
public sealed record TimelineEntry
{
    public required DateTimeOffset At { get; init; }

    /// <summary>BigPanda's event name, or ours: <c>resolve</c>, <c>close</c>.</summary>
    public required string Kind { get; init; }

    public required Verdict Verdict { get; init; }
    public required string Reason { get; init; }
    public required int Episode { get; init; }
    public string? Actor { get; init; }
    public string? Summary { get; init; }
    public string? Comment { get; init; }
}
