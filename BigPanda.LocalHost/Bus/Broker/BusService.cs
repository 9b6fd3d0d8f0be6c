using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Queues;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>The broker's operations for clients and triggers. A call completes once its changes are on disk, or fails by an injected fault.</summary>
internal sealed class BusService(BrokerLoop broker, Ledger ledger, BusFaults faults)
{
    public TimeProvider Time => broker.Time;

    public QueueState QueueNamed(string name) => ledger.QueueNamed(name);

    /// <summary>Returns the sequence number; 0 for a duplicate.</summary>
    public Task<long> SendAsync(string queueName, ServiceBusMessage message, DateTimeOffset scheduledFor, CancellationToken cancellationToken)
    {
        var queue = ledger.QueueNamed(queueName);
        var outgoing = OutgoingMessage.Of(message, scheduledFor, queue.Description);
        return CallAsync(BusOperations.Send, queue, () => Send(queue, outgoing), cancellationToken);
    }

    /// <summary>All or none, as Service Bus treats one transfer.</summary>
    public Task SendAsync(string queueName, IEnumerable<ServiceBusMessage> messages, CancellationToken cancellationToken)
    {
        var queue = ledger.QueueNamed(queueName);
        var outgoing = messages.Select(message => OutgoingMessage.Of(message, message.ScheduledEnqueueTime, queue.Description)).ToList();
        var bytes = outgoing.Sum(static message => (long)message.Size);
        OutgoingMessage.RequireSize(queue.Description, bytes);
        return CallAsync(
            BusOperations.Send,
            queue,
            () =>
            {
                Ledger.RequireRoom(queue, bytes);
                foreach (var message in outgoing)
                    Send(queue, message);
                return outgoing.Count;
            },
            cancellationToken);
    }

    /// <summary>The slot's next message; null once stopped. A previous message that was not settled stays locked until its lock expires.</summary>
    public Task<Delivery?> NextAsync(Slot slot)
    {
        var waiting = new TaskCompletionSource<Delivery?>(TaskCreationOptions.RunContinuationsAsynchronously);
        broker.Post(() => slot.Wait(waiting, broker.Now), closed: () => waiting.TrySetResult(null));
        return waiting.Task;
    }

    public void Stop(Slot slot) => broker.Post(slot.Stop);

    /// <summary>Locked dead letters; or, when there are none, a task that completes when some may have arrived.</summary>
    public Task<(IReadOnlyList<Delivery> Received, TaskCompletionSource? Arrival)> ReceiveDeadLettersAsync(
        QueueState queue, int most, CancellationToken cancellationToken) =>
        CallAsync(
            BusOperations.Receive,
            queue,
            () =>
            {
                Delivery[] received = [.. queue.FreeDeadLetters.Take(most).ToList().Select(entry => ledger.Take(entry, broker.Now, TimeSpan.Zero))];
                return ((IReadOnlyList<Delivery>)received, received.Length > 0 ? null : AddWaiter(queue.DeadLetterWaiters));
            },
            cancellationToken);

    public void RemoveWaiter(QueueState queue, TaskCompletionSource arrival) => broker.Post(() => queue.DeadLetterWaiters.Remove(arrival));

    /// <summary>Reads messages without locking them.</summary>
    public Task<IReadOnlyList<Delivery>> PeekAsync(
        QueueState queue, bool deadLetters, int most, long fromSequenceNumber, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<Delivery>>(
            BusOperations.Receive,
            queue,
            () => [.. (deadLetters ? queue.DeadLetters : queue.Entries.Where(static entry => !entry.IsDeadLettered).OrderBy(static entry => entry.Sequence))
                .Where(entry => entry.Sequence >= fromSequenceNumber).Take(most).Select(ledger.Show)],
            cancellationToken);

    public Task CompleteAsync(QueueState queue, ServiceBusReceivedMessage message, CancellationToken cancellationToken) =>
        SettleAsync(queue, message, ledger.Remove, cancellationToken);

    public Task AbandonAsync(
        QueueState queue, ServiceBusReceivedMessage message, IDictionary<string, object>? properties, CancellationToken cancellationToken) =>
        SettleAsync(queue, message, entry => ledger.Abandon(entry, properties), cancellationToken);

    public Task DeadLetterAsync(
        QueueState queue,
        ServiceBusReceivedMessage message,
        IEnumerable<KeyValuePair<string, object>>? properties,
        string? reason,
        string? description,
        CancellationToken cancellationToken) =>
        SettleAsync(
            queue,
            message,
            entry =>
            {
                if (entry.IsDeadLettered)
                    throw new InvalidOperationException("The message is already in the dead-letter queue.");
                ledger.DeadLetter(entry, properties, reason, description);
            },
            cancellationToken);

    public Task RenewAsync(QueueState queue, ServiceBusReceivedMessage message, CancellationToken cancellationToken) =>
        CallAsync(
            BusOperations.Renew,
            queue,
            () => FindLocked(queue, message).Status.Lock?.Until = broker.Now + queue.Description.LockDuration.Ticks,
            cancellationToken);

    public Task<QueueCounts> CountAsync(QueueState queue) => broker.RunAsync(() => queue.Counts);

    public Task<TaskCompletionSource> AddIdleWaiterAsync(QueueState queue) => broker.RunAsync(() => AddWaiter(queue.IdleWaiters));

    public void RemoveIdleWaiter(QueueState queue, TaskCompletionSource idle) => broker.Post(() => queue.IdleWaiters.Remove(idle));

    public Task<int> LoseLocksAsync(QueueState queue) => broker.RunAsync(() =>
    {
        var locked = queue.Locked.ToList();
        locked.ForEach(queue.LoseLock);
        return locked.Count;
    });

    private long Send(QueueState queue, OutgoingMessage message)
    {
        try
        {
            return ledger.Send(queue, message, broker.Now);
        }
        finally
        {
            message.Return();
        }
    }

    private static TaskCompletionSource AddWaiter(List<TaskCompletionSource> waiters)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiters.Add(waiter);
        return waiter;
    }

    private Task<bool> SettleAsync(QueueState queue, ServiceBusReceivedMessage message, Action<MessageEntry> settle, CancellationToken cancellationToken) =>
        CallAsync(
            BusOperations.Settle,
            queue,
            () =>
            {
                settle(FindLocked(queue, message));
                return true;
            },
            cancellationToken);

    private static MessageEntry FindLocked(QueueState queue, ServiceBusReceivedMessage message)
    {
        var entry = queue.Find(message.SequenceNumber);
        if (entry is { Status.Lock: { } held } && Guid.TryParse(message.LockToken, out var token) && held.Token == token)
            return entry;
        // Still stored but locked by another receiver: the session was lost. Removed: it was already settled.
        throw queue.Description.RequiresSession && entry is { IsDeadLettered: false }
            ? BusFailures.SessionLockLost(queue.Description.Name)
            : BusFailures.MessageLockLost(queue.Description.Name);
    }

    private Task<T> CallAsync<T>(BusOperations operation, QueueState queue, Func<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return faults.Steps is { } steps && operation is (BusOperations.Send or BusOperations.Settle)
            ? SteppedAsync(steps, operation, queue, work, cancellationToken)
            : RunAsync(operation, queue, work, cancellationToken);
    }

    private async Task<T> SteppedAsync<T>(IBusSteps steps, BusOperations operation, QueueState queue, Func<T> work, CancellationToken cancellationToken)
    {
        steps.Begin(operation, queue.Description.Name);
        var result = await RunAsync(operation, queue, work, cancellationToken);
        steps.End(operation, queue.Description.Name);
        return result;
    }

    private Task<T> RunAsync<T>(BusOperations operation, QueueState queue, Func<T> work, CancellationToken cancellationToken) =>
        faults.Find(operation, queue.Description.Name) is { } fault
            ? fault.ApplyAsync(() => broker.RunAsync(work), queue.Description.Name, cancellationToken)
            : broker.RunAsync(work);
}
