using System.Text.Json;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Outbound.Credentials;

/// <summary>
/// Keeps the credential in memory for at most a minute, so that a key changed, disabled or deleted elsewhere takes effect without a restart; that there is
/// none is kept for five seconds. When the store cannot be read after that, actions wait for it.
/// </summary>
public sealed partial class CredentialCache<T>(CredentialKind<T> kind, ICredentialStore<T> store, TimeProvider time, ILogger<CredentialCache<T>> logger)
    : IDisposable
    where T : class
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(60);

    /// <summary>Keeps each call from asking a store that is down, or that has none.</summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);

    /// <summary>The vault's client would wait for 100 seconds, four times, and no other read begins meanwhile.</summary>
    private static readonly TimeSpan MaxRead = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile Known? _known;
    private int _expiries;

    /// <returns>Null when none is stored.</returns>
    /// <exception cref="CredentialUnreadableException">The store is unavailable, or its secret is not a credential.</exception>
    internal async ValueTask<T?> GetAsync(CancellationToken cancellationToken) => (await FindAsync(IsValid, cancellationToken)).Get();

    /// <summary>
    /// For what the known credential does not allow: another instance may have stored a newer one. Asks the store unless that was done in the last five
    /// seconds, so that strangers cannot make it busy; while it cannot be read, the known one stays valid.
    /// </summary>
    /// <returns>Null when none is stored; and false when the store could not be read, and may have another one.</returns>
    /// <inheritdoc cref="GetAsync(CancellationToken)"/>
    internal async ValueTask<(T? Credential, bool IsNewest)> GetNewestAsync(CancellationToken cancellationToken)
    {
        var known = await FindAsync(IsJustAsked, cancellationToken);
        return (known.Get(), known.IsNewest);
    }

    /// <summary>Stores the credential, or deletes the stored one for null, and uses it from now on.</summary>
    internal async Task ReplaceAsync(T? credential, DateTimeOffset? expiresOn, CancellationToken cancellationToken)
    {
        // After a read under way, which may have seen the old one.
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            // If the response is lost, the next call reads what the store has.
            _known = null;
            await (credential is null ? store.DeleteAsync(cancellationToken) : store.WriteAsync(credential, expiresOn, cancellationToken));
            _known = Read(credential, null);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Makes the next call read the store: another instance may have replaced the key.</summary>
    internal void Expire()
    {
        Interlocked.Increment(ref _expiries);
        _known = null;
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async ValueTask<Known> FindAsync(Func<Known, bool> isGoodEnough, CancellationToken cancellationToken)
    {
        if (_known is { } fresh && isGoodEnough(fresh)) return fresh;
        await _oneAtATime.WaitAsync(cancellationToken);
        // Without the caller's token: a webhook's sender waits for less time than a slow read takes, and the next one would have to begin again.
        return await FindAndReleaseAsync(isGoodEnough).WaitAsync(cancellationToken);
    }

    private bool IsValid(Known known) => time.GetUtcNow() < known.Until;

    private bool IsJustAsked(Known known) => IsValid(known) && time.GetUtcNow() < known.AskedAt + AskAgainAfter;

    private async Task<Known> FindAndReleaseAsync(Func<Known, bool> isGoodEnough)
    {
        try
        {
            if (_known is { } known && isGoodEnough(known)) return known;
            var expiries = Volatile.Read(ref _expiries);
            _known = known = await ReadAsync(_known);
            // It expired during the read, which may have seen the one before.
            if (Volatile.Read(ref _expiries) != expiries) _known = null;
            return known;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<Known> ReadAsync(Known? before)
    {
        using var limit = new CancellationTokenSource(MaxRead, time);
        try
        {
            return Read(await store.ReadAsync(limit.Token), null);
        }
        catch (Exception e) when (StorageError.IsOutage(e) || e is JsonException or OperationCanceledException)
        {
            // A parser's message may quote the secret.
            var reason = e is JsonException ? "the secret is not a stored connection" : StorageError.Describe(e);
            if (before is { Error: null } && IsValid(before))
            {
                Log.NotReadAgain(logger, kind.Vendor, reason);
                return before with { AskedAt = time.GetUtcNow(), IsNewest = false };
            }

            Log.NotRead(logger, kind.Vendor, reason);
            return Read(null, $"could not read the stored {kind.Vendor} connection");
        }
    }

    private Known Read(T? credential, string? error)
    {
        var now = time.GetUtcNow();
        return new Known(credential, error, now, now + (credential is null ? AskAgainAfter : MaxAge));
    }

    /// <param name="AskedAt">When the store was last asked, with or without an answer.</param>
    private sealed record Known(T? Credential, string? Error, DateTimeOffset AskedAt, DateTimeOffset Until)
    {
        public bool IsNewest { get; init; } = true;

        public T? Get() => Error is null ? Credential : throw new CredentialUnreadableException(Error);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Could not read the stored {Vendor} connection. Calls to {Vendor} wait; will retry in seconds: {Reason}")]
        public static partial void NotRead(ILogger logger, string vendor, string reason);

        [LoggerMessage(2, LogLevel.Warning, "Could not read whether another {Vendor} connection is stored by now. The known one is used: {Reason}")]
        public static partial void NotReadAgain(ILogger logger, string vendor, string reason);
    }
}
