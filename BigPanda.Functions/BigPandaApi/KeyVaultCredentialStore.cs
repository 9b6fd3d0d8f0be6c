using System.Text.Json;
using Azure;
using Azure.Security.KeyVault.Secrets;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>The API key as a secret of Key Vault. A change is a new version, and disables those before it.</summary>
internal sealed partial class KeyVaultCredentialStore(SecretClient vault, ILogger<KeyVaultCredentialStore> logger) : IApiCredentialStore
{
    public const string SecretName = "bigpanda-connection";

    public async Task<ApiCredential?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var secret = await AskAsync(() => vault.GetSecretAsync(SecretName, cancellationToken: cancellationToken));
            return JsonSerializer.Deserialize(secret.Value.Value, ApiCredentialJson.Default.ApiCredential) ?? throw new JsonException("null");
        }
        catch (RequestFailedException e) when (e.Status == 404 || IsDisabled(e))
        {
            return null;
        }
    }

    public async Task WriteAsync(ApiCredential credential, DateTimeOffset? expiresOn, CancellationToken cancellationToken)
    {
        var secret = new KeyVaultSecret(SecretName, JsonSerializer.Serialize(credential, ApiCredentialJson.Default.ApiCredential))
        {
            Properties = { ContentType = "application/json", ExpiresOn = expiresOn },
        };
        KeyVaultSecret stored;
        try
        {
            stored = await AskAsync(() => vault.SetSecretAsync(secret, cancellationToken));
        }
        catch (RequestFailedException e) when (StorageError.IsConflict(e))
        {
            // A deleted secret keeps its name until it is purged: it has to come back before it can change.
            var recovery = await vault.StartRecoverDeletedSecretAsync(SecretName, cancellationToken);
            await AskAsync(async () => await recovery.WaitForCompletionAsync(cancellationToken));
            stored = await AskAsync(() => vault.SetSecretAsync(secret, cancellationToken));
        }

        try
        {
            // By the vault's clock: a version that another instance made after ours is not ours to disable.
            await DisableAsync(version => version.CreatedOn < stored.Properties.CreatedOn, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (e is RequestFailedException || StorageError.IsOutage(e)))
        {
            // The new key counts all the same, and the next change disables what is left.
            Log.NotDisabled(logger, StorageError.Describe(e));
        }
    }

    /// <summary>Disabled first: a deleted secret comes back as it was, for a moment, when another key is connected.</summary>
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await DisableAsync(_ => true, cancellationToken);
            var deletion = await vault.StartDeleteSecretAsync(SecretName, cancellationToken);
            await deletion.WaitForCompletionAsync(cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // There is none.
        }
    }

    private async Task DisableAsync(Predicate<SecretProperties> which, CancellationToken cancellationToken)
    {
        await foreach (var version in vault.GetPropertiesOfSecretVersionsAsync(SecretName, cancellationToken))
        {
            if (version.Enabled == false || !which(version)) continue;
            version.Enabled = false;
            await vault.UpdateSecretPropertiesAsync(version, cancellationToken);
        }
    }

    /// <summary>A call that carries the key: what the vault answers may repeat it, and the client puts the answer into its exception's text.</summary>
    private static async Task<T> AskAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (RequestFailedException e) when (e.Status > 0)
        {
            throw new RequestFailedException(e.Status, $"Key Vault answered {StorageError.Describe(e)}{(IsDisabled(e) ? ", SecretDisabled" : "")}.", e.ErrorCode, null);
        }
    }

    /// <summary>Key Vault tells this by an inner code alone, which the client has no property for.</summary>
    private static bool IsDisabled(RequestFailedException e) => e.Status == 403 && e.Message.Contains("SecretDisabled", StringComparison.Ordinal);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Earlier versions of the BigPanda API key are still enabled in the vault: {Reason}")]
        public static partial void NotDisabled(ILogger logger, string reason);
    }
}
