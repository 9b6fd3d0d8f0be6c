using System.Net.Sockets;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Telemetry;

namespace BigPanda.Functions.Messaging;

/// <summary>Sends to the queues. A send has succeeded only when the broker has stored the message.</summary>
public sealed class MessageSender(ServiceBusClient client, BrokerGate gate)
{
    private readonly ServiceBusSender _alertEvents = client.CreateSender(Queues.AlertEvents);
    private readonly ServiceBusSender _actions = client.CreateSender(Queues.BigPandaActions);

    internal async Task SendAsync(string queue, ServiceBusMessage message, CancellationToken cancellationToken)
    {
        MessageTrace.Join(message, AppActivity.TraceParent);
        try
        {
            await Sender(queue).SendMessageAsync(message, cancellationToken);
            gate.ReportAccepted();
        }
        catch (ServiceBusException)
        {
            gate.ReportRefused();
            throw;
        }
    }

    private ServiceBusSender Sender(string queue) => queue switch
    {
        Queues.AlertEvents => _alertEvents,
        Queues.BigPandaActions => _actions,
        _ => throw new ArgumentOutOfRangeException(nameof(queue), queue, "No such queue."),
    };

    /// <summary>
    /// Whether the broker cannot take messages now: unreachable, busy, timed out, full, or not letting us in, which a person or
    /// the next token puts right. The caller's own cancellation is checked by the caller.
    /// </summary>
    internal static bool IsOutage(Exception e) => e is
        ServiceBusException or TimeoutException or OperationCanceledException or SocketException or IOException or UnauthorizedAccessException or AuthenticationFailedException;
}
