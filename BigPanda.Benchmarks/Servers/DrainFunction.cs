using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Benchmarks.Servers;

/// <summary>Completes every message without reading it.</summary>
internal sealed class DrainFunction
{
#pragma warning disable CA1822 // Functions are instance methods.
    [Function("Drain")]
    public Task RunAsync(
        [ServiceBusTrigger(Queues.AlertEvents, Connection = Queues.Connection, IsSessionsEnabled = true)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actions);
        return actions.CompleteMessageAsync(message, cancellationToken);
    }
#pragma warning restore CA1822
}
