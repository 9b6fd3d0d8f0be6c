using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Messaging.Settling;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Alerts.Apply;

/// <summary>Says what of a message is kept with its event, and makes the message again from that.</summary>
public sealed class DeliveryKeeper(AlertEventReader reader, IEnumerable<WebhookFormat> webhooks, IOptions<DeliveryOptions> options)
{
    private readonly HashSet<string> _notKept = new(
        options.Value.MembersNotKept.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _webhooks = [.. webhooks.Select(webhook => webhook.Subject)];

    /// <param name="body">The message's, unpacked.</param>
    internal TimelineStep Keep(ServiceBusReceivedMessage message, AlertEvent evt, ReadOnlyMemory<byte> body)
    {
        var source = message.ApplicationProperties.GetValueOrDefault(MessageProperties.Source) as string;
        var facts = new StepFacts
        {
            MessageId = evt.MessageId,
            Subject = message.Subject,
            Source = source,
            ReceivedAt = ReceivedAt(evt) ?? new Delivery(message).Time(MessageProperties.FirstSentAt),
            QueuedAt = message.EnqueuedTime == default ? null : message.EnqueuedTime,
        };
        if (options.Value.KeptDays == 0) return new TimelineStep(facts, null);
        var delivery = new KeptDelivery
        {
            Subject = message.Subject,
            MessageId = evt.MessageId,
            Fingerprint = (evt as IncidentReported)?.Fingerprint ?? 0,
            Properties = PropertiesOf(message),
        };
        if (_notKept.Count > 0 && _webhooks.Contains(message.Subject) && KeptMembers.Remove(body, _notKept) is { } cut) return KeepCut(facts, delivery, cut);
        return new TimelineStep(facts, MessageBodies.ClaimOf(message) is not null ? delivery : Packed(delivery, MessageBodies.PackForRow(message, body)));
    }

    /// <summary>The event of a message that was kept.</summary>
    /// <exception cref="MessageUnreadableException">Its body is missing, or this build cannot read it.</exception>
    internal AlertEvent Read(KeptDelivery delivery, ReadOnlyMemory<byte> body) => reader.Read(MessageOf(delivery, body), body) switch
    {
        IncidentReported reported => reported with { MessageId = delivery.MessageId, Fingerprint = delivery.Fingerprint },
        var other => other with { MessageId = delivery.MessageId },
    };

    /// <summary>The message as it was received, as far as reading needs it.</summary>
    internal static ServiceBusReceivedMessage MessageOf(KeptDelivery delivery, ReadOnlyMemory<byte> body) => ServiceBusModelFactory.ServiceBusReceivedMessage(
        BinaryData.FromBytes(body), delivery.MessageId, subject: delivery.Subject,
        properties: delivery.Properties.ToDictionary(property => property.Key, property => ValueOf(property.Value)));

    private TimelineStep KeepCut(StepFacts facts, KeptDelivery delivery, KeptMembers.Cut cut)
    {
        // The stored body has the members: it is not referred to.
        delivery = delivery with { Without = cut.Removed, Properties = Without(delivery.Properties, MessageProperties.Claim, MessageProperties.Length) };
        try
        {
            Read(delivery, cut.Body);
        }
        catch (MessageUnreadableException e)
        {
            return new TimelineStep(facts with { NotKept = $"not readable without {string.Join(", ", cut.Removed)}: {e.Message}" }, null);
        }

        return new TimelineStep(facts, Packed(delivery, MessageBodies.PackForRow(null, cut.Body)));
    }

    private static KeptDelivery Packed(KeptDelivery delivery, PackedBody packed)
    {
        var properties = Without(delivery.Properties, MessageProperties.Encoding);
        if (packed.Encoding is { } encoding && ElementOf(encoding) is { } element) properties[MessageProperties.Encoding] = element;
        return delivery with { Body = packed.Bytes, Properties = properties };
    }

    private static DateTimeOffset? ReceivedAt(AlertEvent evt) => evt switch
    {
        IncidentReported reported => reported.ReceivedAt,
        ResolveRequested request => request.RequestedAt,
        CommentRequested request => request.RequestedAt,
        IncidentObserved observed => observed.ObservedAt,
        _ => null,
    };

    private static Dictionary<string, JsonElement> PropertiesOf(ServiceBusReceivedMessage message)
    {
        var kept = new Dictionary<string, JsonElement>();
        foreach (var name in MessageProperties.OfContent)
        {
            if (message.ApplicationProperties.GetValueOrDefault(name) is { } value && ElementOf(value) is { } element) kept[name] = element;
        }

        return kept;
    }

    private static Dictionary<string, JsonElement> Without(IReadOnlyDictionary<string, JsonElement> properties, params string[] names) =>
        properties.Where(property => !names.Contains(property.Key)).ToDictionary();

    private static JsonElement? ElementOf(object value) => value switch
    {
        string text => JsonSerializer.SerializeToElement(text, KeptValueJson.Default.String),
        bool flag => JsonSerializer.SerializeToElement(flag, KeptValueJson.Default.Boolean),
        _ when MessageProperties.ToNumber(value) is { } number => JsonSerializer.SerializeToElement(number, KeptValueJson.Default.Int64),
        _ => null,
    };

    private static object ValueOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString() ?? "",
        JsonValueKind.Number => element.GetInt64(),
        _ => element.GetBoolean(),
    };
}

[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(long))]
internal sealed partial class KeptValueJson : JsonSerializerContext;
