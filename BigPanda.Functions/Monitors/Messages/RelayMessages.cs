using System.Security.Cryptography;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;

namespace BigPanda.Functions.Monitors.Messages;

/// <summary>
/// Alerts on their way to BigPanda as messages of <see cref="Queues.BigPandaAlerts"/>: the body is the alert's JSON, and what BigPanda recognises it by is
/// its session, so that an alert never overtakes an earlier one of its identity.
/// </summary>
internal static class RelayMessages
{
    /// <summary>A message has 256 KB, of which its properties take some.</summary>
    public const int MaxAlertBytes = 200 * 1024;

    private const string Subject = "alert";
    private const string Identity = "identifier";
    private const string OkAfter = "okAfter";
    private const string OkDue = "okDue";
    private const string Parked = "parked";
    private const string Replayed = "replayed";

    /// <summary>A batch in its order. The messages of a repeated batch have the ids of the first, unless a time was added here.</summary>
    public static IReadOnlyList<ServiceBusMessage> Of(string sourceId, IReadOnlyList<AcceptedAlert> alerts, DateTimeOffset receivedAt)
    {
        var times = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. alerts.Select((alert, place) => Of(ToRelayed(alert, place), IdOf(alert)))];

        // A replay is compared by this time with what BigPanda has accepted: within a batch, too, the later alert is the newer one.
        RelayedAlert ToRelayed(AcceptedAlert alert, int place) =>
            new(sourceId, alert.Identity, alert.Json, receivedAt.AddTicks(place)) { OkAfter = alert.OkAfter };

        string IdOf(AcceptedAlert alert)
        {
            if (!alert.HasOwnTime) return UniqueId();
            // Within a second an alert may change and change back: that is no repeat.
            var content = Convert.ToHexStringLower(SHA256.HashData(alert.Json.Span));
            var time = times[content] = times.GetValueOrDefault(content) + 1;
            return MessageIdentity.Of(Subject, sourceId, content, $"{time}");
        }
    }

    /// <summary>A parked alert that is sent again.</summary>
    /// <param name="round">
    /// Sent twice in a round it makes one message. Null for a send that is never a repeat: an earlier one may have ended without a call.
    /// </param>
    public static ServiceBusMessage OfParked(RelayedAlert alert, long parkedAs, string? round = null)
    {
        var id = round is null ? UniqueId() : MessageIdentity.Of(Parked, alert.SourceId, alert.Identity, $"{parkedAs}", round);
        var message = Of(alert, id);
        message.ApplicationProperties[Parked] = parkedAs;
        return message;
    }

    /// <summary>The ok of an alert whose kind never resolves. Sent again until it is handled, it makes one message.</summary>
    public static ServiceBusMessage OfDueOk(RelayedAlert alert, DateTimeOffset due) =>
        Of(alert with { OkDue = due }, MessageIdentity.Of("ok", alert.SourceId, alert.Identity, $"{due.UtcTicks}"));

    /// <exception cref="MessageUnreadableException">This build cannot read the message.</exception>
    public static RelayedAlert Read(ServiceBusReceivedMessage message)
    {
        AppMessage.Check(message, Subject);
        var isReplay = message.ApplicationProperties.ContainsKey(MessageProperties.Replays);
        return new RelayedAlert(
            AppMessage.Text(message, MessageProperties.Source), AppMessage.Text(message, Identity), MessageBody.Read(message),
            AppMessage.Time(message, MessageProperties.ReceivedAt))
        {
            OkAfter = Number(message, OkAfter) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            OkDue = message.ApplicationProperties.ContainsKey(OkDue) ? AppMessage.Time(message, OkDue) : null,
            // A replay has its own place: the row that the message was a copy of is gone, or is marked as refused.
            ParkedAs = isReplay ? null : Number(message, Parked),
            IsReplay = isReplay || message.ApplicationProperties.ContainsKey(Replayed),
            TraceParent = MessageTrace.Of(message),
        };
    }

    private static string UniqueId() => $"{Subject}-{Guid.NewGuid():N}";

    private static ServiceBusMessage Of(RelayedAlert alert, string messageId)
    {
        var message = AppMessage.New(MessageIdentity.SessionOf("identity", alert.Identity), messageId, Subject);
        message.Body = BinaryData.FromBytes(alert.Json);
        message.ApplicationProperties[MessageProperties.Source] = alert.SourceId;
        message.ApplicationProperties[MessageProperties.ReceivedAt] = AppMessage.Format(alert.ReceivedAt);
        message.ApplicationProperties[Identity] = alert.Identity;
        if (alert.OkAfter is { } after) message.ApplicationProperties[OkAfter] = (long)after.TotalSeconds;
        if (alert.OkDue is { } due) message.ApplicationProperties[OkDue] = AppMessage.Format(due);
        if (alert.IsReplay) message.ApplicationProperties[Replayed] = true;
        MessageTrace.Join(message, alert.TraceParent);
        return message;
    }

    private static long? Number(ServiceBusReceivedMessage message, string name) =>
        MessageProperties.ToNumber(message.ApplicationProperties.GetValueOrDefault(name));
}

/// <summary>An alert as the way in hands it over.</summary>
/// <param name="Identity">What BigPanda recognises it by.</param>
/// <param name="Json">The body that the Alerts API takes, without <c>app_key</c>; at most <see cref="RelayMessages.MaxAlertBytes"/>.</param>
/// <param name="HasOwnTime">The timestamp is the sender's, so that an equal alert is a repeat and not another event.</param>
/// <param name="OkAfter">For a kind that never resolves: how long after its last firing it counts as over. Null for others.</param>
internal sealed record AcceptedAlert(string Identity, ReadOnlyMemory<byte> Json, bool HasOwnTime, TimeSpan? OkAfter = null);

/// <summary>An accepted alert on its way.</summary>
/// <param name="ReceivedAt">When it was accepted; within a batch each is a tick later than the one before.</param>
internal sealed record RelayedAlert(string SourceId, string Identity, ReadOnlyMemory<byte> Json, DateTimeOffset ReceivedAt)
{
    public TimeSpan? OkAfter { get; init; }

    /// <summary>Set for an ok that we send because an alert did not fire again until this time. It is dropped if that time has moved since.</summary>
    public DateTimeOffset? OkDue { get; init; }

    /// <summary>The number of its row, for a parked alert that is sent again.</summary>
    public long? ParkedAs { get; init; }

    /// <summary>It was a dead letter: newer alerts of its identity may have been sent since.</summary>
    public bool IsReplay { get; init; }

    public string? TraceParent { get; init; }
}
