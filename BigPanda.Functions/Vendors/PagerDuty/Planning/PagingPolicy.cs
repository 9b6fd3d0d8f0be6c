using System.Collections.ObjectModel;
using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules;

namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

/// <summary>
/// What is paged, when, and through which key. It holds no secret: keys are named by their ids. Stored as JSON with the connection; a member that is
/// missing has its default.
/// </summary>
public sealed record PagingPolicy
{
    public const int DefaultUpdateInterval = 30;

    private static readonly IReadOnlyDictionary<string, string> None = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The id of the key that is used where no tag and no rule chooses another; null without one.</summary>
    public string? DefaultKeyId { get; init; }

    /// <summary>The ids of the other keys, by the names that tags and rules call them.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; init => field = value ?? None; } = None;

    /// <summary>The first one that matches decides.</summary>
    public IReadOnlyList<PagingRule> Rules { get; init => field = value ?? []; } = [];

    /// <summary>The tag whose value is a key or the name of one. Null: a header of BigPanda's delivery may name it.</summary>
    public string? KeyTag { get; init; }

    /// <summary>PagerDuty's field by the tag that fills it, such as <c>summary</c> or <c>custom_details.NAME</c>. Comes before the headers.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init => field = value ?? None; } = None;

    /// <summary>PagerDuty's severity by BigPanda's, in lower case. Where it says nothing, <see cref="PageSeverity"/> decides.</summary>
    public IReadOnlyDictionary<string, string> Severities { get; init => field = value ?? None; } = None;

    /// <summary>Whether an incident is paged that is snoozed, or flapping.</summary>
    public PagingChoice Snoozed { get; init; }
    public PagingChoice Flapping { get; init; }

    /// <summary>An alert that is resolved within it is never paged. Default 0.</summary>
    public int FireDelaySeconds { get; init; }

    /// <summary>An alert that fires again within it keeps its page. Default 0.</summary>
    public int ResolveDelaySeconds { get; init; }

    /// <summary>The least time between two updates of a page.</summary>
    public int UpdateIntervalSeconds { get; init => field = value > 0 ? value : DefaultUpdateInterval; } = DefaultUpdateInterval;

    /// <summary>Which way each of these goes.</summary>
    public Direction Acknowledge { get; init; }
    public Direction Comment { get; init; }
    public Direction Resolve { get; init; }
    public Direction Assignment { get; init; }
    public Direction Priority { get; init; }

    /// <summary>An acknowledgement in PagerDuty is also a comment in BigPanda.</summary>
    public bool CommentAcknowledgements { get; init; }

    /// <summary>Marks a change in PagerDuty with what the policy says of it, before it is sent to the alert.</summary>
    public PageChanged Apply(PageChanged changed) => changed with
    {
        IsIgnored = !DirectionOf(changed.Change).IsIn(),
        IsCommented = changed.Change == PageChange.Acknowledged && CommentAcknowledgements,
    };

    private Direction DirectionOf(PageChange change) => change switch
    {
        PageChange.Acknowledged or PageChange.Unacknowledged => Acknowledge,
        PageChange.Noted => Comment,
        PageChange.Resolved => Resolve,
        PageChange.Assigned => Assignment,
        PageChange.Prioritized => Priority,
        _ => Direction.Both,
    };
}

/// <summary>Chooses a key. What is null matches everything; texts match whole, in any case.</summary>
/// <param name="Environment">Name or id of one of the incident's.</param>
/// <param name="Severity">BigPanda's.</param>
/// <param name="Source">Id of a source of the bridge.</param>
/// <param name="Key">A name in <see cref="PagingPolicy.Keys"/>.</param>
public sealed record PagingRule(string? Environment, string? Severity, string? Source, string Key);

[JsonConverter(typeof(JsonStringEnumConverter<PagingChoice>))]
public enum PagingChoice
{
    /// <summary>Paged like any other.</summary>
    [JsonStringEnumMemberName("page")]
    Page = 0,

    /// <summary>Not paged until it is no longer so.</summary>
    [JsonStringEnumMemberName("hold")]
    Hold = 1,

    /// <summary>The episode that would be paged meanwhile is never paged.</summary>
    [JsonStringEnumMemberName("never")]
    Never = 2,
}

/// <summary>Seen from the bridge: in from PagerDuty, out to PagerDuty.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Direction>))]
public enum Direction
{
    [JsonStringEnumMemberName("both")]
    Both = 0,

    [JsonStringEnumMemberName("in")]
    In = 1,

    [JsonStringEnumMemberName("out")]
    Out = 2,

    [JsonStringEnumMemberName("off")]
    Off = 3,
}

internal static class Directions
{
    public static bool IsIn(this Direction direction) => direction is Direction.Both or Direction.In;

    public static bool IsOut(this Direction direction) => direction is Direction.Both or Direction.Out;
}

[JsonSerializable(typeof(PagingPolicy))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class PagingPolicyJson : JsonSerializerContext;
