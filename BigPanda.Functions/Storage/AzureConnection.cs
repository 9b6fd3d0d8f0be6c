using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Storage;

/// <summary>Makes a client from the settings that the Functions host reads too: a connection string, or an address and an identity.</summary>
internal static class AzureConnection
{
    public static T Connect<T>(
        IConfigurationSection connection, AddressSetting address, Func<string, T> byConnectionString, Func<string, TokenCredential, T> byIdentity)
    {
        var name = connection.Key;
        var addressName = $"{name}__{address.Name}";
        if (connection.Value is { Length: > 0 } connectionString)
            return Make(() => byConnectionString(connectionString), $"The setting {name} must be a valid connection string, or {addressName} a valid address.");
        if (connection[address.Name] is not { Length: > 0 } value) throw new ConfigurationMissingException($"{addressName} (or a connection string in {name})");
        var fault = $"The setting {addressName} must be {address.Description}.";
        if (!address.IsUsable(value)) throw Fault<T>(fault);
        return Make(() => byIdentity(value, AzureCredential.For(connection)), fault);
    }

    /// <summary>The clients throw exceptions of several types, whose text may hold the key in the connection string.</summary>
    private static T Make<T>(Func<T> make, string fault)
    {
        try
        {
            return make();
        }
        catch (Exception)
        {
            throw Fault<T>(fault);
        }
    }

    private static OptionsValidationException Fault<T>(string fault) => new(typeof(T).Name, typeof(T), [fault]);
}

/// <summary>The setting that holds a connection's address. A client may take nonsense and refuse it at its first call only.</summary>
/// <param name="Description">What it must be, as the end of a sentence.</param>
internal sealed record AddressSetting(string Name, string Description, Predicate<string> IsUsable);

/// <summary>Whether a setting is an address and nothing else: a user name or a query could hold a secret, which would be logged with it.</summary>
internal static class ServiceAddress
{
    /// <param name="mayBeLocal">http, to this machine.</param>
    public static bool IsUrl(string text, bool mayBeLocal = false, bool mayHavePath = false) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || (mayBeLocal && url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
        && IsBare(url) && (mayHavePath || url.AbsolutePath == "/");

    /// <summary>A namespace's host name; the clients take its address, too.</summary>
    public static bool IsNamespace(string text)
    {
        var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "sb" or "amqps" or "https";
        if (isUrl && url is not null && !(IsBare(url) && url.AbsolutePath == "/")) return false;
        var host = isUrl && url is not null ? url.Host : text;
        return Uri.CheckHostName(host) != UriHostNameType.Unknown && (host.Trim('.').Contains('.') || host == "localhost");
    }

    /// <summary>Every endpoint that a storage connection string names.</summary>
    public static bool HasUsableEndpoints(string connectionString) =>
        connectionString.Split(';').Select(part => part.Split('=', 2)).All(setting =>
            setting is not [var name, var value] || !name.Trim().EndsWith("Endpoint", StringComparison.OrdinalIgnoreCase)
            || (Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && IsBare(url)));

    private static bool IsBare(Uri url) => url.Host.Trim('.').Length > 0 && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0;
}
