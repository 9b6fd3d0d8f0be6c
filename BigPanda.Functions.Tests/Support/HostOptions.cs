using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Support;

/// <summary>What every host of a test has: free ports, a folder of its own, tables in memory, and no timer that runs by its schedule.</summary>
internal static class HostOptions
{
    public static LocalHostOptions In(string folder) => new() { Port = 0, SimulatorPort = 0, DataDirectory = folder, InMemoryTables = true, RunsTimers = false };
}
