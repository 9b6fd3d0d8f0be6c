using System.Collections.ObjectModel;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Alerts.Rules.Content;

/// <summary>The incident's details, merged from its deliveries by <see cref="ContentMerge"/>.</summary>
public sealed record AlertContent
{
    private const string PriorityTag = "itd_priority_";
    private static readonly IReadOnlyDictionary<string, TagValue> NoTags = ReadOnlyDictionary<string, TagValue>.Empty;

    public static AlertContent Unknown { get; } = new();

    public string Title { get; init => field = value ?? ""; } = "";
    public string? Severity { get; init; }
    public string? IncidentStatus { get; init; }
    public IncidentEnvironment? Environment { get; init; }
    public string? Url { get; init; }
    public bool Flapping { get; init; }
    public bool Snoozed { get; init; }

    public DateTimeOffset? SnoozedUntil { get; init; }

    /// <summary>The level of BigPanda's priority tag: "1" of <c>itd_priority_1</c>.</summary>
    public string? Priority { get; init; }

    public string? Assignee { get; init; }
    public string? Assigner { get; init; }
    public IReadOnlyDictionary<string, TagValue> Tags { get; init => field = value ?? NoTags; } = NoTags;
    public IReadOnlyList<AlertDetail> Alerts { get; init => field = value ?? []; } = [];
    public IReadOnlyList<RelatedChange> RelatedChanges { get; init => field = value ?? []; } = [];

    /// <summary>Describes what was removed to stay under the table's limits; null when nothing was.</summary>
    public string? Omitted { get; init; }

    /// <summary>Alerts or tags were removed: the title is not computed again until a delivery brings the alerts.</summary>
    public bool IsCut { get; init; }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<KnownEnvironment> Environments { get; init => field = value ?? []; } = [];

    /// <summary>The environment to act in first.</summary>
    internal string? EnvironmentId => EnvironmentIds is [var first, ..] ? first : null;

    /// <summary>Environments to try when the first returns 403 or 404; null when there are none.</summary>
    internal IReadOnlyList<string>? OtherEnvironmentIds => EnvironmentIds.Count > 1 ? [.. EnvironmentIds.Skip(1)] : null;

    /// <summary>The environments to act in; <see cref="Environment"/> comes first.</summary>
    internal IReadOnlyList<string> EnvironmentIds =>
        [.. new[] { Environment?.Id }.Concat(Environments.Select(one => one.Id)).Where(id => !string.IsNullOrEmpty(id)).OfType<string>().Distinct()];

    public IReadOnlyList<ContentOrigin> Origins { get; init => field = value ?? []; } = [];

    /// <summary>Alerts that are no longer in the incident.</summary>
    public IReadOnlyList<AlertDetail> FormerAlerts { get; init => field = value ?? []; } = [];

    /// <summary>Every source has forceOneTime: BigPanda sends no updates and no close.</summary>
    internal bool IsOneTime => Traits.Count > 0 && Traits.All(source => source.IsOneTime);

    /// <summary>Of the newest delivery that has any, of the first source that sends some; null before the first.</summary>
    public RoutingHeaders? Headers { get; init; }

    internal bool IsAcknowledged => IncidentStatus == "acknowledged";

    public IReadOnlyList<SourceTraits> Traits { get; init => field = value ?? []; } = [];

    /// <summary>Lower case: BigPanda's documentation writes the same status in both cases. Unknown words are kept.</summary>
    internal static string? Word(string? value) => Wording.Truncate(value, 64)?.ToLowerInvariant();

    internal static string? PriorityOf(IReadOnlyDictionary<string, TagValue> tags)
    {
        var tag = tags.Keys.Where(name => name.StartsWith(PriorityTag, StringComparison.OrdinalIgnoreCase)).Min(StringComparer.OrdinalIgnoreCase);
        return Wording.Truncate(tag?[PriorityTag.Length..], 64);
    }
}
