using System.Collections.ObjectModel;
using BigPanda.Functions.Incidents;

namespace BigPanda.Functions.Alerts;

/// <summary>What the deliveries say of the incident, as the alert shows it: <see cref="ContentMerge"/> says which of them decides what.</summary>
public sealed record AlertContent
{
    private const string PriorityTag = "itd_priority_";

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
    public IReadOnlyDictionary<string, TagValue> Tags { get; init => field = value ?? ReadOnlyDictionary<string, TagValue>.Empty; } = ReadOnlyDictionary<string, TagValue>.Empty;
    public IReadOnlyList<AlertDetail> Alerts { get; init => field = value ?? []; } = [];
    public IReadOnlyList<RelatedChange> RelatedChanges { get; init => field = value ?? []; } = [];

    /// <summary>What was left out to stay under the table's limits, in words; null when nothing was.</summary>
    public string? Omitted { get; init; }

    /// <summary>Its alerts are not all there: the title stays what it was until a delivery brings them again.</summary>
    public bool IsCut { get; init; }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<KnownEnvironment> Environments { get; init => field = value ?? []; } = [];

    /// <summary>The environment to act in first.</summary>
    internal string? EnvironmentId => EnvironmentIds is [var first, ..] ? first : null;

    /// <summary>Where else to act when that one refuses the action or lacks the incident; null when there is none.</summary>
    internal IReadOnlyList<string>? OtherEnvironmentIds => EnvironmentIds.Count > 1 ? [.. EnvironmentIds.Skip(1)] : null;

    /// <summary>The environments to act in, the one that is shown first.</summary>
    internal IReadOnlyList<string> EnvironmentIds =>
        [.. new[] { Environment?.Id }.Concat(Environments.Select(one => one.Id)).Where(id => !string.IsNullOrEmpty(id)).OfType<string>().Distinct()];

    public IReadOnlyList<ContentOrigin> Origins { get; init => field = value ?? []; } = [];

    /// <summary>Alerts that are no longer in the incident.</summary>
    public IReadOnlyList<AlertDetail> FormerAlerts { get; init => field = value ?? []; } = [];

    /// <summary>No source gets more than the first share: no close will come from BigPanda.</summary>
    internal bool IsOneTime => Traits.Count > 0 && Traits.All(source => source.IsOneTime);

    public IReadOnlyList<SourceTraits> Traits { get; init => field = value ?? []; } = [];

    /// <summary>BigPanda writes its vocabulary capitalised in samples and in lower case in tables; unknown words are kept.</summary>
    internal static string? Word(string? value) => Wording.Truncate(value, 64)?.ToLowerInvariant();

    internal static string? PriorityOf(IReadOnlyDictionary<string, TagValue> tags)
    {
        var tag = tags.Keys.Where(name => name.StartsWith(PriorityTag, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.OrdinalIgnoreCase).FirstOrDefault();
        return Wording.Truncate(tag?[PriorityTag.Length..], 64);
    }
}
