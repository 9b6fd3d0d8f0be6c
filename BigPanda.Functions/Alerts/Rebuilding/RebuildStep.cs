using BigPanda.Functions.Alerts.Rules;

namespace BigPanda.Functions.Alerts.Rebuilding;

/// <summary>A row of the timeline as folding needs it.</summary>
internal sealed record RebuildStep(int Number, DateTimeOffset? At)
{
    /// <summary>Null when it is not kept or cannot be read; <see cref="Gap"/> says why.</summary>
    public DecidedEvent? Event { get; init; }

    public string? Gap { get; init; }

    /// <summary>The alert after the row; null without a snapshot there.</summary>
    public Alert? Snapshot { get; init; }

    /// <summary>The members that deliveries before the snapshot were kept without.</summary>
    public IReadOnlyList<string> SnapshotWithout { get; init; } = [];
}

/// <summary>An event with everything that it was decided by.</summary>
/// <param name="Without">Members that it was kept without.</param>
internal sealed record DecidedEvent(
    AlertEvent Event, IReadOnlyList<IDestinationPlanner> Planners, AlertPolicy Policy, DateTimeOffset DecidedAt, string Build, IReadOnlyList<string> Without);
