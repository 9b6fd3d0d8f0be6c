using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Vendors.BigPanda.Actions;

/// <summary>Runs the actions in BigPanda.</summary>
public sealed class ActInBigPandaFunction(BigPandaTarget bigPanda, ActionRunner runner, Settlement settlement)
{
    [Function("ActInBigPanda")]
    public async Task RunAsync(
        [ServiceBusTrigger(Queues.BigPandaActions, Connection = Queues.Connection, IsSessionsEnabled = true)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        using var activity = MessageTrace.Continue("ActInBigPanda", message);
        await runner.RunAsync(bigPanda, work => settlement.RunAsync(Queues.BigPandaActions, message, actions, work, cancellationToken));
    }
}
