using System.Text.Json;
using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Json;
using BigPanda.Functions.Messaging;

namespace BigPanda.Functions.Vendors.BigPanda.Actions;

/// <summary>A call to make in BigPanda, as <see cref="AlertAction"/> carries it.</summary>
/// <param name="EnvironmentId">Null when no webhook named one: BigPanda__DefaultEnvironmentId is used.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CloseIncidentAction), ActionKinds.Close)]
[JsonDerivedType(typeof(AddCommentAction), ActionKinds.Comment)]
[JsonDerivedType(typeof(SendCallbackAction), SendCallbackAction.Kind)]
internal abstract record BigPandaAction(string IncidentId, string ActionId, string? EnvironmentId, string Comment)
{
    /// <summary>Tried in order when <see cref="EnvironmentId"/> returns 403 or 404.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? OtherEnvironmentIds { get; init; }

    [JsonIgnore]
    public IEnumerable<string?> Environments => [EnvironmentId, .. OtherEnvironmentIds ?? []];

    /// <exception cref="MessageUnreadableException">This build does not know the action.</exception>
    public static BigPandaAction Read(AlertAction action)
    {
        try
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(action, BigPandaActionJson.Default.AlertAction);
            return JsonSerializer.Deserialize(json, BigPandaActionJson.Default.BigPandaAction) ?? throw new JsonException("null");
        }
        catch (Exception e) when (ReceivedJson.IsInvalid(e))
        {
            throw new MessageUnreadableException($"Not an action in BigPanda: {e.Message}");
        }
    }

    public AlertAction ToAction()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, BigPandaActionJson.Default.BigPandaAction);
        return JsonSerializer.Deserialize(json, BigPandaActionJson.Default.AlertAction) ?? throw new JsonException("null");
    }
}

/// <summary>Resolve the incident, with a comment that says who and why.</summary>
internal sealed record CloseIncidentAction(string IncidentId, string ActionId, string? EnvironmentId, string Comment)
    : BigPandaAction(IncidentId, ActionId, EnvironmentId, Comment)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int AttemptsBefore { get; init; }
}

/// <summary>Add a comment to the incident.</summary>
internal sealed record AddCommentAction(string IncidentId, string ActionId, string? EnvironmentId, string Comment)
    : BigPandaAction(IncidentId, ActionId, EnvironmentId, Comment);

/// <summary>Call BigPanda's callback service: BigPanda holds the incident's updates back until it is called.</summary>
/// <param name="SourceId">The source whose app key is sent, read at the time of sending.</param>
/// <param name="LockedSince">When the delivery that locked the incident was received.</param>
internal sealed record SendCallbackAction(string IncidentId, string ActionId, string SourceId, DateTimeOffset LockedSince)
    : BigPandaAction(IncidentId, ActionId, null, "")
{
    public const string Kind = "callback";
}

[JsonSerializable(typeof(BigPandaAction))]
[JsonSerializable(typeof(AlertAction))]
internal sealed partial class BigPandaActionJson : JsonSerializerContext;
