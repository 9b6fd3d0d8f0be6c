namespace BigPanda.LocalHost.Hosting;

/// <summary>The app's configuration: this host's values, overridden by the caller's settings, overridden by the environment.</summary>
internal static class AppSettings
{
    public static IConfigurationRoot Build(LocalHostOptions options, string storageConnection, Uri? simulatorUrl, Uri? pagerDutyUrl = null)
    {
        var known = new Dictionary<string, string?> { ["StorageConnection"] = storageConnection };
        // The address a key is checked at when PUT /connection names none.
        if ((options.BigPandaUrl ?? simulatorUrl) is { } url)
            known["BigPanda:ApiBaseUrl"] = Address(url);
        if (pagerDutyUrl is not null)
        {
            known["PagerDuty:Mode"] = "on";
            known["PagerDuty:EventsBaseUrl"] = known["PagerDuty:RestBaseUrl"] = Address(pagerDutyUrl);
        }

        if (options.SignsIn)
        {
            known["Console:SignIn"] = "entra";
            known["Console:TenantId"] = PlatformSignIn.Tenant.ToString();
            known["WEBSITE_AUTH_ENABLED"] = "true";
        }

        return new ConfigurationBuilder()
            .AddInMemoryCollection(known)
            .AddInMemoryCollection(options.Settings.Select(
                setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value)))
            .AddEnvironmentVariables()
            .Build();
    }

    public static string Address(Uri url) => url.AbsoluteUri.TrimEnd('/');
}
