using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;

namespace BigPanda.Functions.Storage;

/// <summary>The credential of an identity-based connection. As for the Functions host, <c>clientId</c> selects a user-assigned identity.</summary>
internal static class AzureCredential
{
    public static TokenCredential For(IConfigurationSection connection) =>
        connection["clientId"] is { Length: > 0 } clientId
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
            : new DefaultAzureCredential();
}

/// <summary>The app cannot start: a required setting is missing.</summary>
public sealed class ConfigurationMissingException(string setting) : Exception($"The setting {setting} is missing.");
