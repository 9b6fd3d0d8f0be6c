using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Bus;

public sealed class StressTests
{
    private const int Senders = 32;
    private const int PerSender = 1000;
    private const int SessionsPerSender = 4;

    private readonly ConcurrentDictionary<string, int> _lastDone = new();
    private readonly ConcurrentDictionary<string, int> _running = new();
    private readonly ConcurrentDictionary<string, bool> _ended = new();
    private readonly ConcurrentQueue<string> _faults = new();

    [Fact]
    public async Task Many_senders_and_failing_handlers_lose_double_and_reorder_nothing()
    {
        await using var bus = await TestBus.OpenAsync();
        using var stop = new CancellationTokenSource();
        var pump = bus.Bus.RunSessionsAsync(TestBus.Queue, new SessionPumpOptions { MaxConcurrentSessions = 64 }, HandleAsync, stop.Token);
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() => SendAsync(bus, sender))));
        await bus.Bus.WhenIdleAsync(TestBus.Queue, CancellationToken.None);
        await stop.CancelAsync();
        await pump;

        Assert.Empty(_faults);
        Assert.Equal(Senders * PerSender, _ended.Count);
        Assert.Equal(_ended.Count(static message => message.Value), bus.Counts.DeadLettered);
        await using var reopened = await bus.ReopenAsync();
        Assert.Equal(_ended.Count(static message => message.Value), reopened.Counts.DeadLettered);
    }

    private static async Task SendAsync(TestBus bus, int sender)
    {
        for (var i = 0; i < PerSender; i++)
            await bus.Sender.SendMessageAsync(new ServiceBusMessage(BitConverter.GetBytes(i))
            {
                MessageId = $"{sender}/{i}",
                SessionId = $"{sender}/{i % SessionsPerSender}",
            });
    }

    private async Task HandleAsync(ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken)
    {
        if (_running.AddOrUpdate(message.SessionId, 1, static (_, count) => count + 1) != 1)
            _faults.Enqueue($"two handlers at once in {message.SessionId}");
        try
        {
            CheckOrder(message);
            await Task.Yield();
            await SettleAsync(message, actions, Random.Shared.Next(20));
        }
        finally
        {
            _running.AddOrUpdate(message.SessionId, 0, static (_, count) => count - 1);
        }
    }

    private void CheckOrder(ServiceBusReceivedMessage message)
    {
        var number = BitConverter.ToInt32(message.Body.ToArray());
        var expected = _lastDone.TryGetValue(message.SessionId, out var last) ? last + SessionsPerSender : number % SessionsPerSender;
        if (number != expected)
            _faults.Enqueue($"{message.SessionId}: {number} came when {expected} was next");
    }

    private async Task SettleAsync(ServiceBusReceivedMessage message, ServiceBusMessageActions actions, int chance)
    {
        if (chance == 0 && message.DeliveryCount < 10)
            throw new InvalidOperationException("the handler failed");
        if (chance == 1 && message.DeliveryCount < 10)
        {
            await actions.AbandonMessageAsync(message);
            return;
        }

        // Before the settlement, since the next message of the session may reach another handler right after it.
        _lastDone[message.SessionId] = BitConverter.ToInt32(message.Body.ToArray());
        if (!_ended.TryAdd(message.MessageId, chance == 2))
            _faults.Enqueue($"{message.MessageId} ended twice");
        await (chance == 2 ? actions.DeadLetterMessageAsync(message, deadLetterReason: "chance") : actions.CompleteMessageAsync(message));
    }
}
