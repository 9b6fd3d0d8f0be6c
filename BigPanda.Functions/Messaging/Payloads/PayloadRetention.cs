using BigPanda.Functions.Messaging.Replay;

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

    /// <summary>Removes bodies whatever their age, except for those that dead letters need.</summary>
    /// <returns>Those that stay.</returns>
    internal async Task<IReadOnlySet<string>> RemoveNowAsync(IReadOnlySet<string> claims, CancellationToken cancellationToken)
    {
        if (claims.Count == 0) return claims;
        var inUse = await ReadDeadLetterClaimsAsync(cancellationToken);
        inUse.IntersectWith(claims);
        foreach (var claim in claims.Except(inUse)) await payloads.RemoveAsync(claim, cancellationToken);
        return inUse;
    }

    private async Task<HashSet<string>> ReadDeadLetterClaimsAsync(CancellationToken cancellationToken)
    {
        var claims = new HashSet<string>(StringComparer.Ordinal);
        foreach (var queue in Queues.All)
        {
            await foreach (var letter in letters.PeekAsync(queue, 0, cancellationToken))
            {
                if (MessageBodies.ClaimOf(letter.Message) is { } claim) claims.Add(claim);
            }
        }

        return claims;
    }
}
