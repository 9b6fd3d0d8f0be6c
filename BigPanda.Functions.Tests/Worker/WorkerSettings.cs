namespace BigPanda.Functions.Tests.Worker;

/// <summary>The settings that a worker needs to start; their addresses lead nowhere.</summary>
internal static class WorkerSettings
{
    private static readonly Dictionary<string, string> Complete = new()
    {
        ["StorageConnection__tableServiceUri"] = "https://tables.example.com",
        ["ServiceBusConnection__fullyQualifiedNamespace"] = "bus.example.com",
        ["KeyVaultUri"] = "https://vault.example.com/",
        [ServiceBusExtension.StandInAllowed] = "1",
    };

    public static IReadOnlyDictionary<string, string> With(params IEnumerable<(string Name, string Value)> changes)
    {
        var settings = new Dictionary<string, string>(Complete);
        foreach (var (name, value) in changes) settings[name] = value;
        return settings;
    }

    public static IReadOnlyDictionary<string, string> Without(string name) => Complete.Where(setting => setting.Key != name).ToDictionary();
}
