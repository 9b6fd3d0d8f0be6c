using System.Runtime.CompilerServices;
using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Broker;

namespace BigPanda.LocalHost.Bus.Clients;

internal sealed class EmbeddedSender(BusService service, string queue) : ServiceBusSender
{
    /// <summary>The messages of a batch, which the SDK's type does not show.</summary>
    private readonly ConditionalWeakTable<ServiceBusMessageBatch, List<ServiceBusMessage>> _batches = [];

    private bool _closed;

    public override string FullyQualifiedNamespace => EmbeddedServiceBusClient.Namespace;

    public override string EntityPath => queue;

    public override bool IsClosed => _closed;

    public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ObjectDisposedException.ThrowIf(_closed, this);
        return service.SendAsync(queue, message, message.ScheduledEnqueueTime, cancellationToken);
    }

    public override Task SendMessagesAsync(IEnumerable<ServiceBusMessage> messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ObjectDisposedException.ThrowIf(_closed, this);
        return service.SendAsync(queue, messages, cancellationToken);
    }

    public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default) =>
        CreateMessageBatchAsync(new CreateMessageBatchOptions(), cancellationToken);

    public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(
        CreateMessageBatchOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_closed, this);
        List<ServiceBusMessage> messages = [];
        var room = service.QueueNamed(queue).Description.MaxMessageBytes;
        var batch = ServiceBusModelFactory.ServiceBusMessageBatch(room, messages, options, Takes);
        _batches.Add(batch, messages);
        return ValueTask.FromResult(batch);

        bool Takes(ServiceBusMessage message)
        {
            var size = OutgoingMessage.SizeOf(message);
            if (size > room) return false;
            room -= size;
            return true;
        }
    }

    public override Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messageBatch);
        return _batches.TryGetValue(messageBatch, out var messages)
            ? SendMessagesAsync(messages, cancellationToken)
            : throw new InvalidOperationException("The batch was made by another sender.");
    }

    public override Task<long> ScheduleMessageAsync(
        ServiceBusMessage message, DateTimeOffset scheduledEnqueueTime, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ObjectDisposedException.ThrowIf(_closed, this);
        return service.SendAsync(queue, message, scheduledEnqueueTime, cancellationToken);
    }

    public override Task CloseAsync(CancellationToken cancellationToken = default)
    {
        _closed = true;
        return Task.CompletedTask;
    }
}
