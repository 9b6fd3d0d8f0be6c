using System.Text.Json;
using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules;

/// <summary>
/// A call to make in a destination. Stored with the alert in one transaction, sent to the destination's queue, then cleared. The JSON is flat: what only
/// the destination needs is beside the members that all share.
/// </summary>
public sealed record AlertAction
{
    /// <summary>First in the JSON: a build that reads the kind as a type discriminator expects it there.</summary>
    [JsonPropertyName("kind"), JsonPropertyOrder(-1)]
    public required string Kind { get; init; }

    public required string IncidentId { get; init; }

    /// <summary>Unique within the incident.</summary>
    public required string ActionId { get; init; }

    /// <summary>Earlier versions wrote none: they acted in BigPanda only.</summary>
    public Destination Destination { get => field == default ? Destination.BigPanda : field; init; }

    /// <summary>Attempts made under earlier ids of this action; they count towards the limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int AttemptsBefore { get; init; }

    /// <summary>Who or what caused it, for people who decide about many at once.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ActionCause? Cause { get; init; }

    /// <summary>W3C trace of the event that caused the action; kept while it is pending or parked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceParent { get; init; }

    /// <summary>What only the destination needs. Never changed.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement> Fields { get => field ??= []; set; }

    public bool Equals(AlertAction? other) =>
        other is not null
        && (Kind, IncidentId, ActionId, Destination, AttemptsBefore, Cause, TraceParent)
            == (other.Kind, other.IncidentId, other.ActionId, other.Destination, other.AttemptsBefore, other.Cause, other.TraceParent)
        && Fields.Count == other.Fields.Count
        && Fields.All(mine => other.Fields.TryGetValue(mine.Key, out var theirs) && JsonElement.DeepEquals(mine.Value, theirs));

    public override int GetHashCode() => HashCode.Combine(Kind, IncidentId, ActionId, Destination);
}

/// <param name="Via">How it came: as in <see cref="ResolveRequested.Via"/>; <c>webhook</c>; or <c>bridge</c> for what no one asked for.</param>
/// <param name="Actor">The person, or the source of a webhook; null for neither.</param>
public sealed record ActionCause(string Via, string? Actor)
{
    public static ActionCause Of(AlertEvent evt) => evt switch
    {
        ResolveRequested resolve => new ActionCause(resolve.Via, resolve.Actor),
        CommentRequested comment => new ActionCause(comment.Via, comment.Actor),
        PageChanged page => new ActionCause(ResolvedVia.PagerDuty, page.Actor),
        IncidentReported { SourceId: ResolvedVia.Reconciler } => new ActionCause(ResolvedVia.Reconciler, null),
        IncidentReported reported => new ActionCause("webhook", reported.SourceId),
        IncidentObserved observed => new ActionCause(observed.Via, null),
        _ => new ActionCause("bridge", null),
    };
}

/// <summary>The kinds of action that change what an alert shows; a destination has others too.</summary>
internal static class ActionKinds
{
    /// <summary>Closes the incident, or resolves what stands for it.</summary>
    public const string Close = "close";

    public const string Comment = "comment";
}
