namespace BigPanda.Functions.BigPandaApi;

/// <summary>Where the API key is kept: Key Vault in Azure, a file of its owner's on a developer's machine.</summary>
public interface IApiCredentialStore
{
    /// <returns>Null when none is stored.</returns>
    Task<ApiCredential?> ReadAsync(CancellationToken cancellationToken);

    /// <param name="expiresOn">When BigPanda lets the key expire, if that is known.</param>
    Task WriteAsync(ApiCredential credential, DateTimeOffset? expiresOn, CancellationToken cancellationToken);

    Task DeleteAsync(CancellationToken cancellationToken);
}
