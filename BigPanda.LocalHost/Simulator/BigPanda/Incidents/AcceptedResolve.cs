namespace BigPanda.LocalHost.Simulator.BigPanda.Incidents;

/// <summary>A resolve that was accepted while the incident was open.</summary>
/// <param name="ReopenedOn">When the incident had last been reopened, in seconds of BigPanda's clock; null if never.</param>
internal sealed record AcceptedResolve(DateTimeOffset At, string IncidentId, string Comment, long? ReopenedOn);
