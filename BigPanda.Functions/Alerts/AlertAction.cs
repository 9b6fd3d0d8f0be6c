using System.Text.Json.Serialization;

namespace BigPanda.Functions.Alerts;

/// <summary>Something to do in BigPanda. Stored with the alert in one transaction, sent, then cleared.</summary>
/// <param name="ActionId">With the incident id, the action's identity.</param>
/// <param name="EnvironmentId">Null when the webhook named none: a setting names the one to act in.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CloseIncidentAction), "close")]
[JsonDerivedType(typeof(AddCommentAction), "comment")]
[JsonDerivedType(typeof(SendCallbackAction), "callback")]
public abstract record AlertAction(string IncidentId, string ActionId, string? EnvironmentId, string Comment)
{
    /// <summary>The trace of the event that caused it (W3C): pending or parked, the action stays in it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceParent { get; init; }

    /// <summary>More environments that webhooks named, to act in where the first one refuses the action or lacks the incident.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? OtherEnvironmentIds { get; init; }
}

/// <summary>Resolve the incident, with a comment that says who did it and why.</summary>
public sealed record CloseIncidentAction(string IncidentId, string ActionId, string? EnvironmentId, string Comment)
    : AlertAction(IncidentId, ActionId, EnvironmentId, Comment)
{
    /// <summary>Attempts made under earlier ids: this action's first attempt is the one after them, and the limit counts them all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int AttemptsBefore { get; init; }
}

/// <summary>Add a comment to the incident.</summary>
public sealed record AddCommentAction(string IncidentId, string ActionId, string? EnvironmentId, string Comment)
    : AlertAction(IncidentId, ActionId, EnvironmentId, Comment);

/// <summary>Tell BigPanda's callback service that the alert is there: until then BigPanda holds the incident's updates back.</summary>
/// <param name="SourceId">Whose app key to send; looked up when it is sent, so that a corrected one counts.</param>
/// <param name="LockedSince">When the delivery came in that BigPanda waits for an answer to.</param>
public sealed record SendCallbackAction(string IncidentId, string ActionId, string SourceId, DateTimeOffset LockedSince)
    : AlertAction(IncidentId, ActionId, null, "")
{
    public const string Prefix = "callback-";
}
