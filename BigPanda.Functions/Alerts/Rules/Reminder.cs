namespace BigPanda.Functions.Alerts.Rules;

/// <summary>
/// An event that an alert needs at a time although nothing arrives: <see cref="CloseOverdue"/>, or <see cref="PlanDue"/>. It follows from the alert and
/// is not stored; a second one changes nothing.
/// </summary>
/// <param name="CloseAskedAt">Of an overdue close: when it was decided.</param>
internal readonly record struct Reminder(DateTimeOffset DueAt, DateTimeOffset? CloseAskedAt = null);
