using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Broker;
using BigPanda.LocalHost.Bus.Queues;

namespace BigPanda.LocalHost.Bus.Clients;

/// <summary>Peeks a queue or its dead letters, and receives dead letters. Only the trigger receives the messages of sessions.</summary>
internal sealed class EmbeddedReceiver(BusService service, QueueState queue, bool deadLetters) : ServiceBusReceiver
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(1);

    private long _nextToPeek;
    private bool _closed;

    public override string FullyQualifiedNamespace => EmbeddedServiceBusClient.Namespace;

    public override string EntityPath => deadLetters ? $"{queue.Description.Name}/$DeadLetterQueue" : queue.Description.Name;

    public override ServiceBusReceiveMode ReceiveMode => ServiceBusReceiveMode.PeekLock;

    public override bool IsClosed => _closed;

    public override async Task<ServiceBusReceivedMessage?> PeekMessageAsync(long? fromSequenceNumber = null, CancellationToken cancellationToken = default)
    {
        var peeked = await PeekMessagesAsync(1, fromSequenceNumber, cancellationToken);
        return peeked.Count > 0 ? peeked[0] : null;
    }

    public override async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(
        int maxMessages, long? fromSequenceNumber = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxMessages);
        ObjectDisposedException.ThrowIf(_closed, this);
        // Without a sequence number a receiver continues after the last message it peeked.
        var peeked = await service.PeekAsync(queue, deadLetters, maxMessages, fromSequenceNumber ?? _nextToPeek, cancellationToken);
        if (peeked.Count > 0)
            _nextToPeek = peeked[^1].Entry.Sequence + 1;
        return [.. peeked.Select(static message => message.ToMessage())];
    }

    public override async Task<ServiceBusReceivedMessage?> ReceiveMessageAsync(TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default)
    {
        var received = await ReceiveMessagesAsync(1, maxWaitTime, cancellationToken);
        return received.Count > 0 ? received[0] : null;
    }

    public override async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(
        int maxMessages, TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxMessages);
        ObjectDisposedException.ThrowIf(_closed, this);
        if (!deadLetters)
            throw queue.Description.RequiresSession
                ? BusFailures.SessionReceiverNeeded(queue.Description.Name)
                : new NotSupportedException("The local bus delivers a queue's messages to its trigger only; a receiver can read dead letters.");

        var deadline = service.Time.GetUtcNow() + (maxWaitTime ?? DefaultWait);
        while (true)
        {
            var (received, arrival) = await service.ReceiveDeadLettersAsync(queue, maxMessages, cancellationToken);
            if (arrival is null || !await WaitAsync(arrival, deadline, cancellationToken))
                return [.. received.Select(static delivery => delivery.ToMessage())];
        }
    }

    public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        service.CompleteAsync(queue, message, cancellationToken);

    public override Task AbandonMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
        service.AbandonAsync(queue, message, propertiesToModify, cancellationToken);

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
        service.DeadLetterAsync(queue, message, propertiesToModify, reason: null, description: null, cancellationToken);

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object> propertiesToModify,
        string deadLetterReason,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        service.DeadLetterAsync(queue, message, propertiesToModify, deadLetterReason, deadLetterErrorDescription, cancellationToken);

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        string deadLetterReason,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        service.DeadLetterAsync(queue, message, properties: null, deadLetterReason, deadLetterErrorDescription, cancellationToken);

    public override Task DeferMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
        throw EmbeddedMessageActions.NoDefer();

    public override Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        service.RenewAsync(queue, message, cancellationToken);

    public override Task CloseAsync(CancellationToken cancellationToken = default)
    {
        _closed = true;
        return Task.CompletedTask;
    }

    /// <summary>False on timeout.</summary>
    private async Task<bool> WaitAsync(TaskCompletionSource arrival, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        try
        {
            var left = deadline - service.Time.GetUtcNow();
            await arrival.Task.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, service.Time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            service.RemoveWaiter(queue, arrival);
        }
    }
}
