using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Broker;

namespace BigPanda.LocalHost.Bus.Clients;

internal sealed class EmbeddedSender(BusService service, string queue) : ServiceBusSender
{
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
