using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Outbound.Limiter;

/// <summary>A pause of the calls, by the limiter's clock.</summary>
internal sealed record CallPause(string ConnectionId, TimeSpan Until);

/// <summary>
/// A 429 concerns the token and not the call that got it: all calls of the key wait, here at once, and on the other instances through a row that each
/// of their calls reads after its turn has come. Waiting for that is no attempt.
/// </summary>
public sealed partial class CallPauses(
    [FromKeyedServices] CalledApi api, [FromKeyedServices] RateLimiter limiter, [FromKeyedServices] CallSlotStore store, TimeProvider time,
    ILogger<CallPauses> logger)
{
    /// <summary>A header that is wrong must not stop all calls for days: after an hour one of them finds out whether it still holds.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>What a call that must not depend on the tables waits for them.</summary>
    private static readonly TimeSpan ReadWithin = TimeSpan.FromSeconds(1);

    /// <summary>Pauses after a 429. If the row cannot be written now, the next renewal of the leases writes it.</summary>
    internal async Task RecordAsync(ApiCredential credential, ApiOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.Status != 429) return;
        var asked = outcome.RetryAfter ?? api.UsualPause;
        if (!limiter.TryPause(credential, asked < Longest ? asked : Longest, isShared: false)) return;
        Log.Paused(logger, api.Name, limiter.GetPauseLeft(credential));
        try
        {
            await ShareAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageError.IsOutage(e))
        {
            Log.NotShared(logger, api.Name, StorageError.Describe(e));
        }
    }

    /// <summary>Saves a pause that the other instances cannot read yet.</summary>
    internal async Task ShareAsync(CancellationToken cancellationToken)
    {
        if (limiter.FindUnsharedPause() is not { } pause) return;
        await store.SavePauseAsync(pause.ConnectionId, pause.Until - limiter.Now, cancellationToken);
        limiter.MarkShared(pause);
    }

    /// <summary>The remaining pause of the key's calls, whichever instance received the 429.</summary>
    internal async Task<TimeSpan> GetLeftAsync(ApiCredential credential, CancellationToken cancellationToken)
    {
        var shared = await store.GetPauseLeftAsync(credential.ConnectionId, cancellationToken);
        limiter.TryPause(credential, shared < Longest ? shared : Longest, isShared: true);
        return limiter.GetPauseLeft(credential);
    }

    /// <summary>The same, or what this instance knows if the tables do not respond.</summary>
    internal async Task<TimeSpan> GetKnownLeftAsync(ApiCredential credential, CancellationToken cancellationToken)
    {
        try
        {
            return await GetLeftAsync(credential, cancellationToken).WaitAsync(ReadWithin, time, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageError.IsOutage(e))
        {
            return limiter.GetPauseLeft(credential);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Api} returned 429. All calls with this key wait for {Delay}, on all instances, without using up attempts")]
        public static partial void Paused(ILogger logger, string api, TimeSpan delay);

        [LoggerMessage(2, LogLevel.Warning, "Could not save the pause that {Api} asked for. This instance keeps it and saves it later: {Reason}")]
        public static partial void NotShared(ILogger logger, string api, string reason);
    }
}
