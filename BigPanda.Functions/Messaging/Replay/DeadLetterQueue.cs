using System.Runtime.CompilerServices;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging.Settling;

namespace BigPanda.Functions.Messaging.Replay;

/// <summary>
/// Reads dead-letter queues. They have no sessions, no expiry and no limit to deliveries. Peeking locks nothing and shows locked messages too; a page may be
/// shorter than asked for, and only an empty one is the last.
/// Source: learn.microsoft.com/azure/service-bus-messaging/message-browsing.
/// </summary>
public sealed class DeadLetterQueue(ServiceBusClient client, TimeProvider time)
{
    private const int PageSize = 100;

    /// <summary>The dead letters behind a sequence number, in order.</summary>
    internal IAsyncEnumerable<Delivery> PeekAsync(string queue, long after, CancellationToken cancellationToken) =>
        PeekAsync(Open(queue), after, cancellationToken);

    /// <summary>The messages that are no dead letters: they wait, are being processed, or are for later.</summary>
    internal IAsyncEnumerable<Delivery> PeekWaitingAsync(string queue, CancellationToken cancellationToken) =>
        PeekAsync(client.CreateReceiver(queue), 0, cancellationToken);

    private static async IAsyncEnumerable<Delivery> PeekAsync(
        ServiceBusReceiver opened, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var receiver = opened;
        while (after < long.MaxValue)
        {
            var page = await receiver.PeekMessagesAsync(PageSize, after + 1, cancellationToken);
            if (page.Count == 0) yield break;
            foreach (var message in page) yield return new Delivery(message);
            after = page[^1].SequenceNumber;
        }
    }

    /// <summary>Those of the numbers that are dead letters, in order.</summary>
    /// <param name="numbers">Ascending.</param>
    internal async IAsyncEnumerable<Delivery> FindAsync(
        string queue, IReadOnlyList<long> numbers, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var receiver = Open(queue);
        for (var next = 0; next < numbers.Count;)
        {
            // As many as may be neighbours: a page costs what is in it.
            var page = await receiver.PeekMessagesAsync(Math.Min(PageSize, numbers.Count - next), numbers[next], cancellationToken);
            if (page.Count == 0) yield break;
            foreach (var message in page)
            {
                while (next < numbers.Count && numbers[next] < message.SequenceNumber) next++;
                if (next == numbers.Count || numbers[next] != message.SequenceNumber) continue;
                next++;
                yield return new Delivery(message);
            }
        }
    }

    /// <summary>
    /// Receives dead letters until the named ones are locked. The others that come first stay locked until the result is disposed: abandoned earlier, they
    /// would come again. A message that another receiver holds does not come.
    /// </summary>
    internal async Task<HeldDeadLetters> HoldAsync(string queue, IReadOnlySet<long> numbers, CancellationToken cancellationToken)
    {
        var held = new HeldDeadLetters(Open(queue), numbers, time);
        try
        {
            await held.ReceiveAsync(cancellationToken);
            return held;
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    private ServiceBusReceiver Open(string queue) => client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
}
