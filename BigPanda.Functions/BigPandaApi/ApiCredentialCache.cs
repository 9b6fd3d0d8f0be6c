using System.Text.Json;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>The API key in memory, never older than a minute: a key changed on another instance needs no restart here.</summary>
public sealed partial class ApiCredentialCache(IApiCredentialStore store, TimeProvider time, ILogger<ApiCredentialCache> logger) : IDisposable
{
    private const string Unreadable = "the stored BigPanda API key cannot be read at the moment";

    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(60);

    /// <summary>A store that is down is not asked for every call.</summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile Known? _known;

    /// <returns>The credential; or null and, when that is not because none is stored, the reason.</returns>
    internal async ValueTask<(ApiCredential? Credential, string? Fault)> GetAsync(CancellationToken cancellationToken)
    {
        if (_known is { } fresh && time.GetUtcNow() < fresh.Until) return (fresh.Credential, fresh.Fault);
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (_known is not { } known || time.GetUtcNow() >= known.Until) _known = known = await ReadAsync(_known?.Credential, cancellationToken);
            return (known.Credential, known.Fault);
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
            await (credential is null ? store.DeleteAsync(cancellationToken) : store.WriteAsync(credential, expiresOn, cancellationToken));
            _known = new Known(credential, null, time.GetUtcNow() + MaxAge);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>BigPanda rejects the key: a better one may be stored already.</summary>
    internal void Expire() => _known = _known is { } known ? known with { Until = time.GetUtcNow() } : null;

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<Known> ReadAsync(ApiCredential? last, CancellationToken cancellationToken)
    {
        try
        {
            return new Known(await store.ReadAsync(cancellationToken), null, time.GetUtcNow() + MaxAge);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (StorageFault.IsOutage(e) || e is JsonException or InvalidDataException))
        {
            // The message of a parser could quote what it parsed.
            Log.NotRead(logger, e is JsonException ? nameof(JsonException) : e.Message);
            return new Known(last, last is null ? Unreadable : null, time.GetUtcNow() + AskAgainAfter);
        }
    }

    private sealed record Known(ApiCredential? Credential, string? Fault, DateTimeOffset Until);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The stored BigPanda API key cannot be read: {Reason}")]
        public static partial void NotRead(ILogger logger, string reason);
    }
}
