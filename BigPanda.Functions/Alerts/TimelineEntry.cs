namespace BigPanda.Functions.Alerts;

public enum Verdict
{
    /// <summary>It changed the alert.</summary>
    Applied = 0,

    /// <summary>It has been here before.</summary>
    Duplicate = 1,

    /// <summary>It is older than what is known.</summary>
    Stale = 2,

    /// <summary>Our own action coming back.</summary>
    Echo = 3,

    /// <summary>Recorded; it changes no status.</summary>
    Noted = 4,
}

/// <summary>One event of an alert's life and what was made of it, in words.</summary>
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
