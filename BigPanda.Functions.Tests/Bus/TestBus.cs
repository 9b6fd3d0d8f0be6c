using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Bus;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Bus;

/// <summary>A bus with one queue in a temporary folder, under a clock that the test advances.</summary>
internal sealed class TestBus : IAsyncDisposable
{
    public const string Queue = "alert-events";

    private readonly List<string> _copies = [];

    private TestBus(EmbeddedBus bus, string directory, ManualTimeProvider time)
    {
        (Bus, Directory, Time) = (bus, directory, time);
        Sender = bus.Client.CreateSender(Queue);
    }

    public EmbeddedBus Bus { get; }

    public string Directory { get; }

    public ManualTimeProvider Time { get; }

    public ServiceBusSender Sender { get; }

    public QueueCounts Counts => Bus.Count(Queue);

    public static Task<TestBus> OpenAsync(QueueDescription? queue = null) =>
        OpenAsync(System.IO.Directory.CreateTempSubdirectory("bus-test-").FullName, new ManualTimeProvider(), queue);

    public static async Task<TestBus> OpenAsync(string directory, ManualTimeProvider time, QueueDescription? queue = null)
    {
        var queues = new[] { queue ?? new QueueDescription(Queue) };
        var bus = await EmbeddedBus.OpenAsync(directory, queues, time, NullLogger.Instance, CancellationToken.None);
        return new TestBus(bus, directory, time);
    }

    public static ServiceBusMessage Message(string id, string session = "s", string body = "{}") =>
        new(body) { MessageId = id, SessionId = session };

    public Task SendAsync(string id, string session = "s") => Sender.SendMessageAsync(Message(id, session, $"body of {id}"));

    public ServiceBusReceiver DeadLetters() =>
        Bus.Client.CreateReceiver(Queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });

    public async Task<IReadOnlyList<string>> IdsAsync() =>
        [.. (await Bus.Client.CreateReceiver(Queue).PeekMessagesAsync(1000)).Select(static message => message.MessageId)];

    public async Task<IReadOnlyList<ServiceBusReceivedMessage>> DeadLettersAsync() => await DeadLetters().PeekMessagesAsync(1000);

    public TestReceiver Receive(SessionPumpOptions? options = null) => new(Bus, options ?? new SessionPumpOptions());

    /// <summary>What a kill -9 at this moment would leave.</summary>
    public string CopyOfFolder()
    {
        var copy = System.IO.Directory.CreateTempSubdirectory("bus-test-").FullName;
        _copies.Add(copy);
        foreach (var file in System.IO.Directory.GetFiles(Directory, "queues.db*"))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    /// <summary>A second bus on what a kill -9 at this moment would leave.</summary>
    public Task<TestBus> OpenCopyAsync(QueueDescription? queue = null) => OpenAsync(CopyOfFolder(), Time, queue);

    public async Task<TestBus> ReopenAsync(QueueDescription? queue = null)
    {
        await Bus.DisposeAsync();
        return await OpenAsync(Directory, Time, queue);
    }

    public async ValueTask DisposeAsync()
    {
        await Bus.DisposeAsync();
        foreach (var folder in _copies.Append(Directory).Where(System.IO.Directory.Exists))
            System.IO.Directory.Delete(folder, recursive: true);
    }
}
