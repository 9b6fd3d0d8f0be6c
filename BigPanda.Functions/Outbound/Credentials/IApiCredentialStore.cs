namespace BigPanda.Functions.Outbound.Credentials;

/// <summary>Stores one destination's API key: in Key Vault in Azure, in a file readable by its owner alone on a developer's machine.</summary>
public interface IApiCredentialStore
{
    /// <returns>Null when none is stored.</returns>
    Task<ApiCredential?> ReadAsync(CancellationToken cancellationToken);

    /// <param name="expiresOn">The key's expiry, if known.</param>
    Task WriteAsync(ApiCredential credential, DateTimeOffset? expiresOn, CancellationToken cancellationToken);

    Task DeleteAsync(CancellationToken cancellationToken);
}
