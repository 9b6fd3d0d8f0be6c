namespace BigPanda.Functions.Outbound.Credentials;

/// <summary>Where the calls of an API find the key of the moment.</summary>
/// <param name="GetAsync">Returns null when none is stored.</param>
/// <param name="GetNewestAsync">The same, of what another instance may just have stored.</param>
/// <param name="Expire">Called after a 401: another instance may have replaced the key.</param>
/// <param name="Missing">What to do when none is stored, for people.</param>
public sealed record CredentialSource(
    Func<CancellationToken, ValueTask<ApiCredential?>> GetAsync, Func<CancellationToken, ValueTask<ApiCredential?>> GetNewestAsync, Action Expire,
    string Missing)
{
    /// <param name="select">Returns the API's key out of the vendor's credential; null when it has none.</param>
    public static CredentialSource Of<T>(CredentialCache<T> cache, Func<T, ApiCredential?> select, string missing)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(cache);
        return new CredentialSource(
            async cancellationToken => await cache.GetAsync(cancellationToken) is { } stored ? select(stored) : null,
            async cancellationToken => (await cache.GetNewestAsync(cancellationToken)).Credential is { } stored ? select(stored) : null,
            cache.Expire,
            missing);
    }
}
