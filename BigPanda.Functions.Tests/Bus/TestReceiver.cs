using System.Collections.Concurrent;
using System.Threading.Channels;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Bus;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Bus;

/// <summary>A trigger whose handler passes each delivery to the test and returns when the test tells it to.</summary>
internal sealed class TestReceiver : IAsyncDisposable
{
    private readonly Channel<Delivered> _deliveries = Channel.CreateUnbounded<Delivered>();
    private readonly ConcurrentBag<Delivered> _handedOut = [];
    private readonly CancellationTokenSource _stop = new();

    public TestReceiver(EmbeddedBus bus, SessionPumpOptions options) =>
        Pump = bus.RunSessionsAsync(TestBus.Queue, options, HandleAsync, _stop.Token);

    public Task Pump { get; }

    public bool HasMore => _deliveries.Reader.Count > 0;

    public Task<Delivered> NextAsync() => _deliveries.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Deadline);

    public async Task<Delivered> NextAsync(string expectedId)
    {
        var delivery = await NextAsync();
        Assert.Equal(expectedId, delivery.Message.MessageId);
        return delivery;
    }

    public Task StopAsync() => _stop.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // A failed test leaves deliveries without a result, and the pump would wait for them for ever.
        foreach (var delivered in _handedOut) delivered.Return();
        // A delivery may still arrive during the stop.
        var ended = Pump.ContinueWith(_ => _deliveries.Writer.Complete(), TaskScheduler.Default);
        await foreach (var left in _deliveries.Reader.ReadAllAsync())
            left.Return();
        await Pump.WaitAsync(Eventually.Deadline);
        await ended;
    }

    private async Task HandleAsync(ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken)
    {
        var returned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var delivered = new Delivered(message, actions, returned, cancellationToken);
        _handedOut.Add(delivered);
        await _deliveries.Writer.WriteAsync(delivered, CancellationToken.None);
        await returned.Task;
    }

    internal sealed record Delivered(
        ServiceBusReceivedMessage Message, ServiceBusMessageActions Actions, TaskCompletionSource Returned, CancellationToken Token)
    {
        public async Task CompleteAsync()
        {
            await Actions.CompleteMessageAsync(Message);
            Return();
        }

        public void Return() => Returned.TrySetResult();

        public void Throw() => Returned.TrySetException(new InvalidOperationException("the handler failed"));
    }
}
