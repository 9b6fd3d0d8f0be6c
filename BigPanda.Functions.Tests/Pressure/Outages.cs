using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Pressure;

/// <summary>Tables and a broker that refuse calls on demand, and the count of calls to the broker.</summary>
internal sealed class Outages(BusFaults faults)
{
    private int _underWay;
    private int _brokerCalls;

    public bool Storage { get; set; }

    /// <summary>Storage refuses calls to this table only.</summary>
    public string? FailingTable { get; set; }

    public bool AnyUnderWay => Volatile.Read(ref _underWay) > 0;

    /// <summary>Deliveries, sends and settlements, including refused ones.</summary>
    public int BrokerCalls => Volatile.Read(ref _brokerCalls);

    public HttpPipelinePolicy OfStorage => new RefusingTables(this);

    /// <summary>Ends when the result is disposed.</summary>
    public IDisposable OfBroker(BusOperations operations, string? queue = null) => faults.Refuse(operations, ServiceBusFailureReason.ServiceBusy, queue: queue);

    public ServiceBusClient Around(ServiceBusClient client) => new CountingClient(this, client);

    public ServiceBusMessageActions Around(ServiceBusMessageActions actions) => new CountingActions(this, actions);

    public void CountDelivery() => Interlocked.Increment(ref _brokerCalls);

    private async Task AskBrokerAsync(Func<Task> call)
    {
        Interlocked.Increment(ref _brokerCalls);
        await UnderWayAsync(call);
    }

    private async Task UnderWayAsync(Func<Task> call)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            await call();
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private bool IsRefused(string address) => Storage || (FailingTable is { } table && address.Contains($"/{table}", StringComparison.Ordinal));

    private sealed class RefusingTables(Outages outages) : HttpPipelinePolicy
    {
        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (outages.IsRefused(message.Request.Uri.ToString())) throw new RequestFailedException(503, "ServerBusy");
            await outages.UnderWayAsync(() => ProcessNextAsync(message, pipeline).AsTask());
        }
    }

    private sealed class CountingClient(Outages outages, ServiceBusClient client) : ServiceBusClient
    {
        public override ServiceBusSender CreateSender(string queueOrTopicName) => new CountingSender(outages, client.CreateSender(queueOrTopicName));
    }

    private sealed class CountingSender(Outages outages, ServiceBusSender sender) : ServiceBusSender
    {
        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default) =>
            outages.AskBrokerAsync(() => sender.SendMessageAsync(message, cancellationToken));
    }

    private sealed class CountingActions(Outages outages, ServiceBusMessageActions actions) : ServiceBusMessageActions
    {
        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
            outages.AskBrokerAsync(() => actions.CompleteMessageAsync(message, cancellationToken));

        public override Task AbandonMessageAsync(
            ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
            outages.AskBrokerAsync(() => actions.AbandonMessageAsync(message, propertiesToModify, cancellationToken));

        public override Task DeadLetterMessageAsync(
            ServiceBusReceivedMessage message, Dictionary<string, object>? propertiesToModify = null, string? deadLetterReason = null,
            string? deadLetterErrorDescription = null, CancellationToken cancellationToken = default) =>
            outages.AskBrokerAsync(
                () => actions.DeadLetterMessageAsync(message, propertiesToModify, deadLetterReason, deadLetterErrorDescription, cancellationToken));
    }
}
