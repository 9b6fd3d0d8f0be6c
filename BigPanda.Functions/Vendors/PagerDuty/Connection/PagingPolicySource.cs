using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

/// <summary>
/// Keeps the connection's policy in memory for a minute; that there is no connection is not kept, for an alert that fires in ignorance of it is not paged.
/// While it cannot be read, the last one counts: pages must not wait for Key Vault. Only an instance that has never read it has none, and its events wait.
/// </summary>
public sealed partial class PagingPolicySource(
    CredentialCache<PagerDutyCredential> credentials, PagerDutyConnectionStore store, TimeProvider time, ILogger<PagingPolicySource> logger)
    : IPagingPolicySource, IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    /// <summary>Keeps each event from asking a store that is down.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile Known? _known;
    private int _expiries;

    public async ValueTask<PagingPolicy?> GetAsync(CancellationToken cancellationToken)
    {
        if (_known is { } fresh && time.GetUtcNow() < fresh.Until) return fresh.Policy;
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (_known is { } known && time.GetUtcNow() < known.Until) return known.Policy;
            var expiries = Volatile.Read(ref _expiries);
            _known = known = await ReadAsync(_known, cancellationToken);
            // It was changed during the read, which may have seen the one before.
            if (Volatile.Read(ref _expiries) != expiries) _known = null;
            return known.Policy;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Makes the next event read it: it was changed here.</summary>
    internal void Expire()
    {
        Interlocked.Increment(ref _expiries);
        _known = null;
    }

    public void Dispose() => _oneAtATime.Dispose();

    /// <summary>The stored policy with the ids of the stored keys.</summary>
    internal static PagingPolicy Complete(PagingPolicy policy, PagerDutyCredential credential) => policy with
    {
        DefaultKeyId = PagerDutyCredential.IdOf(credential.RoutingKey),
        Keys = credential.RoutingKeys.ToDictionary(key => key.Key, key => PagerDutyCredential.IdOf(key.Value), StringComparer.OrdinalIgnoreCase),
    };

    private async Task<Known> ReadAsync(Known? before, CancellationToken cancellationToken)
    {
        try
        {
            var (credential, facts) = await FindAsync(cancellationToken);
            if (credential is not null && facts is null)
            {
                // Another instance has connected new keys and deleted the facts of those in memory here.
                credentials.Expire();
                (credential, facts) = await FindAsync(cancellationToken);
            }

            // Keys that were stored by hand have no facts.
            return credential is null
                ? new Known(null, time.GetUtcNow())
                : new Known(Complete(facts?.Policy ?? new PagingPolicy(), credential), time.GetUtcNow() + MaxAge);
        }
        catch (Exception e) when (before is not null && !cancellationToken.IsCancellationRequested && StorageError.IsOutage(e))
        {
            Log.NotRead(logger, StorageError.Describe(e));
            return before with { Until = time.GetUtcNow() + RetryAfter };
        }
    }

    private async Task<(PagerDutyCredential? Credential, PagerDutyFacts? Facts)> FindAsync(CancellationToken cancellationToken) =>
        await credentials.GetAsync(cancellationToken) is { } credential
            ? (credential, await store.FindAsync(credential.ConnectionId, cancellationToken))
            : (null, null);

    private sealed record Known(PagingPolicy? Policy, DateTimeOffset Until);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Could not read the policy of PagerDuty. The last known one is used; will retry in seconds: {Reason}")]
        public static partial void NotRead(ILogger logger, string reason);
    }
}
