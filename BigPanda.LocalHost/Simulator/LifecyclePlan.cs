namespace BigPanda.LocalHost.Simulator;

internal sealed record LifecyclePlan(NewIncident Incident, IReadOnlyList<IncidentStep> Steps, TimeSpan Interval, bool SameSecond);
