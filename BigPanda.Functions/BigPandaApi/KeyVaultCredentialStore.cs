using System.Text.Json;
using Azure;
using Azure.Security.KeyVault.Secrets;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>The API key as a secret of Key Vault; a change is a new version.</summary>
internal sealed class KeyVaultCredentialStore(SecretClient vault) : IApiCredentialStore
{
    public const string SecretName = "bigpanda-connection";

    private const string DisabledCode = "SecretDisabled";

    public async Task<ApiCredential?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var secret = await vault.GetSecretAsync(SecretName, cancellationToken: cancellationToken);
            return JsonSerializer.Deserialize(secret.Value.Value, ApiCredentialJson.Default.ApiCredential) ?? throw new InvalidDataException($"The secret {SecretName} holds no connection.");
        }
        catch (RequestFailedException e) when (e.Status == 404 || e.ErrorCode == DisabledCode)
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
        try
        {
            await vault.SetSecretAsync(secret, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            // A deleted secret keeps its name until it is purged: it has to come back before it can change.
            var recovery = await vault.StartRecoverDeletedSecretAsync(SecretName, cancellationToken);
            await recovery.WaitForCompletionAsync(cancellationToken);
            await vault.SetSecretAsync(secret, cancellationToken);
        }
    }

    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            var deletion = await vault.StartDeleteSecretAsync(SecretName, cancellationToken);
            await deletion.WaitForCompletionAsync(cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // There is none.
        }
    }
}
