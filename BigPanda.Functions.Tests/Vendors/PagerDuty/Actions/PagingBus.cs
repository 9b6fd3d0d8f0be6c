using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Actions;

/// <summary>A broker in virtual time: scheduled messages, duplicate detection, dead letters. There is one session: one message after the other.</summary>
internal sealed class PagingBus(TimeProvider time) : ServiceBusClient
{
    private readonly HashSet<(string Queue, string Id)> _known = [];

    public List<WaitingMessage> Waiting { get; } = [];

    public List<(string Queue, string Reason, string Description)> DeadLetters { get; } = [];

    /// <summary>While true, what is completed comes again, as after a lost lock.</summary>
    public bool LosesLocks { get; set; }

    public void Add(string queue, ServiceBusMessage message, int deliveries = 1)
    {
        if (!_known.Add((queue, message.MessageId)) && deliveries == 1) return;
        var due = message.ScheduledEnqueueTime > time.GetUtcNow() ? message.ScheduledEnqueueTime : time.GetUtcNow();
        Waiting.Add(new WaitingMessage(queue, message, due, deliveries));
    }

    /// <summary>The earliest message; null when none waits.</summary>
    public WaitingMessage? Next => Waiting.OrderBy(one => one.Due).FirstOrDefault();

    public ServiceBusMessageActions ActionsFor(WaitingMessage taken) => new Actions(this, taken);

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(this, queueOrTopicName);

    private sealed class Sender(PagingBus bus, string queue) : ServiceBusSender
    {
        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            bus.Add(queue, message);
            return Task.CompletedTask;
        }
    }

    private sealed class Actions(PagingBus bus, WaitingMessage taken) : ServiceBusMessageActions
    {
        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
        {
            if (bus.LosesLocks) bus.Add(taken.Queue, taken.Message, taken.Deliveries + 1);
            return Task.CompletedTask;
        }

        public override Task AbandonMessageAsync(
            ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default)
        {
            var again = new ServiceBusMessage(message);
            foreach (var (name, value) in propertiesToModify ?? new Dictionary<string, object>()) again.ApplicationProperties[name] = value;
            bus.Add(taken.Queue, again, taken.Deliveries + 1);
            return Task.CompletedTask;
        }

        public override Task DeadLetterMessageAsync(
            ServiceBusReceivedMessage message, Dictionary<string, object>? propertiesToModify = null, string? deadLetterReason = null,
            string? deadLetterErrorDescription = null,
            CancellationToken cancellationToken = default)
        {
            bus.DeadLetters.Add((taken.Queue, deadLetterReason ?? "", deadLetterErrorDescription ?? ""));
            return Task.CompletedTask;
        }
    }
}

internal sealed record WaitingMessage(string Queue, ServiceBusMessage Message, DateTimeOffset Due, int Deliveries)
{
    public ServiceBusReceivedMessage Received => ServiceBusModelFactory.ServiceBusReceivedMessage(
        Message.Body, Message.MessageId, sessionId: Message.SessionId, subject: Message.Subject, properties: Message.ApplicationProperties,
        enqueuedTime: Due, deliveryCount: Deliveries);
}
