using Azure.Messaging.ServiceBus;

namespace BigPanda.LocalHost.Bus;

[Flags]
internal enum BusOperations
{
    None = 0,

    Send = 1,

    /// <summary>Peeking, receiving dead letters, and what the trigger gets.</summary>
    Receive = 2,

    /// <summary>Complete, abandon, dead-letter.</summary>
    Settle = 4,

    /// <summary>A handler's own renewals; those of the trigger cannot fail, take its lock with <see cref="EmbeddedBus.LoseLocksAsync"/>.</summary>
    Renew = 8,

    All = Send | Receive | Settle | Renew,
}

/// <summary>
/// What the real broker does to its clients now and then, for tests to switch on (<see cref="EmbeddedBus.Faults"/>). A fault lasts
/// until it is disposed or has met its number of calls; without a queue it is for all of them.
/// <code>
/// using (bus.Faults.Refuse(BusOperations.Send, ServiceBusFailureReason.ServiceBusy)) …      throttled until the end of the block
/// bus.Faults.Refuse(BusOperations.Settle, ServiceBusFailureReason.ServiceCommunicationProblem, times: 1)
/// bus.Faults.LoseAnswer(BusOperations.Send, times: 1)      the next send is stored, and its sender sees a broken connection
/// bus.Faults.LoseAnswer(BusOperations.Settle, times: 1)    the same for a completion; after it the lock is gone
/// bus.Faults.LoseAnswer(BusOperations.Receive, times: 1)   the next message is delivered to nowhere and comes again when its lock ran out
/// using (bus.Faults.Hang(BusOperations.Send)) …            no answer before the end of the block
/// await bus.LoseLocksAsync("alert-events")                 locks are lost in mid-work, and the messages go to other receivers
/// </code>
/// The trigger sees no exception while receiving is refused: as with the real one, its messages come later (it asks again every second).
/// </summary>
internal sealed class BusFaults
{
    private readonly Lock _gate = new();
    private volatile BusFault[] _faults = [];

    /// <summary>While true the disk refuses every transaction: senders and settlers get ServiceCommunicationProblem, and nothing changes.</summary>
    public bool RefuseCommits { get; set; }

    internal Action? Lifted { get; set; }

    /// <summary>The operation is not done. ServiceBusy, QuotaExceeded, ServiceTimeout and ServiceCommunicationProblem are what the service gives.</summary>
    public IDisposable Refuse(BusOperations operations, ServiceBusFailureReason reason, int times = int.MaxValue, string? queue = null) =>
        Add(new BusFault(this, FaultKind.Refuse, operations, reason, times, queue));

    /// <summary>The operation is done; the connection breaks before its answer.</summary>
    public IDisposable LoseAnswer(BusOperations operations, int times = int.MaxValue, string? queue = null) =>
        Add(new BusFault(this, FaultKind.LoseAnswer, operations, ServiceBusFailureReason.ServiceCommunicationProblem, times, queue));

    /// <summary>The operation is done when the fault is lifted, or never if its caller gives up before.</summary>
    public IDisposable Hang(BusOperations operations, string? queue = null) =>
        Add(new BusFault(this, FaultKind.Hang, operations, ServiceBusFailureReason.ServiceTimeout, int.MaxValue, queue));

    /// <summary>The fault that this call meets, if any.</summary>
    internal BusFault? Meet(BusOperations operation, string queue)
    {
        if (_faults.Length == 0)
            return null;
        lock (_gate)
        {
            var met = Array.Find(_faults, fault => fault.IsFor(operation, queue));
            if (met is { Left: 0 })
                Drop(met);
            return met;
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

    /// <summary>Counts the call if it is.</summary>
    internal bool IsFor(BusOperations operation, string name)
    {
        if (Left == 0 || !operations.HasFlag(operation) || (queue is not null && !string.Equals(queue, name, StringComparison.OrdinalIgnoreCase)))
            return false;
        Left--;
        return true;
    }
}
