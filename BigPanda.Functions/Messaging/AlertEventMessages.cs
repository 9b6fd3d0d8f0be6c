using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Vendors.BigPanda.Incidents;

namespace BigPanda.Functions.Messaging;

/// <summary>
/// Converts alert events to and from messages. A webhook delivery is sent as received and read when it is applied; our own events are
/// small JSON documents. The subject is the kind.
/// </summary>
internal static class AlertEventMessages
{
    private const string IncidentSubject = "incident";
    private const string ResolveSubject = "resolve";
    private const string CommentSubject = "comment";
    private const string OutcomeSubject = "outcome";
    private const string ObservationSubject = "observation";
    private const string OverdueSubject = "overdue";

    /// <summary>The version that has the subject above: a build that reads version 1 alone lets such a message wait, and loses nothing.</summary>
    private const int OverdueVersion = 2;

    /// <summary>A delivery without its body, which <see cref="MessageBodies"/> adds.</summary>
    /// <param name="titleTemplate">The source's settings are sent with the delivery, so that applying it does not read the sources.</param>
    public static ServiceBusMessage OfDelivery(
        string incidentId, string messageId, string sourceId, DateTimeOffset receivedAt,
        string? titleTemplate = null, bool wantsCallback = false, bool isOneTime = false)
    {
        var message = New(incidentId, messageId, IncidentSubject);
        message.ApplicationProperties[MessageProperties.Source] = sourceId;
        message.ApplicationProperties[MessageProperties.ReceivedAt] = receivedAt.ToString("O", CultureInfo.InvariantCulture);
        if (titleTemplate is not null) message.ApplicationProperties[MessageProperties.TitleTemplate] = titleTemplate;
        if (wantsCallback) message.ApplicationProperties[MessageProperties.Callback] = true;
        if (isOneTime) message.ApplicationProperties[MessageProperties.OneTime] = true;
        return message;
    }

    public static ServiceBusMessage Of(ResolveRequested request) => Of(request, ResolveSubject, AlertEventJson.Default.ResolveRequested);

    public static ServiceBusMessage Of(CommentRequested request) => Of(request, CommentSubject, AlertEventJson.Default.CommentRequested);

    public static ServiceBusMessage Of(ActionReported report) => Of(report, OutcomeSubject, AlertEventJson.Default.ActionReported);

    public static ServiceBusMessage Of(IncidentObserved observed) => Of(observed, ObservationSubject, AlertEventJson.Default.IncidentObserved);

    /// <summary>Comes at its time, once, however often the alert says that it is due.</summary>
    public static ServiceBusMessage OfOverdue(string incidentId, DateTimeOffset askedAt, DateTimeOffset dueAt)
    {
        var messageId = MessageIdentity.Of("overdue", incidentId, $"{askedAt.UtcTicks}", $"{dueAt.UtcTicks}");
        var message = Of(new CloseOverdue(incidentId, askedAt, dueAt, messageId), OverdueSubject, AlertEventJson.Default.CloseOverdue);
        message.ApplicationProperties[MessageProperties.Version] = OverdueVersion;
        message.ScheduledEnqueueTime = dueAt;
        return message;
    }

    private static ServiceBusMessage Of<T>(T evt, string subject, JsonTypeInfo<T> type)
        where T : AlertEvent
    {
        var message = New(evt.IncidentId, evt.MessageId, subject);
        message.Body = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(evt, type));
        return message;
    }

    /// <exception cref="MessageUnreadableException">This build cannot read the message.</exception>
    public static AlertEvent Read(ServiceBusReceivedMessage message, ReadOnlyMemory<byte> body)
    {
        MessageVersion.Check(message, message.Subject == OverdueSubject ? OverdueVersion : MessageProperties.CurrentVersion);
        try
        {
            return message.Subject switch
            {
                IncidentSubject => Delivery(message, body.Span),
                ResolveSubject => JsonSerializer.Deserialize(body.Span, AlertEventJson.Default.ResolveRequested) ?? throw new JsonException("null"),
                CommentSubject => JsonSerializer.Deserialize(body.Span, AlertEventJson.Default.CommentRequested) ?? throw new JsonException("null"),
                OutcomeSubject => JsonSerializer.Deserialize(body.Span, AlertEventJson.Default.ActionReported) ?? throw new JsonException("null"),
                ObservationSubject => JsonSerializer.Deserialize(body.Span, AlertEventJson.Default.IncidentObserved) ?? throw new JsonException("null"),
                OverdueSubject => JsonSerializer.Deserialize(body.Span, AlertEventJson.Default.CloseOverdue) ?? throw new JsonException("null"),
                _ => throw new MessageUnreadableException($"Unknown subject '{message.Subject}'."),
            };
        }
        catch (JsonException e)
        {
            throw new MessageUnreadableException($"The body is not valid JSON of '{message.Subject}': {e.Message}");
        }
    }

    private static IncidentReported Delivery(ServiceBusReceivedMessage message, ReadOnlySpan<byte> body)
    {
        if (!IncidentScanner.TryScan(body, out _, out var error)) throw new MessageUnreadableException(error.Detail);
        var sourceId = Property(message, MessageProperties.Source);
        if (!DateTimeOffset.TryParse(Property(message, MessageProperties.ReceivedAt), CultureInfo.InvariantCulture, out var receivedAt))
            throw new MessageUnreadableException($"The property {MessageProperties.ReceivedAt} is not a time.");
        var messageId = MessageIdentity.OfDelivery(sourceId, body, out var fingerprint);
        return new IncidentReported(IncidentReader.Read(body).WithoutFutureTimes(receivedAt), sourceId, receivedAt, fingerprint, messageId)
        {
            TitleTemplate = message.ApplicationProperties.TryGetValue(MessageProperties.TitleTemplate, out var template) ? template as string : null,
            WantsCallback = message.ApplicationProperties.ContainsKey(MessageProperties.Callback),
            IsOneTime = message.ApplicationProperties.ContainsKey(MessageProperties.OneTime),
        };
    }

    private static string Property(ServiceBusReceivedMessage message, string name) =>
        message.ApplicationProperties.TryGetValue(name, out var value) && value is string text
            ? text
            : throw new MessageUnreadableException($"The property {name} is missing.");

    private static ServiceBusMessage New(string incidentId, string messageId, string subject)
    {
        var message = new ServiceBusMessage { MessageId = messageId, SessionId = incidentId, Subject = subject, ContentType = "application/json" };
        message.ApplicationProperties[MessageProperties.Version] = MessageProperties.CurrentVersion;
        return message;
    }
}

[JsonSerializable(typeof(ResolveRequested))]
[JsonSerializable(typeof(CommentRequested))]
[JsonSerializable(typeof(ActionReported))]
[JsonSerializable(typeof(IncidentObserved))]
[JsonSerializable(typeof(CloseOverdue))]
[JsonSourceGenerationOptions(Converters = [typeof(StoredTime)])]
internal sealed partial class AlertEventJson : JsonSerializerContext;
