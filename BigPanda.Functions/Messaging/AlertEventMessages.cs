using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Messaging;

/// <summary>
/// Converts our own alert events to and from messages: small JSON documents, whose subject is the kind. A vendor's webhook is sent as
/// received, and <see cref="WebhookFormat"/> reads it.
/// </summary>
internal static class AlertEventMessages
{
    private const string ResolveSubject = "resolve";
    private const string CommentSubject = "comment";
    private const string OutcomeSubject = "outcome";
    private const string ObservationSubject = "observation";
    private const string OverdueSubject = "overdue";

    private const string PageSubject = "page";
    private const string PageOutcomeSubject = "page-outcome";
    private const string DueSubject = "due";

    /// <summary>
    /// The version that has the subjects of <see cref="Later"/>: a build that reads version 1 alone lets such a message wait, and loses nothing.
    /// </summary>
    private const int LaterVersion = 2;

    private static readonly string[] Later = [OverdueSubject, PageSubject, PageOutcomeSubject, DueSubject];

    public static ServiceBusMessage Of(ResolveRequested request) => Of(request, ResolveSubject, AlertEventJson.Default.ResolveRequested);

    public static ServiceBusMessage Of(CommentRequested request) => Of(request, CommentSubject, AlertEventJson.Default.CommentRequested);

    public static ServiceBusMessage Of(ActionReported report) =>
        Of(report, report.Destination == Destination.BigPanda ? OutcomeSubject : PageOutcomeSubject, AlertEventJson.Default.ActionReported);

    public static ServiceBusMessage Of(IncidentObserved observed) => Of(observed, ObservationSubject, AlertEventJson.Default.IncidentObserved);

    public static ServiceBusMessage Of(PageChanged changed) => Of(changed, PageSubject, AlertEventJson.Default.PageChanged);

    /// <summary>Of what another system's API has shown.</summary>
    public static ServiceBusMessage OfSeen(AlertEvent seen) => seen switch
    {
        IncidentObserved observed => Of(observed),
        PageChanged changed => Of(changed),
        _ => throw new ArgumentException($"{seen?.GetType().Name} is not seen in another system.", nameof(seen)),
    };

    /// <summary>Comes at its time, once, however often the alert says that it is due.</summary>
    public static ServiceBusMessage Of(string incidentId, Reminder reminder)
    {
        var dueAt = reminder.DueAt;
        var message = reminder.CloseAskedAt is { } askedAt
            ? Of(
                new CloseOverdue(incidentId, askedAt, dueAt, MessageIdentity.Of("overdue", incidentId, $"{askedAt.UtcTicks}", $"{dueAt.UtcTicks}")),
                OverdueSubject, AlertEventJson.Default.CloseOverdue)
            : Of(new PlanDue(incidentId, dueAt, MessageIdentity.Of("due", incidentId, $"{dueAt.UtcTicks}")), DueSubject, AlertEventJson.Default.PlanDue);
        message.ScheduledEnqueueTime = dueAt;
        return message;
    }

    private static ServiceBusMessage Of<T>(T evt, string subject, JsonTypeInfo<T> type)
        where T : AlertEvent
    {
        var message = AppMessage.New(evt.IncidentId, evt.MessageId, subject);
        if (Later.Contains(subject)) message.ApplicationProperties[MessageProperties.Version] = LaterVersion;
        message.Body = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(evt, type));
        return message;
    }

    /// <exception cref="MessageUnreadableException">This build cannot read the message.</exception>
    /// <exception cref="JsonException">The body is not the JSON of its subject.</exception>
    public static AlertEvent Read(ServiceBusReceivedMessage message, ReadOnlyMemory<byte> body)
    {
        MessageVersion.Check(message, Later.Contains(message.Subject) ? LaterVersion : MessageProperties.CurrentVersion);
        return message.Subject switch
        {
            ResolveSubject => JsonSerializer.Deserialize(body.Span, AlertEventJson.Default.ResolveRequested) ?? throw new JsonException("null"),
            CommentSubject => JsonSerializer.Deserialize(body.Span, AlertEventJson.Default.CommentRequested) ?? throw new JsonException("null"),
            OutcomeSubject => Complete(JsonSerializer.Deserialize(body.Span, AlertEventJson.Default.ActionReported) ?? throw new JsonException("null")),
            ObservationSubject => JsonSerializer.Deserialize(body.Span, AlertEventJson.Default.IncidentObserved) ?? throw new JsonException("null"),
            OverdueSubject => JsonSerializer.Deserialize(body.Span, AlertEventJson.Default.CloseOverdue) ?? throw new JsonException("null"),
            PageSubject => JsonSerializer.Deserialize(body.Span, AlertEventJson.Default.PageChanged) ?? throw new JsonException("null"),
            PageOutcomeSubject => JsonSerializer.Deserialize(body.Span, AlertEventJson.Default.ActionReported) ?? throw new JsonException("null"),
            DueSubject => JsonSerializer.Deserialize(body.Span, AlertEventJson.Default.PlanDue) ?? throw new JsonException("null"),
            _ => throw new MessageUnreadableException($"Unknown subject '{message.Subject}'."),
        };
    }

    /// <summary>Earlier versions sent no destination and no kind: they acted in BigPanda, and the id's prefix says how.</summary>
    private static ActionReported Complete(ActionReported report) => report is { Kind: not null } ? report : report with
    {
        Destination = Destination.BigPanda,
        // Members of JSON may be missing.
        Kind = report.ActionId?.Split('-') switch
        {
            ["comment", _, ..] => ActionKinds.Comment,
            ["callback", _, ..] => "callback",
            _ => ActionKinds.Close,
        },
    };
}

[JsonSerializable(typeof(ResolveRequested))]
[JsonSerializable(typeof(CommentRequested))]
[JsonSerializable(typeof(ActionReported))]
[JsonSerializable(typeof(IncidentObserved))]
[JsonSerializable(typeof(CloseOverdue))]
[JsonSerializable(typeof(PageChanged))]
[JsonSerializable(typeof(PlanDue))]
[JsonSourceGenerationOptions(Converters = [typeof(StoredTime)])]
internal sealed partial class AlertEventJson : JsonSerializerContext;
