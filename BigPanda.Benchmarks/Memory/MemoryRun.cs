using System.Globalization;
using BigPanda.Benchmarks.Load;
using BigPanda.Benchmarks.Servers;
using BigPanda.Benchmarks.Support;

namespace BigPanda.Benchmarks.Memory;

/// <summary>
/// Sends a million webhooks, each for a new incident, through the local host's queue. Nothing is applied, because alerts would be in
/// the tables and this measures what stays in the host's memory.
/// </summary>
internal static class MemoryRun
{
    private const int Steps = 20;
    private static readonly LoadPlan Step = new(50_000, TimeSpan.FromMinutes(5));

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var folder = new ScratchFolder();
        await using var server = await ServerProcess.StartAsync("drain", folder.Path, cancellationToken);
        Console.WriteLine($"{Machine.Describe()}\n\n{"incidents",10}{"RSS MB",9}{"req/s",9}{"refused",9}");
        List<double> resident = [];
        for (var step = 1; step <= Steps && !cancellationToken.IsCancellationRequested; step++)
        {
            var load = LoadGenerator.Run(server.Target, Step);
            resident.Add(server.ResidentBytes / (1024.0 * 1024.0));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{step * Step.Requests,10:N0}{resident[^1],9:0}{load.PerSecond,9:N0}{load.Failed,9}"));
        }

        // The first quarter fills heaps, buffers and the duplicate window.
        var (early, late) = (Statistics.Median(resident.Skip(Steps / 4).Take(Steps / 4)), Statistics.Median(resident.TakeLast(Steps / 4)));
        return Bar.Print([
            Bar.NoMoreThan("peak memory", resident.Max(), 300, " MB"),
            Bar.NoMoreThan("the last quarter's against the second's", late / early, 1.2),
        ]);
    }
}
