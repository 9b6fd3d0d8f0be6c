using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Pressure;

/// <summary>Tables and a broker that refuse when they are told to, and what was asked of them meanwhile.</summary>
internal sealed class Outages
{
    private int _underWay;
    private int _brokerCalls;

    public bool Storage { get; set; }

    public bool Broker { get; set; }

    /// <summary>Sends alone are refused: a full queue, or a throttled namespace.</summary>
    public bool Sends { get; set; }

    /// <summary>Storage refuses what concerns this table alone.</summary>
    public string? FailingTable { get; set; }

    public bool AnyUnderWay => Volatile.Read(ref _underWay) > 0;

    /// <summary>Deliveries, sends and settlements, refused ones as well.</summary>
    public int BrokerCalls => Volatile.Read(ref _brokerCalls);

    public HttpPipelinePolicy OfStorage => new RefusingTables(this);

    public ServiceBusClient Around(ServiceBusClient client) => new RefusingClient(this, client);

    public ServiceBusMessageActions Around(ServiceBusMessageActions actions) => new RefusingActions(this, actions);

    public void CountDelivery() => Interlocked.Increment(ref _brokerCalls);

    private async Task AskBrokerAsync(Func<Task> call, bool isSend)
    {
        Interlocked.Increment(ref _brokerCalls);
        if (Broker || (isSend && Sends)) throw new ServiceBusException("50009: wait 2 seconds.", ServiceBusFailureReason.ServiceBusy);
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

    private sealed class RefusingTables(Outages outages) : HttpPipelinePolicy
    {
        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (outages.Storage || (outages.FailingTable is { } table && message.Request.Uri.ToString().Contains($"/{table}", StringComparison.Ordinal))) throw new RequestFailedException(503, "ServerBusy");
            await outages.UnderWayAsync(() => ProcessNextAsync(message, pipeline).AsTask());
        }
    }

    private sealed class RefusingClient(Outages outages, ServiceBusClient client) : ServiceBusClient
    {
        public override ServiceBusSender CreateSender(string queueOrTopicName) => new RefusingSender(outages, client.CreateSender(queueOrTopicName));
    }

    private sealed class RefusingSender(Outages outages, ServiceBusSender sender) : ServiceBusSender
    {
        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default) =>
            outages.AskBrokerAsync(() => sender.SendMessageAsync(message, cancellationToken), isSend: true);
    }

    private sealed class RefusingActions(Outages outages, ServiceBusMessageActions actions) : ServiceBusMessageActions
    {
        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
            outages.AskBrokerAsync(() => actions.CompleteMessageAsync(message, cancellationToken), isSend: false);

        public override Task AbandonMessageAsync(
            ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
            outages.AskBrokerAsync(() => actions.AbandonMessageAsync(message, propertiesToModify, cancellationToken), isSend: false);

        public override Task DeadLetterMessageAsync(
            ServiceBusReceivedMessage message, Dictionary<string, object>? propertiesToModify = null, string? deadLetterReason = null,
            string? deadLetterErrorDescription = null, CancellationToken cancellationToken = default) =>
            outages.AskBrokerAsync(
                () => actions.DeadLetterMessageAsync(message, propertiesToModify, deadLetterReason, deadLetterErrorDescription, cancellationToken), isSend: false);
    }
}
