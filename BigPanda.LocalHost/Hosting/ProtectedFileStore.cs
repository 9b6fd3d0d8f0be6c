using System.Text.Json;
using BigPanda.Functions.Outbound.Credentials;

namespace BigPanda.LocalHost.Hosting;

/// <summary>Keeps a vendor's keys in a file that only its owner may read, in place of Key Vault.</summary>
internal sealed class ProtectedFileStore<T>(string folder, string fileName, CredentialKind<T> kind) : ICredentialStore<T>
    where T : class
{
    private readonly string _path = Path.Combine(folder, fileName);

    public async Task<T?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(_path);
            return await JsonSerializer.DeserializeAsync(file, kind.Json(), cancellationToken) ?? throw new JsonException("null");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    public Task WriteAsync(T credential, DateTimeOffset? expiresOn, CancellationToken cancellationToken)
    {
        PrivateFile.Write(_path, credential, kind.Json());
        return Task.CompletedTask;
    }

    public Task DeleteAsync(CancellationToken cancellationToken)
    {
        File.Delete(_path);
        return Task.CompletedTask;
    }
}
