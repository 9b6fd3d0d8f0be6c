using System.Net.Sockets;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Telemetry;

namespace BigPanda.Functions.Messaging;

/// <summary>Sends to the queues. A send completes when the broker has stored the message.</summary>
public sealed class MessageSender(ServiceBusClient client, BrokerGate gate)
{
    private readonly Dictionary<string, ServiceBusSender> _senders = Queues.All.ToDictionary(queue => queue, client.CreateSender);

    internal async Task SendAsync(string queue, ServiceBusMessage message, CancellationToken cancellationToken)
    {
        MessageTrace.Join(message, AppActivity.TraceParent);
        try
        {
            await _senders[queue].SendMessageAsync(message, cancellationToken);
            gate.ReportAccepted();
        }
        catch (ServiceBusException)
        {
            gate.ReportRefused();
            throw;
        }
    }

    /// <summary>
    /// Whether the broker temporarily accepts no messages: unreachable, busy, timed out, full, or denying access, which a person or the next
    /// token fixes. Callers check their own cancellation.
    /// </summary>
    internal static bool IsOutage(Exception e) => e is
        ServiceBusException or TimeoutException or OperationCanceledException or SocketException or IOException
        or UnauthorizedAccessException or AuthenticationFailedException;
}
