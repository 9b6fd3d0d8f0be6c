using BigPanda.LocalHost.Hosting;
using Microsoft.Extensions.Logging;

namespace BigPanda.Benchmarks.Listing;

internal static class BenchHost
{
    public static Task<LocalFunctionsHost> StartAsync(string folder, CancellationToken cancellationToken) => LocalFunctionsHost.StartAsync(
        new LocalHostOptions
        {
            Port = 0,
            SimulatorPort = 0,
            DataDirectory = folder,
            InMemoryTables = true,
            ConfigureLogging = logging => logging.SetMinimumLevel(LogLevel.Error),
        },
        cancellationToken);
}
