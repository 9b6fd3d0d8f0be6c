namespace BigPanda.LocalHost.Simulator.BigPanda.Incidents;

internal sealed record NewIncident
{
    public const string DefaultTitle = "CPU is 98%";
    public const string DefaultSeverity = "critical";

    public required string Id { get; init; }

    public string Title { get; init; } = DefaultTitle;

    public string Severity { get; init; } = DefaultSeverity;

    public string EnvironmentId { get; init; } = SimulatedEnvironment.DefaultId;

    public int Alerts { get; init; } = 2;
}
