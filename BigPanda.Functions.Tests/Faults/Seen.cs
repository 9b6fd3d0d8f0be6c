using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>A person's request of the bridge. One that was not answered may have been taken all the same.</summary>
/// <param name="SawFiredAt">When the alert they looked at had fired, by BigPanda's clock.</param>
/// <param name="LatestReopen">The newest reopen in BigPanda when the request was answered: the newest that it can be meant for.</param>
internal sealed record Order(string IncidentId, StepKind Kind, string Comment, bool Accepted, DateTimeOffset SawFiredAt, long? LatestReopen);

/// <summary>The bridge had shown the alert as firing since this time of BigPanda's at that time of ours.</summary>
internal sealed record Shown(string IncidentId, DateTimeOffset FiredAt, DateTimeOffset At);

/// <summary>All that a run left behind of one incident, on every side.</summary>
internal sealed record SeenLife(string IncidentId)
{
    /// <summary>Each body once, all of them accepted.</summary>
    public required IReadOnlyList<SentWebhook> Webhooks { get; init; }

    /// <summary>The incident as BigPanda has it: the truth.</summary>
    public required SimulatedIncident InBigPanda { get; init; }

    /// <summary>Null: the bridge has no such alert.</summary>
    public required SeenAlert? Alert { get; init; }

    public IReadOnlyList<Order> Orders { get; init; } = [];

    /// <summary>By our clock, not BigPanda's.</summary>
    public IReadOnlyList<AcceptedResolve> Resolves { get; init; } = [];

    public IReadOnlyList<Shown> Shown { get; init; } = [];
}
