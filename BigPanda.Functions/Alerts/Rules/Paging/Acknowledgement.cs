namespace BigPanda.Functions.Alerts.Rules.Paging;

/// <summary>A person has taken the alert on, in the pager.</summary>
/// <param name="Via">Where: one of <see cref="History.ResolvedVia"/>.</param>
public sealed record Acknowledgement(DateTimeOffset At, string Via, string? Actor);
