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
    private readonly BusServices services;
    private readonly Compactor compactor;
    private readonly CompactionLoop compaction;
    private readonly DirectoryLock owned;
    private readonly ILogger logger;
    private readonly CancellationTokenSource closing = new();

    private EmbeddedBus(BusServices services, Compactor compactor, CompactionLoop compaction, DirectoryLock owned, ILogger logger)
    {
        (this.services, this.compactor, this.compaction, this.owned, this.logger) = (services, compactor, compaction, owned, logger);
        Client = new EmbeddedServiceBusClient(services);
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
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop, closing.Token);
        await new SessionPump(services.Core.QueueNamed(queue), options, handle, services, logger).RunAsync(stopping.Token);
    }

    public QueueCounts Count(string queue)
    {
        lock (services.Core.Gate)
        {
            services.Core.Now();
            return services.Core.QueueNamed(queue).Counts;
        }
    }

    /// <summary>Completes when no message is active or locked; scheduled ones may wait.</summary>
    public async Task WhenIdleAsync(string queue, CancellationToken ct)
    {
        var state = services.Core.QueueNamed(queue);
        TaskCompletionSource idle;
        lock (services.Core.Gate)
        {
            services.Core.Now();
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
            lock (services.Core.Gate)
                state.Idle.Remove(idle);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (closing.IsCancellationRequested)
            return;
        await closing.CancelAsync();
        await compaction.DisposeAsync();
        compactor.Dispose();
        services.Core.Dispose();
        // Joins the journal's thread, which may be waiting for the disk.
        await Task.Run(services.Core.Journal.Dispose);
        owned.Dispose();
        closing.Dispose();
    }

    internal Task CompactAsync(CancellationToken ct) => compactor.RunAsync(ct);

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
