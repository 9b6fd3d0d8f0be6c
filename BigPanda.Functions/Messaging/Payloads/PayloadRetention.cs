using Azure.Data.Tables;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;

namespace BigPanda.Functions.Messaging.Payloads;

/// <summary>
/// Removes stored bodies that no message can refer to. A message lives for 14 days, but a dead letter never expires and can be resent on
/// any day. So a body older than 15 days that a dead letter refers to counts as stored today; without one it is removed after 30 days.
/// A resent message therefore finds its body for more than the 14 days it can live. An alert's history refers to the body for as long as it
/// keeps deliveries, from when the message was applied: within those 14 days.
/// </summary>
public sealed class PayloadRetention(PayloadStore payloads, DeadLetterQueue letters, TimeProvider time)
{
    internal static readonly TimeSpan CheckedAfter = TimeSpan.FromDays(15);
    internal static readonly TimeSpan RemovedAfter = TimeSpan.FromDays(30);

    /// <summary>The caller waits. Behind so many waiting messages each body may be needed.</summary>
    private const int MostPeeked = 20_000;

    /// <param name="kept">How long applied deliveries are kept.</param>
    /// <returns>How many bodies were removed.</returns>
    internal async Task<int> RunAsync(TimeSpan kept, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var needed = CheckedAfter + kept + TimeSpan.FromDays(1);
        var last = PayloadAge.PartitionOf(now - (needed > RemovedAfter ? needed : RemovedAfter));
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

    /// <summary>
    /// Removes bodies whatever their age, except for those that a message or a dead letter needs: another source may have sent the same one, and a message
    /// that was applied comes again if its process died before it was settled.
    /// </summary>
    /// <returns>Those that stay.</returns>
    internal async Task<IReadOnlySet<string>> RemoveNowAsync(IReadOnlySet<string> claims, CancellationToken cancellationToken)
    {
        if (claims.Count == 0) return claims;
        // Listed before the queue is read: a body that is stored from now on stays, and of one that was just stored the message is in the queue by then.
        Dictionary<string, List<TableEntity>> listed = [];
        foreach (var claim in claims) listed[claim] = await payloads.ListAsync(claim, cancellationToken);
        if (await ReadClaimsInUseAsync(cancellationToken) is not { } inUse) return claims;
        inUse.IntersectWith(claims);
        foreach (var (claim, rows) in listed)
        {
            if (!inUse.Contains(claim) && !await payloads.RemoveAsync(rows, cancellationToken)) inUse.Add(claim);
        }

        return inUse;
    }

    /// <returns>Null when too many messages wait to tell.</returns>
    private async Task<HashSet<string>?> ReadClaimsInUseAsync(CancellationToken cancellationToken)
    {
        // Dead letters before and after the queue: one that is replayed meanwhile is among the first, a message that becomes one among the last.
        var inUse = await ReadDeadLetterClaimsAsync(cancellationToken);
        var peeked = await AddClaimsAsync(letters.PeekWaitingAsync(Queues.AlertEvents, cancellationToken).Take(MostPeeked), inUse);
        if (peeked == MostPeeked) return null;
        inUse.UnionWith(await ReadDeadLetterClaimsAsync(cancellationToken));
        return inUse;
    }

    private async Task<HashSet<string>> ReadDeadLetterClaimsAsync(CancellationToken cancellationToken)
    {
        var claims = new HashSet<string>(StringComparer.Ordinal);
        foreach (var queue in Queues.All) await AddClaimsAsync(letters.PeekAsync(queue, 0, cancellationToken), claims);
        return claims;
    }

    /// <returns>How many messages there were.</returns>
    private static async Task<int> AddClaimsAsync(IAsyncEnumerable<Delivery> messages, HashSet<string> claims)
    {
        var count = 0;
        await foreach (var one in messages)
        {
            count++;
            if (MessageBodies.ClaimOf(one.Message) is { } claim) claims.Add(claim);
        }

        return count;
    }
}
