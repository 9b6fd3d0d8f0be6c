using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Broker;

namespace BigPanda.LocalHost.Bus.Clients;

/// <summary>The SDK's client for the bus in this process.</summary>
internal sealed class EmbeddedServiceBusClient(BusService service) : ServiceBusClient
{
    public const string Namespace = "embedded.localhost";

    private bool _closed;

    public override string FullyQualifiedNamespace => Namespace;

    public override bool IsClosed => _closed;

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new EmbeddedSender(service, queueOrTopicName);

    public override ServiceBusReceiver CreateReceiver(string queueName) => CreateReceiver(queueName, new ServiceBusReceiverOptions());

    public override ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options)
    {
        if (options.SubQueue == SubQueue.TransferDeadLetter || options.ReceiveMode != ServiceBusReceiveMode.PeekLock)
            throw new NotSupportedException("The local bus has no transfer dead-letter queue and receives with peek-lock only.");
        return new EmbeddedReceiver(service, service.QueueNamed(queueName), options.SubQueue == SubQueue.DeadLetter);
    }

    /// <summary>Does not close the bus: the code that opened it does.</summary>
#pragma warning disable CA2215 // The base method closes a connection, which a client made with the protected constructor lacks.
    public override ValueTask DisposeAsync()
#pragma warning restore CA2215
    {
        _closed = true;
        return ValueTask.CompletedTask;
    }
}
