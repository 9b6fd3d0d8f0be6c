using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Monitors.Relay;

/// <summary>Sends monitors' alerts to BigPanda.</summary>
public sealed class SendAlertsFunction(AlertRelay relay, Settlement settlement)
{
    [Function("SendAlerts")]
    public async Task RunAsync(
        [ServiceBusTrigger(Queues.BigPandaAlerts, Connection = Queues.Connection, IsSessionsEnabled = true)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        using var activity = MessageTrace.Continue("SendAlerts", message);
        await relay.RunAsync(work => settlement.RunAsync(Queues.BigPandaAlerts, message, actions, work, cancellationToken));
    }
}
