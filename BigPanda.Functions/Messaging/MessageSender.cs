using System.Net.Sockets;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Telemetry;

namespace BigPanda.Functions.Messaging;

/// <summary>Sends to the queues. A send completes when the broker has stored the message.</summary>
public sealed class MessageSender(ServiceBusClient client, BrokerGate gate, RecentEvents recent)
{
    private readonly Dictionary<string, ServiceBusSender> _senders = Queues.All.ToDictionary(queue => queue, client.CreateSender);

    internal Task SendAsync(string queue, ServiceBusMessage message, CancellationToken cancellationToken)
    {
        MessageTrace.Join(message, AppActivity.TraceParent);
        // Before it is sent: it may be applied before the broker's answer is here.
        recent.NoteSent(queue, message);
        return ReportAsync(_senders[queue].SendMessageAsync(message, cancellationToken));
    }

    /// <summary>
    /// Sends several messages, in order, in as few transfers as the broker's size limit allows. After an error those of earlier transfers are stored:
    /// a caller that sends all of them again relies on their message ids.
    /// </summary>
    internal Task SendAsync(string queue, IReadOnlyList<ServiceBusMessage> messages, CancellationToken cancellationToken)
    {
        if (messages is [var only]) return SendAsync(queue, only, cancellationToken);
        foreach (var message in messages) MessageTrace.Join(message, AppActivity.TraceParent);
        return ReportAsync(SendBatchesAsync(_senders[queue], messages, cancellationToken));
    }

    private static async Task SendBatchesAsync(ServiceBusSender sender, IReadOnlyList<ServiceBusMessage> messages, CancellationToken cancellationToken)
    {
        for (var next = 0; next < messages.Count;)
        {
            using var batch = await sender.CreateMessageBatchAsync(cancellationToken);
            while (next < messages.Count && batch.TryAddMessage(messages[next])) next++;
            if (batch.Count > 0) await sender.SendMessagesAsync(batch, cancellationToken);
            // A message may fit alone and not with the frame of a batch.
            else await sender.SendMessageAsync(messages[next++], cancellationToken);
        }
    }

    private async Task ReportAsync(Task sending)
    {
        try
        {
            await sending;
            gate.ReportAccepted();
        }
        catch (ServiceBusException)
        {
            gate.ReportRefused();
            throw;
        }
    }

    /// <summary>Whether the broker will never accept the message.</summary>
    internal static bool IsTooLarge(Exception e) => e is ServiceBusException { Reason: ServiceBusFailureReason.MessageSizeExceeded };

    /// <summary>
    /// Whether the broker temporarily accepts no messages: unreachable, busy, timed out, full, or denying access, which a person or the next
    /// token fixes. Callers check their own cancellation.
    /// </summary>
    internal static bool IsOutage(Exception e) => e is
        ServiceBusException or TimeoutException or OperationCanceledException or SocketException or IOException
        or UnauthorizedAccessException or AuthenticationFailedException;
}
