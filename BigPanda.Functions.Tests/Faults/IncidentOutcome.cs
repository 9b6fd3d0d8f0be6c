using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator.BigPanda.Incidents;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>A person's request to the bridge, or what a person did in PagerDuty. A request without a response may have been stored all the same.</summary>
/// <param name="Comment">Empty for a resolve in PagerDuty.</param>
/// <param name="SawFiredAt">When the alert that the person saw had fired, by BigPanda's clock.</param>
/// <param name="LatestReopen">The newest reopen in BigPanda when the response came, in seconds: the request cannot be meant for a newer one.</param>
internal sealed record PersonRequest(string IncidentId, StepKind Kind, string Comment, bool Accepted, DateTimeOffset SawFiredAt, long? LatestReopen)
{
    public bool IsResolve => Kind is StepKind.ResolveHere or StepKind.ResolvePage;
}

/// <summary>The alert was first listed as firing.</summary>
/// <param name="FiredAt">By BigPanda's clock.</param>
/// <param name="At">By our clock.</param>
internal sealed record ShownFiring(string IncidentId, DateTimeOffset FiredAt, DateTimeOffset At);

/// <summary>What a run left of one incident: in BigPanda, in the bridge and in transit.</summary>
internal sealed record IncidentOutcome(string IncidentId)
{
    /// <summary>Each distinct body; all were accepted.</summary>
    public required IReadOnlyList<SentWebhook> Webhooks { get; init; }

    /// <summary>The incident in BigPanda, which is the expected state.</summary>
    public required SimulatedIncident InBigPanda { get; init; }

    /// <summary>Null when the bridge has no such alert.</summary>
    public required SeenAlert? Alert { get; init; }

    public IReadOnlyList<PersonRequest> Requests { get; init; } = [];

    /// <summary>By our clock, not BigPanda's.</summary>
    public IReadOnlyList<AcceptedResolve> Resolves { get; init; } = [];

    public IReadOnlyList<ShownFiring> ShownFirings { get; init; } = [];

    /// <summary>Null where PagerDuty is not part of the run.</summary>
    public IReadOnlyList<ShownPage>? Pages { get; init; }
}
