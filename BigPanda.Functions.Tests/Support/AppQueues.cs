using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Support;

/// <summary>The bridge's queues, as an external client reads them.</summary>
internal sealed class AppQueues(EmbeddedBus bus)
{
    /// <summary>Waits until no message is left that could be handled now: what has not happened by then does not happen.</summary>
    public async Task WaitUntilIdleAsync()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline, TimeProvider.System);
        do
        {
            // An event can cause an action, and an action an event.
            foreach (var queue in Queues.All) await bus.WhenIdleAsync(queue, deadline.Token);
        }
        while (Queues.All.Select(bus.Count).Any(count => count.Active + count.Locked > 0));
    }

    /// <summary>Waits until only checks and reminders are left in the queues; a message that waits for a retry counts.</summary>
    public Task<int> WaitUntilDrainedAsync() => Eventually.Async(CountWaitingAsync, left => left == 0, "the queues are empty");

    public int CountDeadLetters(string queue) => bus.Count(queue).DeadLettered;

    public async Task<ServiceBusReceivedMessage> PeekDeadLetterAsync(string queue, string incidentId) =>
        Assert.Single(await PeekDeadLettersAsync(queue, incidentId));

    public async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekDeadLettersAsync(string queue, string incidentId) =>
        [.. (await PeekAsync(queue, SubQueue.DeadLetter)).Where(message => message.SessionId == incidentId)];

    /// <summary>The incident's unsettled messages, including scheduled ones.</summary>
    public async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekWaitingAsync(string queue, string incidentId) =>
        [.. (await PeekAsync(queue, SubQueue.None)).Where(message => message.SessionId == incidentId)];

    /// <summary>When the incident's next scheduled message is due.</summary>
    public async Task<DateTimeOffset?> FindScheduledAsync(string queue, string incidentId) => (await PeekWaitingAsync(queue, incidentId))
        .Where(message => message.State == ServiceBusMessageState.Scheduled).Min(message => (DateTimeOffset?)message.ScheduledEnqueueTime);

    public async Task SendAsync(string queue, ServiceBusMessage message)
    {
        await using var sender = bus.Client.CreateSender(queue);
        await sender.SendMessageAsync(message);
    }

    public async Task<int> CountWaitingAsync()
    {
        var left = 0;
        foreach (var queue in Queues.All)
            left += (await PeekAsync(queue, SubQueue.None)).Count(message => !IsCheck(message));
        return left;
    }

    private static bool IsCheck(ServiceBusReceivedMessage message) =>
        message.ApplicationProperties.ContainsKey(MessageProperties.Stage) || IsReminder(message);

    /// <summary>The check of a close 15 minutes after the resolve, or the end of a page's delay.</summary>
    public static bool IsReminder(ServiceBusReceivedMessage message) => message.Subject is "overdue" or "due";

    private async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekAsync(string queue, SubQueue part)
    {
        await using var receiver = bus.Client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = part });
        return await receiver.PeekMessagesAsync(100);
    }
}
