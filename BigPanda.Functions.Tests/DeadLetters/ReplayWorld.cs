using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.DeadLetters;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Bus;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Webhook;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.DeadLetters;

/// <summary>The queue of alert events on the local bus, tables in memory, and the parts that show and replay dead letters; on the test's clock.</summary>
internal sealed class ReplayWorld : IAsyncDisposable
{
    private readonly MemoryTables _tables;
    private readonly MemoryRelief _relief;
    private int _sent;

    private ReplayWorld(TestBus bus)
    {
        Bus = bus;
        (_tables, _relief) = (new MemoryTables(bus.Time), new MemoryRelief(bus.Time));
        Bodies = new MessageBodies(new PayloadStore(_tables, bus.Time), _relief, bus.Time);
        Letters = new DeadLetterQueue(bus.Bus.Client, bus.Time);
        var reader = new AlertEventDeadLetters(new AlertEventReader([DeliveryMessages.Format]), new AlertStore(_tables), new AlertPolicy(), bus.Time);
        Reading = new DeadLetterReading([reader], Bodies, NullLogger<DeadLetterReading>.Instance);
        Replays = new ReplayService(
            Letters, Reading, new MessageSender(bus.Bus.Client, new BrokerGate(bus.Time), new RecentEvents(bus.Time)), bus.Time,
            NullLogger<ReplayService>.Instance);
    }

    public TestBus Bus { get; }

    public MessageBodies Bodies { get; }

    public DeadLetterQueue Letters { get; }

    public DeadLetterReading Reading { get; }

    public ReplayService Replays { get; }

    public static async Task<ReplayWorld> CreateAsync() => new(await TestBus.OpenAsync());

    /// <summary>Dead letters of webhooks, one incident each, named after their numbers.</summary>
    public async Task<ReplayWorld> WithDeadLettersAsync(int count, Action<ServiceBusMessage>? change = null)
    {
        for (var i = 1; i <= count; i++)
        {
            var message = Webhook($"incident-{++_sent}");
            change?.Invoke(message);
            await Bus.Sender.SendMessageAsync(message);
        }

        await DeadLetterAsync(count);
        return this;
    }

    public static ServiceBusMessage Webhook(string incident)
    {
        var message = DeliveryMessages.Of(incident, $"message-of-{incident}", "main", Deliveries.Start);
        message.Body = BinaryData.FromString(IncidentWebhook.New(incident).ToJson());
        return message;
    }

    /// <summary>Receives messages and makes dead letters of them.</summary>
    public async Task DeadLetterAsync(int count, string why = "no rule accepts it")
    {
        await using var receiver = Bus.Receive();
        for (var i = 0; i < count; i++)
        {
            var delivery = await receiver.NextAsync();
            await delivery.Actions.DeadLetterMessageAsync(delivery.Message, deadLetterReason: "AlertRule", deadLetterErrorDescription: why);
            delivery.Return();
        }
    }

    public Task<ReplayReport> ReplayAsync(params long[] ids) => RunAsync(new ReplayRequest(TestBus.Queue, [.. ids.Order()], First, false, "ada"));

    public Task<ReplayReport> ReplayAllAsync(string? continuation = null, bool dryRun = false) =>
        RunAsync(new ReplayRequest(TestBus.Queue, null, ReplayPosition.Parse(continuation) ?? throw new FormatException(continuation), dryRun, null));

    public Task<ReplayReport> RunAsync(ReplayRequest request) => Replays.RunAsync(request, CancellationToken.None);

    public async Task<DeadLetterView> ShowAsync() => await Reading.ShowAsync(
        TestBus.Queue, await Letters.PeekAsync(TestBus.Queue, 0, CancellationToken.None).FirstAsync(), CancellationToken.None);

    /// <summary>What waits in the queue.</summary>
    public async Task<IReadOnlyList<ServiceBusReceivedMessage>> SentAsync() => await Bus.Bus.Client.CreateReceiver(TestBus.Queue).PeekMessagesAsync(1000);

    public async Task<IReadOnlyList<long>> LeftAsync() => [.. (await Bus.DeadLettersAsync()).Select(letter => letter.SequenceNumber)];

    public static IReadOnlyList<string> Outcomes(ReplayReport report) => [.. report.Items.Select(item => $"{item.Id} {item.Outcome}")];

    public ValueTask DisposeAsync()
    {
        Bodies.Dispose();
        _relief.Dispose();
        return Bus.DisposeAsync();
    }

    private static ReplayPosition First => new("", 0);
}
