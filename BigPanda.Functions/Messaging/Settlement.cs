using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Messaging;

/// <summary>
/// The only place where a message is completed, put off or dead-lettered. Service Bus has no delayed retry: an abandoned message
/// comes back at once and is dead-lettered after ten deliveries, which an outage would use up in seconds. A message put off is
/// therefore sent again as a scheduled copy, with an id of its own because duplicate detection would drop the same one.
/// </summary>
public sealed class Settlement(MessageSender sender, TimeProvider time)
{
    internal static Task CompleteAsync(ServiceBusMessageActions actions, ServiceBusReceivedMessage message, CancellationToken cancellationToken) =>
        actions.CompleteMessageAsync(message, cancellationToken);

    /// <summary>Back to the queue, to be delivered again at once: for what has done nothing yet.</summary>
    internal static Task GiveBackAsync(ServiceBusMessageActions actions, ServiceBusReceivedMessage message, CancellationToken cancellationToken) =>
        actions.AbandonMessageAsync(message, null, cancellationToken);

    /// <param name="reason">One of a few words, to count by.</param>
    /// <param name="description">What a person needs to know.</param>
    internal static Task DeadLetterAsync(
        ServiceBusMessageActions actions, ServiceBusReceivedMessage message, string reason, string description, CancellationToken cancellationToken) =>
        actions.DeadLetterMessageAsync(message, null, reason, description.Length <= MaxDescription ? description : description[..MaxDescription], cancellationToken);

    /// <param name="property">Something for the later delivery to know.</param>
    internal async Task PutOffAsync(
        string queue, Postponement later, ServiceBusMessageActions actions, ServiceBusReceivedMessage message, CancellationToken cancellationToken, KeyValuePair<string, object>? property = null)
    {
        var original = IdentityOf(message);
        var copy = new ServiceBusMessage(message)
        {
            MessageId = MessageIdentity.Of("again", original, later.Counter, $"{later.Count}", $"{message.EnqueuedTime.UtcTicks}"),
            ScheduledEnqueueTime = time.GetUtcNow() + later.Delay,
        };
        copy.ApplicationProperties[MessageProperties.OriginalId] = original;
        // The SDK leaves it out of a copy.
        MessageTrace.Join(copy, MessageTrace.Of(message));
        copy.ApplicationProperties[later.Counter] = later.Count;
        if (property is { } known) copy.ApplicationProperties[known.Key] = known.Value;
        await sender.SendAsync(queue, copy, cancellationToken);
        await actions.CompleteMessageAsync(message, cancellationToken);
    }

    /// <summary>The message's identity, however often it has been sent again.</summary>
    internal static string IdentityOf(ServiceBusReceivedMessage message) =>
        message.ApplicationProperties.TryGetValue(MessageProperties.OriginalId, out var id) && id is string original ? original : message.MessageId;

    /// <summary>Service Bus keeps at most 4,096 characters of a dead letter's description.</summary>
    private const int MaxDescription = 4096;
}
