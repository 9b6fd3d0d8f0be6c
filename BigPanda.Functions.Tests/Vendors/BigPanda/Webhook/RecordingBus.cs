using System.Runtime.CompilerServices;
using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;

/// <summary>A Service Bus client that records sent messages, or fails on demand.</summary>
internal sealed class RecordingBus(string expected = "alert-events") : ServiceBusClient
{
    public string Queue => expected;

    public List<ServiceBusMessage> Sent { get; } = [];

    /// <summary>Called before the messages of a transfer are recorded.</summary>
    public Func<CancellationToken, Task> Sending { get; set; } = _ => Task.CompletedTask;

    /// <summary>The most messages of one transfer.</summary>
    public int MessagesPerBatch { get; set; } = int.MaxValue;

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(this, queueOrTopicName);

    private sealed class Sender(RecordingBus bus, string queue) : ServiceBusSender
    {
        private readonly ConditionalWeakTable<ServiceBusMessageBatch, List<ServiceBusMessage>> _batches = [];

        public override string EntityPath => queue;

        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default) =>
            RecordAsync([message], cancellationToken);

        public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default)
        {
            List<ServiceBusMessage> messages = [];
            var batch = ServiceBusModelFactory.ServiceBusMessageBatch(256 * 1024, messages, null, _ => messages.Count < bus.MessagesPerBatch);
            _batches.Add(batch, messages);
            return ValueTask.FromResult(batch);
        }

        public override Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default) =>
            RecordAsync(_batches.TryGetValue(messageBatch, out var messages) ? messages : [], cancellationToken);

        private async Task RecordAsync(IReadOnlyList<ServiceBusMessage> messages, CancellationToken cancellationToken)
        {
            await bus.Sending(cancellationToken);
            Assert.Equal(bus.Queue, EntityPath);
            bus.Sent.AddRange(messages);
        }
    }
}
