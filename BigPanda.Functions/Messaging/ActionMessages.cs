using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts;

namespace BigPanda.Functions.Messaging;

/// <summary>Actions as messages.</summary>
internal static class ActionMessages
{
    private const string CloseSubject = "close";

    /// <param name="round">Tells a close sent again from the first one; empty the first time.</param>
    public static ServiceBusMessage Of(CloseIncidentAction action, string round = "")
    {
        var message = new ServiceBusMessage
        {
            MessageId = MessageIdentity.Of("close", action.IncidentId, action.CloseId, round),
            SessionId = action.IncidentId,
            Subject = CloseSubject,
            ContentType = "application/json",
            Body = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(action, ActionJson.Default.CloseIncidentAction)),
        };
        message.ApplicationProperties[MessageProperties.Version] = MessageProperties.CurrentVersion;
        return message;
    }

    /// <exception cref="MessageUnreadableException">This build cannot make sense of the message.</exception>
    public static CloseIncidentAction Read(ServiceBusReceivedMessage message)
    {
        MessageVersion.Check(message);
        if (message.Subject != CloseSubject) throw new MessageUnreadableException($"Unknown subject '{message.Subject}'.");
        try
        {
            return JsonSerializer.Deserialize(message.Body.ToMemory().Span, ActionJson.Default.CloseIncidentAction) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new MessageUnreadableException($"The body is no close action: {e.Message}");
        }
    }
}

[JsonSerializable(typeof(CloseIncidentAction))]
internal sealed partial class ActionJson : JsonSerializerContext;
