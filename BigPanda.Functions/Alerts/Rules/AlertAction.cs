using System.Text.Json.Serialization;

namespace BigPanda.Functions.Alerts.Rules;

/// <summary>A call to make in BigPanda. Stored with the alert in one transaction, sent to the queue, then cleared.</summary>
/// <param name="ActionId">Unique within the incident.</param>
/// <param name="EnvironmentId">Null when no webhook named one: BigPanda__DefaultEnvironmentId is used.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CloseIncidentAction), "close")]
[JsonDerivedType(typeof(AddCommentAction), "comment")]
[JsonDerivedType(typeof(SendCallbackAction), "callback")]
public abstract record AlertAction(string IncidentId, string ActionId, string? EnvironmentId, string Comment)
{
    /// <summary>W3C trace of the event that caused the action; kept while it is pending or parked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceParent { get; init; }

    /// <summary>Tried in order when <see cref="EnvironmentId"/> returns 403 or 404.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? OtherEnvironmentIds { get; init; }
}

/// <summary>Resolve the incident, with a comment that says who and why.</summary>
public sealed record CloseIncidentAction(string IncidentId, string ActionId, string? EnvironmentId, string Comment)
    : AlertAction(IncidentId, ActionId, EnvironmentId, Comment)
{
    /// <summary>Attempts made under earlier action ids of this close; they count towards the limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int AttemptsBefore { get; init; }
}

/// <summary>Add a comment to the incident.</summary>
public sealed record AddCommentAction(string IncidentId, string ActionId, string? EnvironmentId, string Comment)
    : AlertAction(IncidentId, ActionId, EnvironmentId, Comment);

/// <summary>Call BigPanda's callback service: BigPanda holds the incident's updates back until it is called.</summary>
/// <param name="SourceId">The source whose app key is sent, read at the time of sending.</param>
/// <param name="LockedSince">When the delivery that locked the incident was received.</param>
public sealed record SendCallbackAction(string IncidentId, string ActionId, string SourceId, DateTimeOffset LockedSince)
    : AlertAction(IncidentId, ActionId, null, "")
{
    public const string Prefix = "callback-";
}
