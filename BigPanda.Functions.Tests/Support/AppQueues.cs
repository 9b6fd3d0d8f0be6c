using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Support;

/// <summary>The bridge's queues, looked at from outside.</summary>
internal sealed class AppQueues(EmbeddedBus bus)
{
    /// <summary>Until no message is left that could be handled now: what has not happened then does not happen.</summary>
    public async Task IdleAsync()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline, TimeProvider.System);
        do
        {
            // An event can make an action, and an action an event.
            foreach (var queue in Queues.All) await bus.WhenIdleAsync(queue, deadline.Token);
        }
        while (Queues.All.Select(bus.Count).Any(count => count.Active + count.Locked > 0));
    }

    /// <summary>Until there is nothing left at all, put off messages included.</summary>
    public Task<int> DrainedAsync() => Eventually.Async(
        () => Task.FromResult(Queues.All.Select(bus.Count).Sum(count => count.Active + count.Locked + count.Scheduled)), left => left == 0, "the queues are empty");

    public int DeadLetters(string queue) => bus.Count(queue).DeadLettered;

    public async Task<ServiceBusReceivedMessage> DeadLetterAsync(string queue, string incidentId)
    {
        var found = await DeadLettersAsync(queue);
        return Assert.Single(found, message => message.SessionId == incidentId);
    }

    public async Task SendAsync(string queue, ServiceBusMessage message)
    {
        await using var sender = bus.Client.CreateSender(queue);
        await sender.SendMessageAsync(message);
    }

    private async Task<IReadOnlyList<ServiceBusReceivedMessage>> DeadLettersAsync(string queue)
    {
        await using var receiver = bus.Client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        return await receiver.PeekMessagesAsync(100);
    }
}
