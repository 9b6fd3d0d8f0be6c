namespace BigPanda.LocalHost.Hosting;

/// <summary>The app's configuration: what this host knows, below the caller's settings, below the environment.</summary>
internal static class AppSettings
{
    public static IConfigurationRoot Build(LocalHostOptions options, string storageConnection, Uri? simulatorUrl)
    {
        var known = new Dictionary<string, string?> { ["StorageConnection"] = storageConnection };
        // What a key is checked at when connecting it names no address.
        if ((options.BigPandaUrl ?? simulatorUrl) is { } url)
            known["BigPanda:ApiBaseUrl"] = Address(url);
        return new ConfigurationBuilder()
            .AddInMemoryCollection(known)
            .AddInMemoryCollection(options.Settings.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value)))
            .AddEnvironmentVariables()
            .Build();
    }

    public static string Address(Uri url) => url.AbsoluteUri.TrimEnd('/');
}
