using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Monitors.Relay;

/// <summary>
/// The queue of alerts in virtual time, for several instances: one message of a session at a time and in order, duplicate detection, redelivery, dead letters.
/// </summary>
internal sealed class SessionQueue(TimeProvider time) : ServiceBusClient
{
    private static readonly TimeSpan DuplicateWindow = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, Queue<Entry>> _sessions = [];
    private readonly Dictionary<string, DateTimeOffset> _ids = [];
    private readonly Queue<string> _free = new();
    private readonly Queue<TaskCompletionSource<string>> _receivers = new();
    private long _sequence;

    /// <summary>Messages that are not settled.</summary>
    public int Count => _sessions.Values.Sum(session => session.Count);

    public int Dropped { get; private set; }

    public int Completed { get; private set; }

    public int Released { get; private set; }

    public List<(ServiceBusReceivedMessage Message, string Reason, string Text)> DeadLetters { get; } = [];

    /// <summary>Called when a message is about to be handled.</summary>
    public Action<ServiceBusReceivedMessage> OnReceived { get; set; } = _ => { };

    /// <summary>Called before a message is completed: throws to refuse that.</summary>
    public Action<ServiceBusReceivedMessage> OnCompleting { get; set; } = _ => { };

    public void Add(params IEnumerable<ServiceBusMessage> messages)
    {
        foreach (var message in messages)
        {
            var now = time.GetUtcNow();
            if (_ids.TryGetValue(message.MessageId, out var before) && now - before < DuplicateWindow)
            {
                Dropped++;
                continue;
            }

            _ids[message.MessageId] = now;
            if (!_sessions.TryGetValue(message.SessionId, out var session)) _sessions[message.SessionId] = session = new Queue<Entry>();
            session.Enqueue(new Entry(message, ++_sequence, now));
            if (session.Count == 1) Free(message.SessionId);
        }
    }

    /// <summary>One of an instance's sessions: takes a session with messages, handles them one after the other, and takes the next.</summary>
    public async Task ReceiveAsync(Func<ServiceBusReceivedMessage, ServiceBusMessageActions, Task> handle)
    {
        while (true)
        {
            var id = await AcceptAsync();
            while (_sessions[id].TryPeek(out var entry))
            {
                var message = entry.ToMessage();
                OnReceived(message);
                await handle(message, new Actions(this, _sessions[id], entry));
            }
        }
    }

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(this, queueOrTopicName);

    private Task<string> AcceptAsync()
    {
        if (_free.TryDequeue(out var free)) return Task.FromResult(free);
        var receiver = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _receivers.Enqueue(receiver);
        return receiver.Task;
    }

    private void Free(string id)
    {
        if (_receivers.TryDequeue(out var receiver)) receiver.SetResult(id);
        else _free.Enqueue(id);
    }

    private sealed class Entry(ServiceBusMessage message, long sequence, DateTimeOffset at)
    {
        private int _deliveries;

        public IDictionary<string, object> Properties => message.ApplicationProperties;

        public ServiceBusReceivedMessage ToMessage() => ServiceBusModelFactory.ServiceBusReceivedMessage(
            message.Body, message.MessageId, sessionId: message.SessionId, subject: message.Subject,
            properties: new Dictionary<string, object>(message.ApplicationProperties), deliveryCount: ++_deliveries, sequenceNumber: sequence,
            enqueuedTime: at);
    }

    private sealed class Sender(SessionQueue queue, string name) : ServiceBusSender
    {
        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            Assert.Equal(Queues.BigPandaAlerts, name);
            queue.Add(message);
            return Task.CompletedTask;
        }
    }

    private sealed class Actions(SessionQueue queue, Queue<Entry> session, Entry entry) : ServiceBusMessageActions
    {
        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
        {
            queue.OnCompleting(message);
            queue.Completed++;
            return RemoveAsync();
        }

        public override Task AbandonMessageAsync(
            ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default)
        {
            queue.Released++;
            foreach (var (property, value) in propertiesToModify ?? new Dictionary<string, object>()) entry.Properties[property] = value;
            return Task.CompletedTask;
        }

        public override Task DeadLetterMessageAsync(
            ServiceBusReceivedMessage message, Dictionary<string, object>? propertiesToModify = null, string? deadLetterReason = null,
            string? deadLetterErrorDescription = null, CancellationToken cancellationToken = default)
        {
            queue.DeadLetters.Add((message, deadLetterReason ?? "", deadLetterErrorDescription ?? ""));
            return RemoveAsync();
        }

        private Task RemoveAsync()
        {
            Assert.Same(entry, session.Dequeue());
            return Task.CompletedTask;
        }
    }
}
