using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;

namespace BigPanda.Functions.Storage;

/// <summary>The credential of an identity-based connection, from the same settings the Functions host reads: <c>clientId</c> names a user-assigned identity.</summary>
internal static class AzureCredential
{
    public static TokenCredential For(IConfigurationSection connection) =>
        connection["clientId"] is { Length: > 0 } clientId
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
            : new DefaultAzureCredential();
}

/// <summary>The app cannot start: a setting it needs is not there.</summary>
public sealed class ConfigurationMissingException(string setting) : Exception($"The setting {setting} is missing.");
