using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Storage;

/// <summary>Makes a client from a connection's settings, which are those the Functions host reads: a connection string, or an address reached with an identity.</summary>
internal static class AzureConnection
{
    public static T Connect<T>(
        IConfigurationSection connection, string addressSetting, Func<string, T> byConnectionString, Func<string, TokenCredential, T> byIdentity)
    {
        var name = connection.Key;
        try
        {
            if (connection.Value is { Length: > 0 } connectionString) return byConnectionString(connectionString);
            if (connection[addressSetting] is { Length: > 0 } address) return byIdentity(address, AzureCredential.For(connection));
        }
        catch (Exception)
        {
            // The clients refuse a connection string with exceptions of several types, and their text may hold the key that is in it.
            throw new OptionsValidationException(name, typeof(T), [$"The setting {name} must be a connection string, or {name}__{addressSetting} an address: this one is neither."]);
        }

        throw new ConfigurationMissingException($"{name}__{addressSetting} (or a connection string in {name})");
    }
}
