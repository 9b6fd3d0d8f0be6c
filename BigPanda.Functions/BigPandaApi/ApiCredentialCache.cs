using System.Text.Json;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>
/// The API key in memory, never older than a minute: a key changed, disabled or deleted elsewhere needs no restart here. When the store
/// cannot be read by then, the work waits for it.
/// </summary>
public sealed partial class ApiCredentialCache(IApiCredentialStore store, TimeProvider time, ILogger<ApiCredentialCache> logger) : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(60);

    /// <summary>A store that is down is not asked for every call.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile Known? _known;

    /// <returns>Null when none is stored.</returns>
    /// <exception cref="CredentialUnreadableException">The store does not answer, or with something else than a credential.</exception>
    internal async ValueTask<ApiCredential?> GetAsync(CancellationToken cancellationToken)
    {
        if (_known is { } fresh && time.GetUtcNow() < fresh.Until) return fresh.Get();
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (_known is not { } known || time.GetUtcNow() >= known.Until) _known = known = await ReadAsync(cancellationToken);
            return known.Get();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Stores the credential, or forgets it, and uses it from now on.</summary>
    internal async Task ReplaceAsync(ApiCredential? credential, DateTimeOffset? expiresOn, CancellationToken cancellationToken)
    {
        // Behind a reading under way, which may have seen the old one.
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            // Should the answer get lost, the store knows what it holds.
            _known = null;
            await (credential is null ? store.DeleteAsync(cancellationToken) : store.WriteAsync(credential, expiresOn, cancellationToken));
            _known = new Known(credential, null, time.GetUtcNow() + MaxAge);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>The next call reads the store: what is known here may have been replaced elsewhere.</summary>
    internal void Expire() => _known = null;

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<Known> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new Known(await store.ReadAsync(cancellationToken), null, time.GetUtcNow() + MaxAge);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (StorageError.IsOutage(e) || e is JsonException))
        {
            // The message of a parser could quote what it parsed.
            var reason = e is JsonException ? "it is no connection" : StorageError.Describe(e);
            Log.NotRead(logger, reason);
            return new Known(null, reason, time.GetUtcNow() + RetryAfter);
        }
    }

    private sealed record Known(ApiCredential? Credential, string? Error, DateTimeOffset Until)
    {
        public ApiCredential? Get() => Error is null ? Credential : throw new CredentialUnreadableException("the stored BigPanda API key cannot be read at the moment");
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The stored BigPanda API key cannot be read: {Reason}")]
        public static partial void NotRead(ILogger logger, string reason);
    }
}
