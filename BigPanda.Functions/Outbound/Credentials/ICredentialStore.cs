namespace BigPanda.Functions.Outbound.Credentials;

/// <summary>Stores one vendor's credential: in Key Vault in Azure, in a file readable by its owner alone on a developer's machine.</summary>
public interface ICredentialStore<T>
    where T : class
{
    /// <returns>Null when none is stored.</returns>
    Task<T?> ReadAsync(CancellationToken cancellationToken);

    /// <param name="expiresOn">The key's expiry, if known.</param>
    Task WriteAsync(T credential, DateTimeOffset? expiresOn, CancellationToken cancellationToken);

    Task DeleteAsync(CancellationToken cancellationToken);
}
