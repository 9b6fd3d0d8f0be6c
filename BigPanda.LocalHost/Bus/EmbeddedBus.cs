using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Broker;
using BigPanda.LocalHost.Bus.Clients;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.LocalHost.Bus;

/// <summary>
/// Queues with Azure Service Bus's settlement rules, in this process and durable in a folder: a completed send or settlement
/// survives a crash at any moment.
/// </summary>
internal sealed class EmbeddedBus : IAsyncDisposable
{
    private readonly BrokerLoop _broker;
    private readonly BusService _service;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();

    private EmbeddedBus(BrokerLoop broker, Ledger ledger, BusFaults faults, ILogger logger)
    {
        (_broker, _logger, Faults) = (broker, logger, faults);
        _service = new BusService(broker, ledger, faults);
        Client = new EmbeddedServiceBusClient(_service);
    }

    public ServiceBusClient Client { get; }

    /// <summary>Faults that tests inject.</summary>
    public BusFaults Faults { get; }

    /// <exception cref="BusFolderException">Another process uses the folder, or stored messages cannot be read.</exception>
    public static Task<EmbeddedBus> OpenAsync(
        string directory, IReadOnlyList<QueueDescription> queues, TimeProvider time, ILogger logger, CancellationToken ct) =>
        Task.Run(
            () =>
            {
                var faults = new BusFaults();
                var (ledger, newest) = LedgerLoader.Open(Path.GetFullPath(directory), queues, time.GetUtcNow().UtcTicks, () => faults.RefuseCommits);
                return new EmbeddedBus(new BrokerLoop(ledger, faults, time, newest, logger), ledger, faults, logger);
            },
            ct);

    /// <summary>
    /// The trigger. After <paramref name="stop"/> it returns once running handlers have ended; after the grace period their token is cancelled.
    /// </summary>
    public async Task RunSessionsAsync(
        string queue,
        SessionPumpOptions options,
        Func<ServiceBusReceivedMessage, ServiceBusMessageActions, CancellationToken, Task> handle,
        CancellationToken stop)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop, _closing.Token);
        await new SessionPump(_service.QueueNamed(queue), options, handle, _service, _logger).RunAsync(stopping.Token);
    }

    /// <summary>Waits microseconds for the broker, or for the current flush.</summary>
    public QueueCounts Count(string queue) => _service.CountAsync(_service.QueueNamed(queue)).GetAwaiter().GetResult();

    /// <summary>Completes when no message is active or locked; scheduled ones may wait.</summary>
    public async Task WhenIdleAsync(string queue, CancellationToken ct)
    {
        var state = _service.QueueNamed(queue);
        var idle = await _service.AddIdleWaiterAsync(state);
        try
        {
            await idle.Task.WaitAsync(ct);
        }
        finally
        {
            _service.RemoveIdleWaiter(state, idle);
        }
    }

    /// <summary>Removes the locks of all messages in work, as when the real broker moves a queue: other receivers get the messages.</summary>
    public Task LoseLocksAsync(string queue) => _service.LoseLocksAsync(_service.QueueNamed(queue));

    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
            return;
        await _closing.CancelAsync();
        // Waits for the broker's thread, which may be waiting for the disk.
        await Task.Run(_broker.Dispose);
        _closing.Dispose();
    }
}
