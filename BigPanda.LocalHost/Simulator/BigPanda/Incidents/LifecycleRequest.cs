using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace BigPanda.LocalHost.Simulator.BigPanda.Incidents;

/// <summary>The body of POST /_simulator/incidents.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record LifecycleRequest
{
    private static readonly string[] Severities = ["critical", "warning", "unknown"];

    public string? Id { get; init; }

    public string? Title { get; init; }

    public string? Severity { get; init; }

    public string? Environment { get; init; }

    public int? Alerts { get; init; }

    public IReadOnlyList<string>? Steps { get; init; }

    public int IntervalMs { get; init; }

    /// <summary>All steps get the same second of BigPanda's clock, as can happen in BigPanda.</summary>
    public bool SameSecond { get; init; }

    /// <summary>Respond only once all steps are played, with the receiver's responses.</summary>
    public bool Wait { get; init; }

    public LifecyclePlan? Plan(out string? problem)
    {
        var steps = new List<IncidentStep>();
        foreach (var name in Steps ?? ["new"])
        {
            if (!Enum.TryParse<IncidentStep>(name, ignoreCase: true, out var step) || int.TryParse(name, out _))
            {
                problem = $"The step '{name}' is unknown; steps are {string.Join(", ", Enum.GetNames<IncidentStep>()).ToLowerInvariant()}.";
                return null;
            }
            steps.Add(step);
        }
        problem = Problem(steps.Count);
        if (problem is not null)
            return null;
        var incident = new NewIncident
        {
            Id = Id ?? RandomNumberGenerator.GetHexString(24, lowercase: true),
            Title = Title ?? NewIncident.DefaultTitle,
            Severity = Severity?.ToLowerInvariant() ?? NewIncident.DefaultSeverity,
            EnvironmentId = Environment ?? SimulatedEnvironment.DefaultId,
            Alerts = Alerts ?? 2,
        };
        return new(incident, steps, TimeSpan.FromMilliseconds(IntervalMs), SameSecond);
    }

    private string? Problem(int steps) => this switch
    {
        { Id: not null and (not { Length: > 0 and <= 256 }) } => "id must have 1 to 256 characters.",
        { Title: "" } or { Environment: "" } => "title and environment must not be empty.",
        { Severity: not null } when !Severities.Contains(Severity, StringComparer.OrdinalIgnoreCase) =>
            $"severity '{Severity}' is unknown; it is one of {string.Join(", ", Severities)}.",
        { Alerts: < 1 or > 300 } => "alerts must be from 1 to 300.",
        { IntervalMs: < 0 or > 600_000 } => "intervalMs must be from 0 to 600000.",
        _ when steps is 0 or > 1000 => "steps must name 1 to 1000 steps.",
        _ => null,
    };
}
