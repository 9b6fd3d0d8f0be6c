using BigPanda.Functions.Messaging;
using BigPanda.Functions.Outbound;

namespace BigPanda.Functions.Actions;

/// <summary>A call that must not be carried out twice, of an API without an idempotency key.</summary>
/// <param name="Timeout">How long the caller waits for a response.</param>
/// <param name="Find">Asks the destination whether it was carried out; null when that cannot be read, with the outcome that says why.</param>
/// <param name="Send">Makes the call. It calls what it is given directly before, which returns why another delivery makes it instead, or null.</param>
internal sealed record UniqueCall(
    TimeSpan Timeout, Func<CancellationToken, Task<(ApiOutcome Outcome, bool? IsThere)>> Find,
    Func<Func<CancellationToken, Task<string?>>, CancellationToken, Task<ApiOutcome>> Send)
{
    /// <summary>How long a call without a response may take until it is carried out: the destination may work on it as long after the timeout.</summary>
    public TimeSpan ArrivesWithin => 2 * Timeout;
}

/// <summary>Makes such calls: when an earlier one may have been carried out, the destination is asked first.</summary>
public sealed class UniqueCalls(SentCalls calls, TimeProvider time)
{
    /// <returns>The outcome of the call, or of the question that must come first; null when the destination shows the call as carried out.</returns>
    internal async Task<ApiOutcome?> MakeAsync(UniqueCall call, ActionDelivery delivery, CancellationToken cancellationToken)
    {
        while (true)
        {
            var sent = await calls.FindAsync(delivery.Action, call.ArrivesWithin, cancellationToken);
            if (sent is { Rest: var rest } && rest > TimeSpan.Zero)
            {
                await Task.Delay(RetrySchedule.RoundUp(rest), time, cancellationToken);
                continue;
            }

            if (delivery.MayHaveBeenSent || sent is not null)
            {
                var (search, isThere) = await call.Find(cancellationToken);
                if (isThere != false) return isThere is null ? search : null;
            }

            var outcome = await SendAsync(call, delivery, sent?.Version, cancellationToken);
            // Another delivery of the message has made it meanwhile.
            if (outcome.Result != ApiResult.NotSent) return outcome;
        }
    }

    /// <param name="seen">The version of the row that was read; null without a row.</param>
    private async Task<ApiOutcome> SendAsync(UniqueCall call, ActionDelivery delivery, string? seen, CancellationToken cancellationToken)
    {
        var outcome = await call.Send(BeginAsync, cancellationToken);
        if (outcome.Status is not null && seen is { } begun) await calls.MarkAnsweredAsync(delivery.Action, begun, cancellationToken);
        return outcome;

        async Task<string?> BeginAsync(CancellationToken cancellation)
        {
            if (await calls.TryBeginAsync(delivery.Action, seen, cancellation) is not { } written) return "another delivery of the message makes the call";
            seen = written;
            return null;
        }
    }
}
