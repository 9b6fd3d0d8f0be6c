using System.Text.Json;
using BigPanda.Functions.Outbound.Credentials;

namespace BigPanda.LocalHost.Hosting;

internal static class StoredConnection
{
    /// <summary>Reads a connection of the data folder, which a person may have changed.</summary>
    public static async Task<T?> ReadAsync<T>(this ICredentialStore<T> store, string fileName, string vendor, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await store.ReadAsync(cancellationToken);
        }
        catch (JsonException)
        {
            throw new LocalHostException($"{fileName} in the data folder is not a valid connection to {vendor}. Delete it and connect again.");
        }
    }
}
