namespace BigPanda.LocalHost.Hosting;

/// <summary>The app's configuration: what this host knows, below the caller's settings, below the environment.</summary>
internal static class AppSettings
{
    private const string ApiKey = "BigPanda:ApiKey";

    // Where a stand-in of the user's own may answer when there is no simulator; never BigPanda itself with a made-up key.
    private static readonly Uri NoBigPanda = new("http://localhost:7072");

    public static IConfigurationRoot Build(LocalHostOptions options, LocalSecrets secrets, string storageConnection, Uri? simulatorUrl)
    {
        var given = Compose(options, []);
        var known = new Dictionary<string, string?>
        {
            ["StorageConnection"] = storageConnection,
        };
        foreach (var (key, value) in BigPanda(options, given, secrets, simulatorUrl))
            known[key] = value;
        return Compose(options, known);
    }

    private static Dictionary<string, string?> BigPanda(
        LocalHostOptions options, IConfigurationRoot given, LocalSecrets secrets, Uri? simulatorUrl)
    {
        var hasKey = !string.IsNullOrWhiteSpace(given[ApiKey]);
        if (options.BigPandaUrl is { } url)
        {
            return hasKey
                ? new() { ["BigPanda:ApiBaseUrl"] = Address(url) }
                : throw new LocalHostException($"Set the environment variable BigPanda__ApiKey to an API key for {url}.");
        }

        if (simulatorUrl is null && hasKey)
            return [];
        return new() { [ApiKey] = secrets.SimulatorKey, ["BigPanda:ApiBaseUrl"] = Address(simulatorUrl ?? NoBigPanda) };
    }

    private static string Address(Uri url) => url.AbsoluteUri.TrimEnd('/');

    private static IConfigurationRoot Compose(LocalHostOptions options, Dictionary<string, string?> known) => new ConfigurationBuilder()
        .AddInMemoryCollection(known)
        .AddInMemoryCollection(options.Settings.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value)))
        .AddEnvironmentVariables()
        .Build();
}
