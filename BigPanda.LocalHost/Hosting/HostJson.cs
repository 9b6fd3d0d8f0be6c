namespace BigPanda.LocalHost.Hosting;

/// <summary>The settings of host.json that this host applies, with the Functions host's defaults.</summary>
internal sealed record HostJson
{
    public string RoutePrefix { get; init; } = "api";
    public int MaxConcurrentSessions { get; init; } = 8;
    public TimeSpan? SessionIdleTimeout { get; init; }
    public TimeSpan MaxAutoLockRenewalDuration { get; init; } = TimeSpan.FromMinutes(5);
    public bool AutoCompleteMessages { get; init; } = true;

    public static HostJson Read(string path)
    {
        if (!File.Exists(path))
            throw new LocalHostException($"{path} is missing: build the solution again.");

        var file = ReadFile(path);
        var http = file.GetSection("extensions:http");
        var bus = file.GetSection("extensions:serviceBus");
        var silent = new HostJson();
        return new HostJson
        {
            RoutePrefix = http["routePrefix"] ?? silent.RoutePrefix,
            MaxConcurrentSessions = bus.GetValue("maxConcurrentSessions", silent.MaxConcurrentSessions),
            SessionIdleTimeout = bus.GetValue<TimeSpan?>("sessionIdleTimeout"),
            MaxAutoLockRenewalDuration = bus.GetValue("maxAutoLockRenewalDuration", silent.MaxAutoLockRenewalDuration),
            AutoCompleteMessages = bus.GetValue("autoCompleteMessages", silent.AutoCompleteMessages),
        };
    }

    private static IConfigurationRoot ReadFile(string path)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(path), optional: false, reloadOnChange: false).Build();
        }
        catch (InvalidDataException malformed)
        {
            throw new LocalHostException($"{path} is not valid JSON: {(malformed.InnerException ?? malformed).Message}");
        }
    }
}
