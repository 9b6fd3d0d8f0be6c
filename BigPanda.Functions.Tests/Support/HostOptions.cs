using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Support;

/// <summary>Options of every test host: free ports, a separate folder, tables in memory, and no timer that runs on its schedule.</summary>
internal static class HostOptions
{
    public static LocalHostOptions In(string folder) =>
        new() { Port = 0, SimulatorPort = 0, DataDirectory = folder, InMemoryTables = true, RunsTimers = false };
}
