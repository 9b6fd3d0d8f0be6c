namespace BigPanda.Functions.Alerts.Rules;

/// <summary>The result of applying an event to an alert.</summary>
/// <param name="Alert">The alert afterwards.</param>
/// <param name="Verdict">For the whole message; <paramref name="Timeline"/> has one per event in it.</param>
/// <param name="Planned">The action to take in BigPanda, if any.</param>
public sealed record Decision(Alert Alert, Verdict Verdict, IReadOnlyList<TimelineEntry> Timeline, AlertAction? Planned = null);
