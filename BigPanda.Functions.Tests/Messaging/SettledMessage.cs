using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Messaging;

/// <summary>One message and its settlement, on a clock that the test advances. Records the calls to the broker in order.</summary>
internal sealed class SettledMessage
{
    private readonly Settlement _settlement;

    public SettledMessage(TableServiceClient? tables = null)
    {
        Gate = new BrokerGate(Time);
        _settlement = new Settlement(
            new MessageSender(new Client(this), Gate, new RecentEvents(Time)), Gate,
            new Suspects(tables ?? new MemoryTables(Time), Time), Time, NullLogger<Settlement>.Instance);
    }

    public BrokerGate Gate { get; }

    public ManualTimeProvider Time { get; } = new();

    public Dictionary<string, object> Properties { get; } = [];

    public int DeliveryCount { get; set; } = 1;

    /// <summary>By the broker's clock.</summary>
    public DateTimeOffset EnqueuedAt { get; set; } = ManualTimeProvider.Begin;

    /// <summary>Every call to the broker, including refused ones.</summary>
    public List<string> Asked { get; } = [];

    public List<ServiceBusMessage> Sent { get; } = [];

    public IDictionary<string, object> Released { get; private set; } = new Dictionary<string, object>();

    /// <summary>The exception that calls of this name to the broker throw.</summary>
    public Dictionary<string, Exception> Refusals { get; } = [];

    public ServiceBusReceivedMessage Message => ServiceBusModelFactory.ServiceBusReceivedMessage(
        body: BinaryData.FromString("{}"), messageId: "the-message", sessionId: "an-incident", properties: new Dictionary<string, object>(Properties),
        deliveryCount: DeliveryCount, enqueuedTime: EnqueuedAt);

    public Task RunAsync(Func<Delivery, Disposition> work, CancellationToken cancellationToken = default) =>
        _settlement.RunAsync(Queues.AlertEvents, Message, new Actions(this), (delivery, _) => Task.FromResult(work(delivery)), cancellationToken);

    /// <summary>Advances the clock until the message is settled, and returns the time that took.</summary>
    public async Task<TimeSpan> FinishAsync(Task running)
    {
        var start = Time.GetUtcNow();
        for (var steps = 0; !running.IsCompleted; steps++)
        {
            Assert.True(steps < 3600, "It does not end.");
            await AdvanceAsync(running, TimeSpan.FromSeconds(1));
        }

        await running;
        return Time.GetUtcNow() - start;
    }

    /// <summary>Advances second by second: work that a timer starts on another thread ends or waits again before the next second.</summary>
    public async Task AdvanceAsync(Task running, TimeSpan by)
    {
        for (var end = Time.GetUtcNow() + by; Time.GetUtcNow() < end && !running.IsCompleted;)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            while (!running.IsCompleted && Time.TimersSet == 0) await Task.Delay(1);
        }
    }

    private Task AskAsync(string what)
    {
        Asked.Add(what);
        return Refusals.TryGetValue(what, out var refusal) ? Task.FromException(refusal) : Task.CompletedTask;
    }

    private sealed class Client(SettledMessage settled) : ServiceBusClient
    {
        public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(settled);
    }

    private sealed class Sender(SettledMessage settled) : ServiceBusSender
    {
        public override async Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            await settled.AskAsync("send");
            settled.Sent.Add(message);
        }
    }

    private sealed class Actions(SettledMessage settled) : ServiceBusMessageActions
    {
        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
            settled.AskAsync("complete");

        public override Task AbandonMessageAsync(
            ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default)
        {
            settled.Released = propertiesToModify ?? settled.Released;
            return settled.AskAsync("abandon");
        }

        public override Task DeadLetterMessageAsync(
            ServiceBusReceivedMessage message, Dictionary<string, object>? propertiesToModify = null, string? deadLetterReason = null,
            string? deadLetterErrorDescription = null, CancellationToken cancellationToken = default) =>
            settled.AskAsync($"dead-letter {deadLetterReason}: {deadLetterErrorDescription}");
    }
}
