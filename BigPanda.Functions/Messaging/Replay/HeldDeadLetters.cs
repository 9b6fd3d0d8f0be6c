using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging.Settling;

namespace BigPanda.Functions.Messaging.Replay;

/// <summary>Dead letters under this call's locks. Disposed, it abandons those that were not completed: they stay dead letters.</summary>
internal sealed class HeldDeadLetters(ServiceBusReceiver receiver, IReadOnlySet<long> numbers, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Each is a delivery and, unless it is replayed, an abandonment: a namespace of the Standard tier does a thousand operations a second.</summary>
    internal const int MaxHeld = 2000;

    /// <summary>Of bodies, which are in memory meanwhile.</summary>
    private const long MaxBytes = 64 * 1024 * 1024;

    private const int PageSize = 100;
    private const int AbandonedAtOnce = 8;

    /// <summary>Nothing more comes: what is left is gone, or another receiver holds it.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(3);

    /// <summary>Well within the lock, which lasts five minutes, and the four minutes of an HTTP request in Azure.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan MaxAbandoning = TimeSpan.FromSeconds(30);

    private readonly Dictionary<long, ServiceBusReceivedMessage> _messages = [];
    private readonly long _begun = time.GetTimestamp();
    private long _bytes;

    /// <summary>Ended before every named one came, because too many others came first.</summary>
    public bool IsFull => _messages.Count >= MaxHeld || _bytes >= MaxBytes;

    /// <summary>No further one may be processed: its lock might end before it is settled.</summary>
    public bool IsTimeUp => time.GetElapsedTime(_begun) > MaxAge;

    /// <summary>The named ones, in order.</summary>
    public IReadOnlyList<Delivery> Named =>
    [
        .. from message in _messages.Values
           where numbers.Contains(message.SequenceNumber)
           orderby message.SequenceNumber
           select new Delivery(message),
    ];

    public async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        for (var missing = numbers.Count; missing > 0 && !IsFull && !IsTimeUp;)
        {
            var page = await receiver.ReceiveMessagesAsync(Math.Min(PageSize, MaxHeld - _messages.Count), MaxWait, cancellationToken);
            if (page.Count == 0) return;
            foreach (var message in page)
            {
                // One that comes again has a new lock, because the first one was lost.
                if (!_messages.ContainsKey(message.SequenceNumber))
                {
                    _bytes += MessageBody.Find(message)?.Length ?? 0;
                    if (numbers.Contains(message.SequenceNumber)) missing--;
                }

                _messages[message.SequenceNumber] = message;
            }
        }
    }

    /// <summary>Removes the dead letter.</summary>
    /// <returns>Null; or why it is still there.</returns>
    public async Task<string?> CompleteAsync(Delivery letter)
    {
        try
        {
            // What follows from it is stored: it is removed although the caller may have gone.
            await receiver.CompleteMessageAsync(letter.Message, CancellationToken.None);
            _messages.Remove(letter.Message.SequenceNumber);
            return null;
        }
        catch (Exception e) when (MessageSender.IsOutage(e))
        {
            return e is ServiceBusException { Reason: var reason } ? $"{reason}" : e.GetType().Name;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(MaxAbandoning, time);
        await Parallel.ForEachAsync(
            _messages.Values, new ParallelOptions { MaxDegreeOfParallelism = AbandonedAtOnce }, async (message, _) => await AbandonAsync(message, limit.Token));
        await receiver.DisposeAsync();
    }

    private async Task AbandonAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken)
    {
        try
        {
            if (!cancellationToken.IsCancellationRequested) await receiver.AbandonMessageAsync(message, cancellationToken: cancellationToken);
        }
        catch (Exception e) when (MessageSender.IsOutage(e))
        {
            // It is free again when its lock ends.
        }
    }
}
