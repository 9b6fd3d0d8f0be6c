using System.Text.Json;

namespace BigPanda.Functions.Tests.Support;

/// <summary>An alert as the API returns it.</summary>
internal sealed record SeenAlert
{
    public required string IncidentId { get; init; }
    public required string Status { get; init; }
    public required int Episode { get; init; }
    public required string Title { get; init; }
    public string? Severity { get; init; }
    public string? IncidentStatus { get; init; }
    public SeenEnvironment? Environment { get; init; }
    public string? Url { get; init; }
    public bool Flapping { get; init; }
    public bool Snoozed { get; init; }
    public bool OneTime { get; init; }
    public string? Priority { get; init; }
    public string? Assignee { get; init; }
    public string? Assigner { get; init; }
    public IReadOnlyDictionary<string, JsonElement> Tags { get; init; } = new Dictionary<string, JsonElement>();
    public IReadOnlyList<SeenDetail> Alerts { get; init; } = [];
    public IReadOnlyList<JsonElement> RelatedChanges { get; init; } = [];
    public string? Omitted { get; init; }
    public DateTimeOffset? FirstFiredAt { get; init; }
    public DateTimeOffset? LastFiredAt { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }
    public SeenResolver? ResolvedBy { get; init; }
    public bool Acknowledged { get; init; }
    public SeenResolver? AcknowledgedBy { get; init; }
    public required SeenSync BigPanda { get; init; }
    public IReadOnlyList<string> Sources { get; init; } = [];
    public required DateTimeOffset UpdatedAt { get; init; }
    public IReadOnlyList<SeenEntry> Timeline { get; init; } = [];

    public bool Fires => Status == "firing";

    /// <summary>Resolved, and nothing is left to do in BigPanda.</summary>
    public bool IsSettled => Status == "resolved" && BigPanda.State == "inSync";

    public IEnumerable<SeenEntry> Entries(string kind) => Timeline.Where(entry => entry.Kind == kind);

    public bool HasEntry(string kind, string verdict) => Entries(kind).Any(entry => entry.Verdict == verdict);
}

internal sealed record SeenEnvironment(string? Id, string? Name);

internal sealed record SeenDetail(string? Id, string? Status, string? Source, string? Description, IReadOnlyDictionary<string, JsonElement> Tags);

internal sealed record SeenResolver(string Via, string? Actor);

internal sealed record SeenSync(string State, int Attempts, string? LastError, DateTimeOffset? UpdatedAt, DateTimeOffset? NextAttemptAt);

internal sealed record SeenEntry(DateTimeOffset At, string Kind, string Verdict, string Reason, int Episode, string? Actor, string? Summary, string? Comment);

internal sealed record SeenPage(IReadOnlyList<SeenAlert> Items, string? Continuation);
