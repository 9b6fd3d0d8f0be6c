namespace BigPanda.LocalHost.Simulator.BigPanda.Incidents;

internal sealed record LifecyclePlan(NewIncident Incident, IReadOnlyList<IncidentStep> Steps, TimeSpan Interval, bool SameSecond);
