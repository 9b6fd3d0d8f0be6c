using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;

/// <summary>A Service Bus client that records sent messages, or fails on demand.</summary>
internal sealed class RecordingBus(string expected = "alert-events") : ServiceBusClient
{
    public string Queue => expected;

    public List<ServiceBusMessage> Sent { get; } = [];

    /// <summary>Called before the message is recorded.</summary>
    public Func<CancellationToken, Task> Sending { get; set; } = _ => Task.CompletedTask;

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(this, queueOrTopicName);

    private sealed class Sender(RecordingBus bus, string queue) : ServiceBusSender
    {
        public override string EntityPath => queue;

        public override async Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            await bus.Sending(cancellationToken);
            Assert.Equal(bus.Queue, EntityPath);
            bus.Sent.Add(message);
        }
    }
}
