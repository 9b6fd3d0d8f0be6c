using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Json;
using BigPanda.Functions.Messaging;

namespace BigPanda.Functions.Actions;

/// <summary>Converts actions to and from messages.</summary>
internal static class ActionMessages
{
    private const string ActionSubject = "action";

    /// <param name="round">Distinguishes a deliberate resend of the action from its first send, where it is empty.</param>
    /// <param name="isRepeat">An earlier send of the same action may have arrived.</param>
    public static ServiceBusMessage Of(AlertAction action, string round = "", bool isRepeat = false)
    {
        var id = MessageIdentity.Of("action", action.IncidentId, action.ActionId, round);
        var message = AppMessage.New(action.IncidentId, id, ActionSubject);
        message.Body = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(action, ActionJson.Default.AlertAction));
        if (isRepeat) message.ApplicationProperties[MessageProperties.Repeated] = true;
        MessageTrace.Join(message, action.TraceParent);
        return message;
    }

    /// <summary>
    /// Sends a parked action again, with its attempts and stage. The message id holds the time of parking: after a crash, or from two instances at once,
    /// duplicate detection keeps one.
    /// </summary>
    public static ServiceBusMessage Of(ParkedAction parked)
    {
        var message = Of(parked.Action, $"{parked.ParkedAt.UtcTicks}");
        message.ApplicationProperties[MessageProperties.Attempts] = parked.Delivery.Attempts;
        if (parked.Delivery.CountedBeforeReplay is > 0 and var before) message.ApplicationProperties[MessageProperties.AttemptsBeforeReplay] = before;
        if (parked.Delivery.IsVerification) message.ApplicationProperties[MessageProperties.Stage] = MessageProperties.Verify;
        if (parked.Delivery.MayBeDone) message.ApplicationProperties[MessageProperties.Unanswered] = true;
        message.ApplicationProperties[MessageProperties.ReleasedAt] = AppMessage.Format(parked.ReleasedAt);
        return message;
    }

    /// <exception cref="MessageUnreadableException">This build cannot read the message.</exception>
    public static AlertAction Read(ServiceBusReceivedMessage message)
    {
        AppMessage.Check(message, ActionSubject);
        try
        {
            return JsonSerializer.Deserialize(MessageBody.Read(message).Span, ActionJson.Default.AlertAction) ?? throw new JsonException("null");
        }
        catch (Exception e) when (ReceivedJson.IsInvalid(e))
        {
            throw new MessageUnreadableException($"The body is not an action: {e.Message}");
        }
    }
}

[JsonSerializable(typeof(AlertAction))]
internal sealed partial class ActionJson : JsonSerializerContext;
