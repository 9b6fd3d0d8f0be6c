using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Broker;
using BigPanda.LocalHost.Bus.Queues;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.LocalHost.Bus.Clients;

/// <summary>Settles the message of a trigger function.</summary>
internal sealed class EmbeddedMessageActions(QueueState queue, BusService service) : ServiceBusMessageActions
{
    /// <summary>A second settlement is the handler's error and throws, even if another receiver has the session by then.</summary>
    public bool IsSettled { get; private set; }

    public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        SettleAsync(() => service.CompleteAsync(queue, message, cancellationToken));

    public override Task AbandonMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
        SettleAsync(() => service.AbandonAsync(queue, message, propertiesToModify, cancellationToken));

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = null,
        string? deadLetterReason = null,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        SettleAsync(
            () => service.DeadLetterAsync(queue, message, propertiesToModify, deadLetterReason, deadLetterErrorDescription, cancellationToken));

    public override Task DeferMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
        throw NoDefer();

    public override Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        service.RenewAsync(queue, message, cancellationToken);

    internal static NotSupportedException NoDefer() => new(
        "The local bus does not defer messages. Abandon the message, or complete it and schedule a new one.");

    private async Task SettleAsync(Func<Task> settle)
    {
        if (IsSettled)
            throw BusFailures.MessageLockLost(queue.Description.Name);
        await settle();
        IsSettled = true;
    }
}
