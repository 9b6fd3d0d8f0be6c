using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Queues;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>Takes messages in. What it returns completes when they are on disk.</summary>
internal sealed class Intake(BusCore core)
{
    // Content is encoded before the lock is taken, in a buffer each thread keeps.
    [ThreadStatic]
    private static ByteWriter? _threadContent;

    public Task SendAsync(string queueName, ServiceBusMessage message, DateTimeOffset scheduledFor, CancellationToken cancellationToken)
    {
        var queue = core.QueueNamed(queueName);
        cancellationToken.ThrowIfCancellationRequested();
        var content = _threadContent ??= new ByteWriter();
        content.Truncate(0);
        Encode(queue, message, content);
        lock (core.Gate)
        {
            var now = core.Now();
            if (core.Journal.IsFull)
                return SendLaterAsync(core.Journal.Latest, queueName, message, scheduledFor, cancellationToken);
            var (admitted, _) = Admit(queue, message, content.Written, scheduledFor.UtcTicks, now);
            return admitted;
        }
    }

    /// <summary>All or none, as the service does with what arrives in one transfer.</summary>
    public Task SendAsync(string queueName, IReadOnlyList<ServiceBusMessage> messages, CancellationToken cancellationToken)
    {
        var queue = core.QueueNamed(queueName);
        cancellationToken.ThrowIfCancellationRequested();
        var content = new ByteWriter();
        var ends = new int[messages.Count];
        for (var i = 0; i < ends.Length; i++)
        {
            Encode(queue, messages[i], content);
            ends[i] = content.Length;
        }

        RequireSize(queue, content.Length);
        lock (core.Gate)
        {
            var now = core.Now();
            if (queue.SizeBytes + content.Length > queue.Description.MaxSizeBytes)
                throw BusFailures.QueueFull(queue.Description.Name, queue.Description.MaxSizeBytes);
            var start = 0;
            for (var i = 0; i < ends.Length; i++)
            {
                Admit(queue, messages[i], content.Written[start..ends[i]], messages[i].ScheduledEnqueueTime.UtcTicks, now);
                start = ends[i];
            }

            return core.Journal.Latest;
        }
    }

    public async Task<long> ScheduleAsync(string queueName, ServiceBusMessage message, DateTimeOffset scheduledFor, CancellationToken cancellationToken)
    {
        var queue = core.QueueNamed(queueName);
        cancellationToken.ThrowIfCancellationRequested();
        var content = new ByteWriter();
        Encode(queue, message, content);
        Task onDisk;
        long sequence;
        lock (core.Gate)
            (onDisk, sequence) = Admit(queue, message, content.Written, scheduledFor.UtcTicks, core.Now());
        await onDisk;
        return sequence;
    }

    private async Task SendLaterAsync(
        Task room, string queueName, ServiceBusMessage message, DateTimeOffset scheduledFor, CancellationToken cancellationToken)
    {
        await room.WaitAsync(cancellationToken);
        await SendAsync(queueName, message, scheduledFor, cancellationToken);
    }

    private static void Encode(QueueState queue, ServiceBusMessage message, ByteWriter content)
    {
        if (queue.Description.RequiresSession && message.SessionId is null)
            throw BusFailures.SessionIdMissing(queue.Description.Name);
        var start = content.Length;
        MessageContent.Write(content, message);
        RequireSize(queue, content.Length - start);
    }

    private static void RequireSize(QueueState queue, int bytes)
    {
        if (bytes > queue.Description.MaxMessageBytes)
            throw BusFailures.TooLarge(queue.Description.Name, bytes, queue.Description.MaxMessageBytes);
    }

    private (Task OnDisk, long Sequence) Admit(QueueState queue, ServiceBusMessage message, ReadOnlySpan<byte> content, long scheduledFor, long now)
    {
        MessageKey? key = message.MessageId is { } id ? MessageKey.Of(id) : null;
        switch (queue.Judge(key, content.Length, now))
        {
            // A duplicate succeeds, but not before the message it repeats is safe.
            case SendVerdict.Duplicate: return (core.Journal.Latest, 0);
            case SendVerdict.OverQuota: throw BusFailures.QueueFull(queue.Description.Name, queue.Description.MaxSizeBytes);
        }

        var record = core.Journal.Begin();
        var entry = queue.Admit(message.SessionId, content.Length, now, scheduledFor > now ? scheduledFor : 0, message.TimeToLive, key);
        entry.Stamp.Write(record);
        record.WriteBytes(content);
        return (core.Journal.End(new SentChange(core, entry, key)).OnDisk, entry.Sequence);
    }
}
