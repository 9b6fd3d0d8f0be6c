using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Messaging;

/// <summary>
/// What waits in the queues. The app's roles do not let it ask the broker for counts, so the first messages are peeked, which locks nothing and shows those
/// that are being processed or scheduled, too. A peeked message costs the broker as much as a received one: each instance peeks at most once in half a minute.
/// Peeking in a queue with sessions without one works and is not documented: what cannot be read is said, and nothing depends on it.
/// </summary>
public sealed class QueueBacklogs(ServiceBusClient client, TimeProvider time) : IDisposable
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);
    internal const int MostPeeked = 200;
    private const int PageSize = 100;

    /// <summary>Health is answered without them rather than late.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);

    private readonly SemaphoreSlim _reading = new(1);
    private (IReadOnlyList<QueueBacklog> Backlogs, long At)? _latest;

    internal async Task<IReadOnlyList<QueueBacklog>> ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_latest is { } latest && time.GetElapsedTime(latest.At) < Lifetime) return latest.Backlogs;
            var at = time.GetTimestamp();
            IReadOnlyList<QueueBacklog> backlogs = await Task.WhenAll(Queues.All.Select(queue => ReadAsync(queue, cancellationToken)));
            _latest = (backlogs, at);
            return backlogs;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task<QueueBacklog> ReadAsync(string queue, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await PeekAsync(queue, limit.Token).WaitAsync(Timeout, time, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (MessageSender.IsOutage(e) || e is InvalidOperationException))
        {
            await limit.CancelAsync();
            return new QueueBacklog(queue) { Problem = $"cannot be read ({e.GetType().Name})" };
        }
    }

    private async Task<QueueBacklog> PeekAsync(string queue, CancellationToken cancellationToken)
    {
        await using var receiver = client.CreateReceiver(queue);
        var backlog = new QueueBacklog(queue);
        var (peeked, after) = (0, 0L);
        while (peeked < MostPeeked)
        {
            var page = await receiver.PeekMessagesAsync(PageSize, after + 1, cancellationToken);
            if (page.Count == 0) return backlog;
            foreach (var message in page) backlog = backlog.With(message.State == ServiceBusMessageState.Scheduled, message.EnqueuedTime);
            (peeked, after) = (peeked + page.Count, page[^1].SequenceNumber);
        }

        return backlog with { IsMore = true };
    }
}

/// <param name="Waiting">Messages that are due and not settled, also those that are being processed.</param>
/// <param name="Scheduled">Messages for later: retries, checks and reminders.</param>
internal sealed record QueueBacklog(string Queue, int Waiting = 0, int Scheduled = 0)
{
    /// <summary>When the oldest waiting one was queued, by the broker's clock; null without one.</summary>
    public DateTimeOffset? OldestAt { get; init; }

    /// <summary>Only the first messages were counted: there may be more.</summary>
    public bool IsMore { get; init; }

    /// <summary>Why nothing is known of it; null when it is.</summary>
    public string? Problem { get; init; }

    public QueueBacklog With(bool isScheduled, DateTimeOffset enqueuedAt) => isScheduled
        ? this with { Scheduled = Scheduled + 1 }
        : this with { Waiting = Waiting + 1, OldestAt = OldestAt < enqueuedAt ? OldestAt : enqueuedAt };
}
