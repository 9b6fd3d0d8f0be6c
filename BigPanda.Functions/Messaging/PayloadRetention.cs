using Azure.Messaging.ServiceBus;

namespace BigPanda.Functions.Messaging;

/// <summary>
/// Removes stored bodies that no message can name any more. A message lives for 14 days from when it was sent, but a dead letter for ever,
/// and it can be sent again on any day. So a body found in a dead letter after 15 days counts as stored today; one that was not is
/// removed after 30. Between leaving the dead-letter queue and its end, a body has more than the 14 days that its message can live.
/// </summary>
public sealed class PayloadRetention(PayloadStore payloads, ServiceBusClient client, TimeProvider time)
{
    internal static readonly TimeSpan CheckedAfter = TimeSpan.FromDays(15);
    internal static readonly TimeSpan RemovedAfter = TimeSpan.FromDays(30);
    private const int PageSize = 100;

    /// <returns>How many bodies were removed.</returns>
    internal async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var last = PayloadAge.PartitionOf(now - RemovedAfter);
        HashSet<string>? inUse = null;
        var removed = 0;
        await foreach (var age in payloads.OlderThanAsync(now - CheckedAfter, cancellationToken))
        {
            inUse ??= await ReadDeadLetterClaimsAsync(cancellationToken);
            if (inUse.Contains(age.Claim)) await payloads.RenewAsync(age, cancellationToken);
            else if (string.CompareOrdinal(age.Partition, last) < 0 && await payloads.RemoveAsync(age, cancellationToken)) removed++;
        }

        return removed;
    }

    private async Task<HashSet<string>> ReadDeadLetterClaimsAsync(CancellationToken cancellationToken)
    {
        var claims = new HashSet<string>(StringComparer.Ordinal);
        await using var receiver = client.CreateReceiver(Queues.AlertEvents, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        for (long? from = 0; from is not null;)
        {
            var page = await receiver.PeekMessagesAsync(PageSize, from, cancellationToken);
            claims.UnionWith(page.Select(MessageBodies.ClaimOf).OfType<string>());
            from = page.Count == 0 ? null : page[^1].SequenceNumber + 1;
        }

        return claims;
    }
}
