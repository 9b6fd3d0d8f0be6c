using System.Text.Json;
using BigPanda.Functions.Outbound.Credentials;

namespace BigPanda.LocalHost.Hosting;

/// <summary>Keeps the BigPanda API key in a file that only its owner may read, in place of Key Vault.</summary>
internal sealed class ProtectedFileStore(string folder) : IApiCredentialStore
{
    public const string FileName = "connection.json";

    private readonly string _path = Path.Combine(folder, FileName);

    public async Task<ApiCredential?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(_path);
            return await JsonSerializer.DeserializeAsync(file, ApiCredentialJson.Default.ApiCredential, cancellationToken) ?? throw new JsonException("null");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    public Task WriteAsync(ApiCredential credential, DateTimeOffset? expiresOn, CancellationToken cancellationToken)
    {
        PrivateFile.Write(_path, credential, ApiCredentialJson.Default.ApiCredential);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(CancellationToken cancellationToken)
    {
        File.Delete(_path);
        return Task.CompletedTask;
    }
}
