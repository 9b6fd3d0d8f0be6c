namespace BigPanda.Functions.Alerts;

/// <summary>What an event makes of an alert.</summary>
/// <param name="Alert">The alert afterwards.</param>
/// <param name="Verdict">The event's verdict as a whole; <paramref name="Timeline"/> has one for each of its parts.</param>
/// <param name="Action">What to do in BigPanda, if anything.</param>
public sealed record Decision(Alert Alert, Verdict Verdict, IReadOnlyList<TimelineEntry> Timeline, AlertAction? Action = null);
