using Azure;
using Azure.Security.KeyVault.Secrets;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Outbound.Credentials;

/// <summary>Stores the credential as a Key Vault secret. A change adds a version and disables the earlier ones.</summary>
internal sealed partial class KeyVaultCredentialStore<T>(CredentialKind<T> kind, SecretClient vault, ILogger<KeyVaultCredentialStore<T>> logger)
    : ICredentialStore<T>
    where T : class
{
    private readonly string _name = kind.SecretName;

    public async Task<T?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var secret = await AskAsync(() => vault.GetSecretAsync(_name, cancellationToken: cancellationToken));
            return kind.Read(secret.Value.Value);
        }
        catch (RequestFailedException e) when (e.Status == 404 || IsDisabled(e))
        {
            return null;
        }
    }

    public async Task WriteAsync(T credential, DateTimeOffset? expiresOn, CancellationToken cancellationToken)
    {
        var secret = new KeyVaultSecret(_name, kind.Write(credential))
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
            // A deleted secret keeps its name until it is purged, so it has to be recovered before it can change.
            var recovery = await vault.StartRecoverDeletedSecretAsync(_name, cancellationToken);
            await AskAsync(async () => await recovery.WaitForCompletionAsync(cancellationToken));
            stored = await AskAsync(() => vault.SetSecretAsync(secret, cancellationToken));
        }

        try
        {
            // By the vault's clock: a later version of another instance stays enabled.
            await DisableAsync(version => version.CreatedOn < stored.Properties.CreatedOn, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageError.IsOutageOrRefusal(e))
        {
            // The new key is stored and used; the next change disables what is left.
            Log.NotDisabled(logger, kind.Vendor, StorageError.Describe(e));
        }
    }

    /// <summary>Disables before deleting: a deleted secret is recovered as it was when another key is connected.</summary>
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await DisableAsync(_ => true, cancellationToken);
            var deletion = await vault.StartDeleteSecretAsync(_name, cancellationToken);
            await deletion.WaitForCompletionAsync(cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Nothing is stored.
        }
    }

    private async Task DisableAsync(Predicate<SecretProperties> which, CancellationToken cancellationToken)
    {
        await foreach (var version in vault.GetPropertiesOfSecretVersionsAsync(_name, cancellationToken))
        {
            if (version.Enabled == false || !which(version)) continue;
            version.Enabled = false;
            await vault.UpdateSecretPropertiesAsync(version, cancellationToken);
        }
    }

    /// <summary>For calls that carry the key: the client puts the vault's response, which may repeat the key, into the exception's text.</summary>
    private static async Task<TAnswer> AskAsync<TAnswer>(Func<Task<TAnswer>> call)
    {
        try
        {
            return await call();
        }
        catch (RequestFailedException e) when (e.Status > 0)
        {
            var disabled = IsDisabled(e) ? ", SecretDisabled" : "";
            throw new RequestFailedException(e.Status, $"Key Vault returned {StorageError.Describe(e)}{disabled}.", e.ErrorCode, null);
        }
    }

    /// <summary>Key Vault reports this only by an inner code that the client has no property for.</summary>
    private static bool IsDisabled(RequestFailedException e) => e.Status == 403 && e.Message.Contains("SecretDisabled", StringComparison.Ordinal);

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Warning,
            "Could not disable earlier versions of the {Vendor} connection in Key Vault; the new one is used. Store the keys again: {Reason}")]
        public static partial void NotDisabled(ILogger logger, string vendor, string reason);
    }
}
