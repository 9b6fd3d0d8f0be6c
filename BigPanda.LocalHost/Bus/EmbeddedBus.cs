using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Broker;
using BigPanda.LocalHost.Bus.Clients;
using BigPanda.LocalHost.Bus.Storage;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.LocalHost.Bus;

/// <summary>
/// Azure Service Bus's queues with its settlement rules, in this process and durable in a folder: what a send or a settlement
/// reported as done survives the death of the process at any moment.
/// </summary>
internal sealed class EmbeddedBus : IAsyncDisposable
{
    private readonly BusServices _services;
    private readonly Compactor _compactor;
    private readonly CompactionLoop _compaction;
    private readonly DirectoryLock _owned;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();

    private EmbeddedBus(BusServices services, Compactor compactor, CompactionLoop compaction, DirectoryLock owned, ILogger logger)
    {
        (_services, _compactor, _compaction, _owned, _logger) = (services, compactor, compaction, owned, logger);
        Client = new EmbeddedServiceBusClient(_services);
    }

    public ServiceBusClient Client { get; }

    public static Task<EmbeddedBus> OpenAsync(
        string directory, IReadOnlyList<QueueDescription> queues, TimeProvider time, ILogger logger, CancellationToken ct) =>
        OpenAsync(directory, queues, new JournalOptions(), time, logger, ct);

    /// <exception cref="BusDirectoryInUseException">Another process has the folder.</exception>
    /// <exception cref="JournalDamagedException">Something acknowledged can no longer be read.</exception>
    public static Task<EmbeddedBus> OpenAsync(
        string directory, IReadOnlyList<QueueDescription> queues, JournalOptions options, TimeProvider time, ILogger logger, CancellationToken ct) =>
        Task.Run(() => Open(Path.GetFullPath(directory), queues, options, time, logger), ct);

    /// <summary>
    /// The trigger. Returns after <paramref name="stop"/> once the running handlers ended; after the grace period their token is cancelled.
    /// </summary>
    public async Task RunSessionsAsync(
        string queue,
        SessionPumpOptions options,
        Func<ServiceBusReceivedMessage, ServiceBusMessageActions, CancellationToken, Task> handle,
        CancellationToken stop)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop, _closing.Token);
        await new SessionPump(_services.Core.QueueNamed(queue), options, handle, _services, _logger).RunAsync(stopping.Token);
    }

    public QueueCounts Count(string queue)
    {
        lock (_services.Core.Gate)
        {
            _services.Core.Now();
            return _services.Core.QueueNamed(queue).Counts;
        }
    }

    /// <summary>Completes when no message is active or locked; scheduled ones may wait.</summary>
    public async Task WhenIdleAsync(string queue, CancellationToken ct)
    {
        var state = _services.Core.QueueNamed(queue);
        TaskCompletionSource idle;
        lock (_services.Core.Gate)
        {
            _services.Core.Now();
            if (state.IsIdle)
                return;
            idle = state.Idle.Add();
        }

        try
        {
            await idle.Task.WaitAsync(ct);
        }
        finally
        {
            lock (_services.Core.Gate)
                state.Idle.Remove(idle);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
            return;
        await _closing.CancelAsync();
        await _compaction.DisposeAsync();
        _compactor.Dispose();
        _services.Core.Dispose();
        // Joins the journal's thread, which may be waiting for the disk.
        await Task.Run(_services.Core.Journal.Dispose);
        _owned.Dispose();
        _closing.Dispose();
    }

    internal Task CompactAsync(CancellationToken ct) => _compactor.RunAsync(ct);

    private static EmbeddedBus Open(
        string directory, IReadOnlyList<QueueDescription> declared, JournalOptions options, TimeProvider time, ILogger logger)
    {
        var owned = DirectoryLock.Take(directory);
        SegmentList? segments = null;
        try
        {
            var folder = new JournalFolder(directory, options);
            var (state, found, last) = new JournalRecovery(folder, logger).Read();
            segments = found;
            var queues = BusLoader.CreateQueues(declared, state);
            var newest = BusLoader.Fill(queues, state, time.GetUtcNow().UtcTicks);
            var core = new BusCore(queues, time);
            return Start(core, folder, segments, last + 1, newest, options, owned, logger);
        }
        catch
        {
            segments?.Dispose();
            owned.Dispose();
            throw;
        }
    }

    private static EmbeddedBus Start(
        BusCore core, JournalFolder folder, SegmentList segments, int number, long newest, JournalOptions options, DirectoryLock owned, ILogger logger)
    {
        void WriteStart(ByteWriter writer) => core.DescribeQueues().Write(writer);
        var first = segments.Add(JournalTail.Start(folder, number, WriteStart));
        var services = new BusServices(core);
        var compactor = new Compactor(core, folder, segments, services.Reader, options, logger);
        var compaction = new CompactionLoop(compactor, core.Time, logger);
        var tail = new JournalTail(folder, segments, first, WriteStart, compaction.Want, options.SegmentBytes);
        core.Start(new Journal(tail, options, core.Gate, core.Changed, logger), newest);
        compaction.Want();
        return new EmbeddedBus(services, compactor, compaction, owned, logger);
    }
}
