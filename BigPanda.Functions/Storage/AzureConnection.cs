using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Storage;

/// <summary>Makes a client from the settings that the Functions host reads too: a connection string, or an address and an identity.</summary>
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
            // The clients throw exceptions of several types, whose text may hold the key in the connection string.
            var error = $"The setting {name} must be a valid connection string, or {name}__{addressSetting} a valid address.";
            throw new OptionsValidationException(name, typeof(T), [error]);
        }

        throw new ConfigurationMissingException($"{name}__{addressSetting} (or a connection string in {name})");
    }
}
