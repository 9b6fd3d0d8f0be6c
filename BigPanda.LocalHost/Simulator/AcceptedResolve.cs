namespace BigPanda.LocalHost.Simulator;

/// <summary>A resolve that BigPanda took while the incident was open.</summary>
/// <param name="ReopenedOn">When the incident had last been reopened by then, in seconds of BigPanda's clock; null when it had not.</param>
internal sealed record AcceptedResolve(DateTimeOffset At, string IncidentId, string Comment, long? ReopenedOn);
