using Azure.Messaging.ServiceBus;

namespace BigPanda.LocalHost.Bus;

[Flags]
internal enum BusOperations
{
    None = 0,

    Send = 1,

    /// <summary>Peeking, receiving dead letters, and deliveries to the trigger.</summary>
    Receive = 2,

    /// <summary>Complete, abandon, dead-letter.</summary>
    Settle = 4,

    /// <summary>A handler's own renewals. The trigger's cannot fail: remove its lock with <see cref="EmbeddedBus.LoseLocksAsync"/>.</summary>
    Renew = 8,

    All = Send | Receive | Settle | Renew,
}

/// <summary>
/// Failures of the real broker that tests can inject (<see cref="EmbeddedBus.Faults"/>). A fault lasts until it is disposed or has
/// affected its number of calls; without a queue it applies to all queues.
/// <code>
/// using (bus.Faults.Refuse(BusOperations.Send, ServiceBusFailureReason.ServiceBusy)) …      throttled until the end of the block
/// bus.Faults.Refuse(BusOperations.Settle, ServiceBusFailureReason.ServiceCommunicationProblem, times: 1)
/// bus.Faults.LoseAnswer(BusOperations.Send, times: 1)      the next send is stored, but its sender sees a broken connection
/// bus.Faults.LoseAnswer(BusOperations.Settle, times: 1)    the same for a completion; the lock is lost with it
/// bus.Faults.LoseAnswer(BusOperations.Receive, times: 1)   the next delivery is lost; the message is redelivered when its lock expires
/// using (bus.Faults.Hang(BusOperations.Send)) …            no response before the end of the block
/// await bus.LoseLocksAsync("alert-events")                 handlers lose their locks, and other receivers get the messages
/// </code>
/// While receiving is refused the trigger sees no exception: as with the real one, it retries (every second) and messages arrive later.
/// </summary>
internal sealed class BusFaults
{
    private readonly Lock _gate = new();
    private volatile BusFault[] _faults = [];

    /// <summary>While true every transaction fails: sends and settlements get ServiceCommunicationProblem, and nothing changes.</summary>
    public bool RefuseCommits { get; set; }

    internal Action? Lifted { get; set; }

    /// <summary>Called around every send and settlement; null for none.</summary>
    public IBusSteps? Steps { get; set; }

    /// <summary>The operation is not done. Service Bus returns ServiceBusy, QuotaExceeded, ServiceTimeout or ServiceCommunicationProblem.</summary>
    public IDisposable Refuse(BusOperations operations, ServiceBusFailureReason reason, int times = int.MaxValue, string? queue = null) =>
        Add(new BusFault(this, FaultKind.Refuse, operations, reason, times, queue));

    /// <summary>The operation is done; the connection breaks before the response.</summary>
    public IDisposable LoseAnswer(BusOperations operations, int times = int.MaxValue, string? queue = null) =>
        Add(new BusFault(this, FaultKind.LoseAnswer, operations, ServiceBusFailureReason.ServiceCommunicationProblem, times, queue));

    /// <summary>The operation is done when the fault ends, or never if its caller cancels first.</summary>
    public IDisposable Hang(BusOperations operations, string? queue = null) =>
        Add(new BusFault(this, FaultKind.Hang, operations, ServiceBusFailureReason.ServiceTimeout, int.MaxValue, queue));

    /// <summary>The fault that applies to this call, if any.</summary>
    internal BusFault? Find(BusOperations operation, string queue)
    {
        if (_faults.Length == 0)
            return null;
        lock (_gate)
        {
            var found = Array.Find(_faults, fault => fault.IsFor(operation, queue));
            if (found is { Left: 0 })
                Drop(found);
            return found;
        }
    }

    internal void Lift(BusFault fault)
    {
        lock (_gate)
            Drop(fault);
        Lifted?.Invoke();
    }

    private void Drop(BusFault fault) => _faults = [.. _faults.Where(other => other != fault)];

    private BusFault Add(BusFault fault)
    {
        lock (_gate)
            _faults = [.. _faults, fault];
        return fault;
    }
}

/// <summary>Sees the operations of clients and triggers as they begin, and as they have ended and are on disk.</summary>
internal interface IBusSteps
{
    void Begin(BusOperations operation, string queue);

    void End(BusOperations operation, string queue);
}

internal enum FaultKind
{
    Refuse,
    LoseAnswer,
    Hang,
}

internal sealed class BusFault(
    BusFaults faults, FaultKind kind, BusOperations operations, ServiceBusFailureReason reason, int times, string? queue) : IDisposable
{
    private readonly TaskCompletionSource _lifted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FaultKind Kind => kind;

    public int Left { get; private set; } = times;

    public async Task<T> ApplyAsync<T>(Func<Task<T>> call, string entity, CancellationToken cancellationToken)
    {
        if (kind == FaultKind.Hang)
        {
            await _lifted.Task.WaitAsync(cancellationToken);
            return await call();
        }

        if (kind == FaultKind.LoseAnswer)
            await call();
        throw BusFailures.AskedFor(entity, reason);
    }

    public void Dispose()
    {
        faults.Lift(this);
        _lifted.TrySetResult();
    }

    /// <summary>Counts the call if it applies.</summary>
    internal bool IsFor(BusOperations operation, string name)
    {
        if (Left == 0 || !operations.HasFlag(operation) || (queue is not null && !string.Equals(queue, name, StringComparison.OrdinalIgnoreCase)))
            return false;
        Left--;
        return true;
    }
}
