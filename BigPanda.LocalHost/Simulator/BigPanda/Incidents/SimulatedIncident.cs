using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace BigPanda.LocalHost.Simulator.BigPanda.Incidents;

/// <summary>An incident as BigPanda stores it. Times are epoch seconds, as in BigPanda; words are lower case.</summary>
internal sealed record SimulatedIncident
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Status { get; init; }

    public required string Severity { get; init; }

    public required string EnvironmentId { get; init; }

    public bool Active { get; init; } = true;

    /// <summary>A resolve was accepted and has not taken effect yet.</summary>
    public bool Closing { get; init; }

    public bool Snoozed { get; init; }

    public long? WakeOn { get; init; }

    public required long StartedOn { get; init; }

    public required long ChangedOn { get; init; }

    public required long UpdatedOn { get; init; }

    public long? EndedOn { get; init; }

    public ImmutableList<SimulatedAlert> Alerts { get; init; } = [];

    public ImmutableList<SimulatedTag> Tags { get; init; } = [];

    public ImmutableList<SimulatedActivity> Activities { get; init; } = [];

    /// <summary>The latest reopen; null if none.</summary>
    [JsonIgnore]
    public long? ReopenedOn => Activities.FindLast(activity => activity.Type == "incident_reopen")?.At;
}

internal sealed record SimulatedAlert(
    string Id, string Status, bool Active, string Description, long StartedOn, long ChangedOn, long UpdatedOn, long? EndedOn);

/// <summary>BigPanda's tag values are numbers or strings; a tag has one of the two.</summary>
internal sealed record SimulatedTag(string Id, long? Number, string? Text);

/// <summary>The type uses the activity log's names, which differ from the webhook events'.</summary>
/// <param name="ShareTarget">With whom the incident was shared; null for other activities.</param>
internal sealed record SimulatedActivity(string Id, string Type, long At, string? Comment, string? ShareTarget = null);
